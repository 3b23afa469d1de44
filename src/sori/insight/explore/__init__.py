"""The explorer: pick mentions by any mark they carry, and see when, what about, where and who."""
