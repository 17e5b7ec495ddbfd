"""Data sets: reading, validating and writing them."""
