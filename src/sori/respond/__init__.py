"""Stage 3, Respond: conversations, cases, clocks, and answers that arrive exactly once."""
