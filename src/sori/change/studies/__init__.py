"""Before a launch: what people say they need, gathered for one question."""
