"""The front door: settings, addresses, the page frame, live updates, translations."""
