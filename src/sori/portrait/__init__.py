"""All that is known about one person: their page, taking it out of the house, forgetting it."""
