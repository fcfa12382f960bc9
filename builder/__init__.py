"""Edits definitions: drafts, the designer, publishing and the back office."""
