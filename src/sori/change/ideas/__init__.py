"""What customers and employees propose: the public portal, votes, and who speaks for whom."""
