"""The clock: applications that are worked on are told that time has passed.

What time brings hangs on the day and on where an application stands: one that was told today and
hasn't moved since has nothing to hear.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from runtime.engine.approvals import PLATFORM
from runtime.engine.approvals.commands import Tick
from runtime.engine.days import day_of
from runtime.installation import Installation
from runtime.journey.cases import act, open_case
from runtime.journey.delivering import NOBODY
from runtime.store import SYSTEM, Conflict, NotFound


@dataclass
class Clock:
    """Ticks; one for the life of a process, and it may be started at any time."""

    installation: Installation
    now: Callable[[], datetime]
    _told: dict[str, tuple[int, date]] = field(default_factory=dict)

    def tick(self) -> int:
        """Tell every application that may have something to hear; how many that was."""
        store = self.installation.store
        with store.connected():
            running = store.cases.running(SYSTEM)
            self._told = {id: told for id, told in self._told.items() if id in running}
            today = day_of(self.now())
            due = [id for id, version in running.items() if self._told.get(id) != (version, today)]
            for id in due:
                self._tell(id, today)
        return len(due)

    def _tell(self, application: str, today: date) -> None:
        """One application; what is wrong with it stays with it, and it is told again."""
        try:
            case = open_case(self.installation, SYSTEM, NOBODY, application, self.now())
            moved = act(case, Tick(PLATFORM))
        except (Conflict, NotFound):  # it moves just now; or was sent before there were approvals
            return
        except Exception:
            self.installation.log.exception("tick of %s", application)
            return
        self._told[application] = (moved.application.version, today)
