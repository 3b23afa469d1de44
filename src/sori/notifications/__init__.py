"""What colleagues are told: of what, by which way, when, and what they follow."""
