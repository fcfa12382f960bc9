"""The pages of staff: what waits for them, and one case at a time."""
