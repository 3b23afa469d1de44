"""You said, we changed: small public stories made from initiatives."""
