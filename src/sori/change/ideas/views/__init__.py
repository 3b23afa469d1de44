"""Pages of ideas: the portal that everybody sees, and the desk."""
