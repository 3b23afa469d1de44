"""Stage 4: what many say becomes a theme, what grows becomes a surge, and the company acts."""
