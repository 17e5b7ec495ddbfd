"""Queries: a data set in, an answer out."""
