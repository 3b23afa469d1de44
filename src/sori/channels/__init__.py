"""Two-way doors to the places where people talk; one file a channel."""
