"""The reading room: figures and charts read from the lake and the journal; it has no tables."""
