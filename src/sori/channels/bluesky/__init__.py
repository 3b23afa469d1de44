"""Bluesky: settings, sessions, calls, posts, and the bytes that mark links and names in them."""
