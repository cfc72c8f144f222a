"""Bytes to Thai text with pages and quality, then to letter fields."""
