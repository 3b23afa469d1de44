"""Stage 2, Understand: say what a mention means. Arrow in, Arrow out; no Django, no network."""
