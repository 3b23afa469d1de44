"""Sori (소리): listen wherever customers talk, understand, respond together, and change."""

__version__ = "0.1.0"
