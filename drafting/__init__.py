"""Drafting: the summary of a letter and the memo in the office's own form."""

from drafting.memo import draft_memo
from drafting.request import DraftRequest, EarlierMatter

__all__ = ["DraftRequest", "EarlierMatter", "draft_memo"]
