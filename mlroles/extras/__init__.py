"""What needs an extra package: imports and pictures."""
