"""Digits on scans: our own recogniser of ๐–๙ and 0–9, which Tesseract's Thai models lack."""
