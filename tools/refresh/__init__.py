"""Build the bundled data from public files: one module for each source."""
