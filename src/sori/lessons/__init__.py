"""What people teach the machine: corrected labels, and own heads learned from them."""
