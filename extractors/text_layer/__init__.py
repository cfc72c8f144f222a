"""The text layer of one PDF page through PDFium, rebuilt from where each character stands."""

from extractors.text_layer.layer import Layer, raw_text, read_layer, rebuilt_text

__all__ = ["Layer", "raw_text", "read_layer", "rebuilt_text"]
