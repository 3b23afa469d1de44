"""Our own web chat: a window on the company's pages, answered live, and by mail after that."""
