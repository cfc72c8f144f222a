"""An embedded office in a scratch folder, with sample letters."""
