"""A person's own applications."""
