"""Changes the company considers, decides and makes, with the sentences that asked for them."""
