"""Reaches outside: every plugin sees `contract` and the definitions' model, and nothing else."""
