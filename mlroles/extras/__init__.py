"""What needs an extra package: imports, pictures, documents and tools for agents."""
