"""The pages of macros and rules."""
