"""Outlook's own forms of a mail: `.msg` files and `winmail.dat`, read as what they are: MAPI."""
