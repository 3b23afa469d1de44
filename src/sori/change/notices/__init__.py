"""Say it first: what people will ask is told before they ask."""
