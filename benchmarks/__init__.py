"""Side-by-side measurements: one command each, ratios, never a timed test."""
