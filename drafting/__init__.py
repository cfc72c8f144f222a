"""Fields to summary and memo: chooses the form, fills and renders it."""
