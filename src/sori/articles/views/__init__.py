"""Pages of articles: the desk's, and the public help centre."""
