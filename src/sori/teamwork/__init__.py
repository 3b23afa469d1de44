"""Work across departments: what one asks of another inside a case, with a clock of its own."""
