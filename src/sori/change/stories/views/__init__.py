"""Pages of stories: those of the desk, and the public ones."""
