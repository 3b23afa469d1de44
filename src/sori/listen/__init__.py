"""Stage 1, Listen: pull every source with a cursor, match, and count every single item."""
