"""X: settings, calls, what may still be spent, posts, the stream, and how long a post may be."""
