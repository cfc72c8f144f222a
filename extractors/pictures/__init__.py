"""Pictures of pages with what was read drawn on them, for a clerk or developer."""
