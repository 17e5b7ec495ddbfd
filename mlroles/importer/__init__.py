"""Importing pay records: records in, pay distributions out."""
