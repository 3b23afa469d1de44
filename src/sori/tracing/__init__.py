"""From any mention to where it went, and from any initiative to every sentence; nothing is lost."""
