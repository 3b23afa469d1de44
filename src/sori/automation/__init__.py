"""What the desk does by itself: macros that a member runs, and rules that run on what happens."""
