"""An application as it is stored: what a repository returns and a command takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from definitions.model import License, Provenance
from definitions.problems import Problem
from runtime.store import records
from runtime.store.changes import by_place
from runtime.store.crypto import Vault
from runtime.store.errors import Refused
from runtime.store.instants import from_text, maybe, to_text

Status = Literal["draft", "submitted", "closed", "withdrawn"]
Answers = Mapping[str, Any]
DRAFT_FOR = timedelta(days=28)
"""So long a draft is kept after somebody has last worked on it."""

PARTS = (
    "answers", "provenance", "licenses", "papers", "confirmations", "picks", "typed", "sources",
    "touched",
)  # fmt: skip

COLUMNS = (
    "id", "release_id", "service", "district", "status", "version", "owner_id", "enterprise",
    "party", "head", "events", "file_bytes", "created_at", "updated_at", "expires_at",
    "submitted_at", "number", *PARTS,
)  # fmt: skip
"""What is read of an application's row."""


class Parts:
    """The encrypted parts of an application, each opened when it is first looked at."""

    def __init__(self, vault: Vault, record: str, sealed: Mapping[str, bytes]) -> None:
        self._vault, self._record = vault, record
        self._sealed = sealed
        self._opened: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The plain value of one part.

        Raises:
            Unreadable: it was changed or moved, or its key is gone.
        """
        if name not in self._opened:
            plain = self._vault.open("application", self._record, name, self._sealed[name])
            self._opened[name] = records.READ.get(name, _as_is)(plain)
        return self._opened[name]

    def stamp(self, name: str) -> bytes:
        """Tells one state of a part from any other: it is sealed anew whenever it is stored."""
        return self._sealed[name]

    def with_changes(self, sealed: Mapping[str, bytes], opened: Mapping[str, Any]) -> Parts:
        """The same parts with some replaced."""
        parts = Parts(self._vault, self._record, {**self._sealed, **sealed})
        parts._opened = {**self._opened, **opened}
        return parts


@dataclass(frozen=True, slots=True)
class Application:
    """One application, draft or submitted. Its parts are decrypted when they are read.

    `owner` is the id of the person who began it and `enterprise` the credit code it was begun
    for; `party` is the subject of the service that the applicant is. `head` is the hash of the
    latest of `events` events. A draft is erased at `expires_at`. `live_release` is the one that a
    new application would be on; None where the service isn't offered any more.
    """

    id: str
    release: str
    live_release: str | None
    service: str
    district: str
    status: Status
    version: int
    owner: str
    enterprise: str | None
    party: str
    head: str
    events: int
    file_bytes: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    submitted_at: datetime | None
    number: str | None
    parts: Parts = field(repr=False, compare=False)

    @property
    def is_current(self) -> bool:
        """Whether it is on the release that is live; one offered nowhere has nothing newer."""
        return self.live_release in (None, self.release)

    def is_past(self, now: datetime) -> bool:
        """Whether it is a draft past its days: it is gone, though no sweep has come by yet."""
        return self.status == "draft" and self.expires_at is not None and self.expires_at <= now

    @property
    def answers(self) -> Answers:
        """Values by question id; what isn't there isn't answered."""
        return self.parts.get("answers")

    @property
    def provenance(self) -> Mapping[str, Provenance]:
        """Where values are from, by question id or `table/row/column`."""
        return self.parts.get("provenance")

    @property
    def licenses(self) -> tuple[License, ...]:
        """The e-licenses as they were when they were fetched."""
        return self.parts.get("licenses")

    @property
    def papers(self) -> Mapping[str, Any]:
        """How each paper is handed in, by material id."""
        return self.parts.get("papers")

    @property
    def confirmations(self) -> Mapping[str, Any]:
        """What the applicant has confirmed or committed to, by its id."""
        return self.parts.get("confirmations")

    @property
    def typed(self) -> Mapping[str, Any]:
        """What was typed and could not be read, by place: it is shown again as it was typed."""
        return by_place(self.parts.get("typed"))

    @property
    def sources(self) -> Mapping[str, Any]:
        """How the sources of licences answered when they were last asked."""
        return self.parts.get("sources")

    @property
    def picks(self) -> Mapping[str, Any]:
        """Which of several offered values was chosen, by place."""
        return by_place(self.parts.get("picks"))

    def highest_row(self, table: str) -> int:
        """The highest number that a row of a table ever had; 0 for none.

        Papers and invitations are named after rows: no other row may come under their name.
        """
        highest: int = self.parts.get("touched").get("rows", {}).get(table, 0)
        return highest


def draft_times(now: datetime) -> dict[str, str]:
    """The columns that say when a draft was last worked on, and when it is erased."""
    return {"updated_at": to_text(now), "expires_at": to_text(now + DRAFT_FOR)}


def demand_draft(held: Application) -> None:
    """Nothing, when it is a draft.

    Raises:
        Refused: it was sent (`application.not_a_draft`).
    """
    if held.status != "draft":
        raise Refused(Problem("application.not_a_draft", params={"number": held.number or ""}))


def to_plain(part: str, value: Any) -> Any:
    """A part as JSON."""
    return records.WRITE.get(part, _as_is)(value)


def _as_is(value: Any) -> Any:
    return value


def from_row(vault: Vault, row: Mapping[str, Any]) -> Application:
    """The application of a row of its table."""
    sealed = row["enterprise"]
    enterprise = vault.open("application", row["id"], "enterprise", sealed) if sealed else None
    return Application(
        id=row["id"],
        release=row["release_id"],
        live_release=row["live_release"],
        service=row["service"],
        district=row["district"],
        status=row["status"],
        version=row["version"],
        owner=row["owner_id"],
        enterprise=enterprise,
        party=row["party"],
        head=row["head"],
        events=row["events"],
        file_bytes=row["file_bytes"],
        created_at=from_text(row["created_at"]),
        updated_at=from_text(row["updated_at"]),
        expires_at=maybe(row["expires_at"]),
        submitted_at=maybe(row["submitted_at"]),
        number=row["number"],
        parts=Parts(vault, row["id"], {name: row[name] for name in PARTS}),
    )
