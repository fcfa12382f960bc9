"""What the product does, told as tests: one folder a part."""
