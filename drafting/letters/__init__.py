"""The letters the office writes: to complainants and to agencies, in the office's own words."""

from drafting.letters.composing import compose_letter
from drafting.letters.request import LetterRequest, OwnLetter, WrittenLetter

__all__ = ["LetterRequest", "OwnLetter", "WrittenLetter", "compose_letter"]
