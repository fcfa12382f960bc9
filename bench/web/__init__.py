"""Requests over HTTP: a world to ask, a bare one beside it, and a load of visitors."""
