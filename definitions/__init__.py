"""What a service is: the definition language, its reader, its checks and its combination.

Pure by rule: no Flask, no database, no network and no clock of its own. What it needs comes in as
arguments, what it finds goes out as values. `tests/test_architecture.py` holds it to that.
"""
