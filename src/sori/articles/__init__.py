"""Articles: what the company knows, written once, for its own desk and for everybody."""
