"""The pages of people: the list, one person, and what a member can do with what is known."""
