"""Writers of the mail forms that no library writes: `.msg`, `winmail.dat`, CMS."""
