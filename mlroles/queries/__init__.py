"""Queries: a data set in, an Answer out. They print nothing and know no format."""
