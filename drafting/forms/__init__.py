"""The office's forms described in code; `python -m drafting.forms` builds `templates/*.docx`."""
