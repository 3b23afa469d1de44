"""Rooms on a Matrix server: what is said there, edited there and taken back there."""
