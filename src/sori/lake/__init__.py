"""Every mention ever heard, with its meaning, in columns. No Django here."""
