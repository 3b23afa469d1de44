"""Mastodon and what speaks like it: settings, calls, statuses, and how long they may be."""
