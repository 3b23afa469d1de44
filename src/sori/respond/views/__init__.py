"""The pages of the inbox: the list, one case, and what a member can do with it."""
