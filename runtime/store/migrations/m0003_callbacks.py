"""What systems outside tell by themselves: which message was heard, which delivery it is about."""


def statements(blob: str) -> list[str]:
    """The table, and the way from a handle to its delivery."""
    return [
        """CREATE TABLE callback (
            connector TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (connector, message))""",
        "CREATE INDEX callback_by_time ON callback (at)",
        "CREATE INDEX delivery_of_handle ON delivery (handle)",
    ]
