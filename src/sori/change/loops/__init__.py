"""Closing the loop: everybody who raised something is told once what became of it."""
