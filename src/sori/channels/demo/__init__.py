"""The demo company's customers: a channel that needs no network and invents what it says."""
