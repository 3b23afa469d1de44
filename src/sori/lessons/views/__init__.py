"""What members see and send: the palette, the random check, the versions."""
