"""What a window asks for, and what members see of the chat."""
