"""Makes the store's fixtures known in this folder."""

from tests.store.fixtures import sqlite_town, store, town

__all__ = ["sqlite_town", "store", "town"]
