"""Rows out of files: JSON lines, CSV and spreadsheets, plain or packed."""
