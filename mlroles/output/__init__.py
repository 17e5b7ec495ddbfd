"""Output: an answer in, text or a picture out."""
