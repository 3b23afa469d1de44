"""What the `sori` command can do; one module a verb, nothing heavy imported until it runs."""
