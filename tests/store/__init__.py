"""Tests of the store, each on both kinds of database unless it speaks of files or keys only."""
