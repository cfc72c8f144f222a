"""Text and fields to category and sub-category, or an honest abstention."""
