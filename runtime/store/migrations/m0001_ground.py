"""Releases, people, applications with their events, submissions, parties and files.

Moments are text that sorts (UTC); what is of type bytes is encrypted, except a release's body.
"""


def statements(blob: str) -> list[str]:
    """The tables and their indexes."""
    return [*_releases(blob), *_people(blob), *_applications(blob), *_belongings(blob)]


def _releases(blob: str) -> list[str]:
    return [
        f"""CREATE TABLE release (
            id TEXT PRIMARY KEY, service TEXT NOT NULL, body {blob} NOT NULL,
            card TEXT NOT NULL, created_at TEXT NOT NULL)""",
        """CREATE TABLE live (
            service TEXT NOT NULL, district TEXT NOT NULL,
            release_id TEXT NOT NULL REFERENCES release (id), since TEXT NOT NULL,
            PRIMARY KEY (service, district))""",
        """CREATE TABLE publication (
            id TEXT PRIMARY KEY, service TEXT NOT NULL, district TEXT NOT NULL,
            release_id TEXT NOT NULL REFERENCES release (id), at TEXT NOT NULL,
            person TEXT NOT NULL, reason TEXT NOT NULL)""",
        "CREATE INDEX publication_of_service ON publication (service, at)",
    ]


def _people(blob: str) -> list[str]:
    return [
        f"""CREATE TABLE person (
            id TEXT PRIMARY KEY, number_index TEXT NOT NULL UNIQUE, details {blob} NOT NULL,
            enterprises {blob} NOT NULL, preferences TEXT NOT NULL, seen_at TEXT NOT NULL)""",
        f"""CREATE TABLE session (
            id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES person (id),
            actor {blob} NOT NULL, started_at TEXT NOT NULL, seen_at TEXT NOT NULL,
            expires_at TEXT NOT NULL)""",
        "CREATE INDEX session_of_person ON session (person_id)",
        "CREATE INDEX session_by_end ON session (expires_at)",
        f"""CREATE TABLE held (
            id TEXT PRIMARY KEY, post {blob} NOT NULL, expires_at TEXT NOT NULL)""",
        "CREATE INDEX held_by_end ON held (expires_at)",
        """CREATE TABLE attempt (
            name TEXT NOT NULL, since BIGINT NOT NULL, tries BIGINT NOT NULL,
            PRIMARY KEY (name, since))""",
        "CREATE INDEX attempt_by_time ON attempt (since)",
        "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    ]


def _applications(blob: str) -> list[str]:
    return [
        f"""CREATE TABLE application (
            id TEXT PRIMARY KEY, number TEXT UNIQUE,
            release_id TEXT NOT NULL REFERENCES release (id), service TEXT NOT NULL,
            district TEXT NOT NULL, status TEXT NOT NULL, version BIGINT NOT NULL,
            owner_id TEXT NOT NULL REFERENCES person (id), enterprise_index TEXT,
            enterprise {blob}, party TEXT NOT NULL, answers {blob} NOT NULL,
            provenance {blob} NOT NULL, licenses {blob} NOT NULL, papers {blob} NOT NULL,
            confirmations {blob} NOT NULL, picks {blob} NOT NULL, typed {blob} NOT NULL,
            sources {blob} NOT NULL, touched {blob} NOT NULL, signature {blob},
            head TEXT NOT NULL, events BIGINT NOT NULL, file_bytes BIGINT NOT NULL,
            created_at TEXT NOT NULL, updated_at TEXT NOT NULL, expires_at TEXT,
            submitted_at TEXT)""",
        "CREATE INDEX application_of_owner ON application (owner_id, updated_at)",
        "CREATE INDEX application_of_enterprise ON application (enterprise_index, updated_at)",
        "CREATE INDEX application_by_end ON application (expires_at)",
        f"""CREATE TABLE event (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            seq BIGINT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, body {blob} NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (application_id, seq))""",
    ]


def _belongings(blob: str) -> list[str]:
    return [
        f"""CREATE TABLE submission (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            "use" TEXT NOT NULL, item TEXT NOT NULL, unit TEXT NOT NULL, district TEXT NOT NULL,
            slice {blob} NOT NULL, digest TEXT NOT NULL, submitted_at TEXT NOT NULL,
            UNIQUE (application_id, "use"))""",
        "CREATE INDEX submission_of_unit ON submission (unit, district, submitted_at)",
        f"""CREATE TABLE party (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            subject TEXT NOT NULL, "row" TEXT NOT NULL, details {blob} NOT NULL,
            key_index TEXT, token_hash TEXT NOT NULL UNIQUE, expires_at TEXT NOT NULL,
            person_id TEXT REFERENCES person (id), state TEXT NOT NULL, record {blob},
            created_at TEXT NOT NULL, decided_at TEXT, UNIQUE (application_id, subject, "row"))""",
        "CREATE INDEX party_of_person ON party (person_id)",
        f"""CREATE TABLE file (
            id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES application (id),
            purpose TEXT NOT NULL, type TEXT NOT NULL, size BIGINT NOT NULL,
            details {blob} NOT NULL, "key" {blob} NOT NULL, created_at TEXT NOT NULL)""",
        "CREATE INDEX file_of_application ON file (application_id)",
    ]
