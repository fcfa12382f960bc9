"""Runs services: pure decisions in `engine`, the database in `store`, HTTP in `web`."""
