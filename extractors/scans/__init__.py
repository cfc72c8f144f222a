"""Page images read: ink, ruled lines, lines of text, and the engine that recognises a line."""
