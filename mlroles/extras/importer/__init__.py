"""Import pay records: records in, pay distributions out. Needs the extra `import`."""
