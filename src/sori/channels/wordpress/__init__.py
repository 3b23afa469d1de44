"""A WordPress site: its posts and what people write below them."""
