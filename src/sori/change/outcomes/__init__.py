"""Whether what people complained of became rarer after a change, and how sure that is."""
