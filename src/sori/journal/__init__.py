"""The append-only log of everything that happened; audit, figures and live updates read it."""
