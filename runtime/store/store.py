"""One store: a database with its data folder and keys, and the repositories over it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from runtime.store import backup, rotation
from runtime.store.actor import SYSTEM
from runtime.store.applications import Applications
from runtime.store.cases import Cases
from runtime.store.crypto import Vault
from runtime.store.database import Queries, close, connect, connected, counted
from runtime.store.events import Broken, Events
from runtime.store.files import Files
from runtime.store.ground import Ground
from runtime.store.held import Held
from runtime.store.keys import KeyRing
from runtime.store.ledger import Ledger
from runtime.store.messages import Messages
from runtime.store.migrate import migrate, pending
from runtime.store.parties import Parties
from runtime.store.people import People
from runtime.store.rates import Rates
from runtime.store.releases import Releases
from runtime.store.sessions import Sessions
from runtime.store.staff import Staff
from runtime.store.submissions import Submissions
from runtime.store.tables import Tables
from runtime.store.worklist import WorkList


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: counts of what it removed, and every history that doesn't hold."""

    removed: Mapping[str, int]
    broken: tuple[Broken, ...]


class Store:
    """Everything that is kept. Several may be open in one process; they share nothing."""

    def __init__(self, url: str, data: Path, ring: KeyRing) -> None:
        self.url = url
        self.data = data
        self.database = connect(url)
        self.ground = Ground(self.database, Tables(self.database), Vault(ring), data)
        self.releases = Releases(self.ground)
        self.applications = Applications(self.ground)
        self.submissions = Submissions(self.ground)
        self.parties = Parties(self.ground)
        self.events = Events(self.ground)
        self.files = Files(self.ground)
        self.people = People(self.ground)
        self.sessions = Sessions(self.ground)
        self.held = Held(self.ground)
        self.rates = Rates(self.ground)
        self.cases = Cases(self.ground)
        self.ledger = Ledger(self.ground)
        self.staff = Staff(self.ground)
        self.messages = Messages(self.ground)
        self.work = WorkList(self.ground)

    def connected(self) -> AbstractContextManager[None]:
        """A connection of this thread for as long as the block lasts: one request, one command."""
        return connected(self.database)

    def queries(self) -> AbstractContextManager[Queries]:
        """The statements that run while the block lasts, in any thread."""
        return counted(self.database)

    def migrate(self, now: datetime) -> list[str]:
        """Bring the tables up to date; returns the migrations that were applied.

        Raises:
            StoreNotReady: the database is newer than this version, or a migration was changed.
        """
        return migrate(self.database, now)

    def pending(self) -> list[str]:
        """The migrations that are not applied yet."""
        return pending(self.database)

    def sweep(self, now: datetime) -> Swept:
        """Erase what is past its time and verify every history."""
        removed = {
            "drafts": self.applications.sweep(SYSTEM, now),
            "files": self.files.sweep(SYSTEM, now),
            "sessions": self.sessions.sweep(SYSTEM, now),
            "held": self.held.sweep(SYSTEM, now),
            "rates": self.rates.sweep(SYSTEM, now),
            "callbacks": self.ledger.sweep(SYSTEM, now),
        }
        return Swept(removed, tuple(self.events.sweep(SYSTEM)))

    def rotate(self, progress: rotation.Progress = lambda table, rows: None) -> int:
        """Seal everything with the newest key; returns how many rows were changed.

        Raises:
            Unreadable: a row is sealed with a key that this store doesn't have.
        """
        return rotation.rotate(self.ground, progress)

    def demand_keys(self) -> None:
        """See that the keys of this store are those of its database.

        Raises:
            Unreadable: what was written last can't be opened with them.
        """
        rotation.demand_keys(self.ground)

    def backup(self, path: Path, now: datetime) -> None:
        """Write a backup into a new folder, while the store is in use.

        Raises:
            StoreNotReady: the folder is there already, or a program that it takes is missing.
        """
        backup.backup(self.ground, self.url, path, now)

    def restore(self, path: Path) -> None:
        """Fill this store, which must be empty, from a backup of the same kind of database.

        Raises:
            StoreNotReady: it isn't empty, or the backup is damaged or of another kind.
        """
        backup.restore(self.ground, self.url, path)

    def close(self) -> None:
        """Close every connection of this store."""
        close(self.database)
