"""One module per file format; each yields the pages of one file."""
