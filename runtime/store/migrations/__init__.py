"""The steps from an empty database to today's: forward only, never changed once released.

A step is a module `mNNNN_name.py` with `statements(blob) -> list of SQL`, where `blob` is the
database's type for bytes. What a statement says must hold on SQLite and PostgreSQL alike.
"""
