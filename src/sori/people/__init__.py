"""Who speaks: a person, and the accounts they speak from."""
