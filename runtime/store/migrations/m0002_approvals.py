"""What runs after sending: who works where, what is to be done by whom, what must go out.

`task` and `deed` are read off the history so that a list answers at once; `delivery` is the
ledger: what it holds goes out, whatever becomes of the process that wrote it.
"""


def statements(blob: str) -> list[str]:
    """The tables and their indexes."""
    return [*_staff(), *_work(), *_deliveries(blob)]


def _staff() -> list[str]:
    return [
        """CREATE TABLE position (
            person_id TEXT NOT NULL REFERENCES person (id), unit TEXT NOT NULL,
            role TEXT NOT NULL, source TEXT NOT NULL, since TEXT NOT NULL,
            PRIMARY KEY (person_id, unit, role))""",
        "CREATE INDEX position_of_unit ON position (unit, role)",
    ]


def _work() -> list[str]:
    return [
        """CREATE TABLE task (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            step TEXT NOT NULL, run BIGINT NOT NULL, "use" TEXT NOT NULL, kind TEXT NOT NULL,
            service TEXT NOT NULL, district TEXT NOT NULL, number TEXT NOT NULL,
            who TEXT NOT NULL, joint TEXT NOT NULL, opened_at TEXT NOT NULL, due TEXT NOT NULL)""",
        "CREATE INDEX task_by_due ON task (who, due, id)",
        "CREATE INDEX task_by_opening ON task (who, opened_at, id)",
        "CREATE INDEX task_of_application ON task (application_id)",
        """CREATE TABLE deed (
            application_id TEXT NOT NULL REFERENCES application (id), step TEXT NOT NULL,
            run BIGINT NOT NULL, person_id TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
            PRIMARY KEY (application_id, step, run, person_id, kind))""",
        "CREATE INDEX deed_of_person ON deed (person_id, kind, at)",
    ]


def _deliveries(blob: str) -> list[str]:
    return [
        f"""CREATE TABLE delivery (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            "key" TEXT NOT NULL, kind TEXT NOT NULL, operation TEXT NOT NULL, step TEXT NOT NULL,
            run BIGINT NOT NULL, district TEXT NOT NULL, payload {blob} NOT NULL,
            exchange {blob}, handle TEXT NOT NULL, standing TEXT NOT NULL,
            tries BIGINT NOT NULL, due_at TEXT NOT NULL, lease TEXT NOT NULL,
            error TEXT NOT NULL, created_at TEXT NOT NULL, done_at TEXT,
            UNIQUE (application_id, "key"))""",
        "CREATE INDEX delivery_by_time ON delivery (standing, due_at)",
        "CREATE INDEX delivery_of_application ON delivery (application_id)",
        f"""CREATE TABLE message (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            who TEXT NOT NULL, kind TEXT NOT NULL, data {blob} NOT NULL, at TEXT NOT NULL,
            read_at TEXT)""",
        "CREATE INDEX message_of_person ON message (who, at)",
    ]
