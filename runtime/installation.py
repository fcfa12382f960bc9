"""One running installation: its settings, its database, its plugins and its plans."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property

from definitions.model import Library, Unit
from definitions.plan import Plan, compile_plan
from definitions.reader import LIBRARY, read
from plugins.asking import Asker
from plugins.registry import Instances, Setting, discover
from runtime.catalog import Card, read_card
from runtime.kept import Kept
from runtime.settings import Settings
from runtime.store import Store, open_ring
from runtime.store.actor import SYSTEM

PLANS = 64
"""How many compiled releases a process keeps."""


class Installation:
    """What everything above the store is given. Safe to share between threads.

    Organisations and calendars are read from the library that ships: they change while
    applications run, and an application follows them. `wake` tells the worker that something has
    to go out; it may get lost: the ledger says so too.
    """

    def __init__(
        self,
        settings: Settings,
        plugins: Mapping[str, Setting],
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.wake = wake
        self.log = logging.getLogger("yibiao")
        self.settings = settings
        settings.data.mkdir(parents=True, exist_ok=True)
        ring = open_ring(settings.data)
        self.cookie_key = ring.newest.derive("cookies")
        self.store = Store(settings.database_url, settings.data, ring)
        self.instances: Instances = discover().open(plugins, sandbox=settings.sandbox)
        for problem in self.instances.problems:
            self.log.error("plugin %s is off: %s", problem.where, dict(problem.params))
        self.asker = Asker(self.instances.sources, self.instances.titles)
        self._plans: Kept[str, Plan] = Kept(PLANS)
        self._cards: dict[str, Card] = {}

    @cached_property
    def surroundings(self) -> Library:
        """Organisations and calendars: what a release leaves out because it changes."""
        return read([LIBRARY / "organisations", LIBRARY / "calendars"])

    def unit(self, name: str) -> Unit:
        """An organisation; one that has just its name where nobody knows it."""
        for organisation in self.surroundings.organisations.values():
            if name in organisation.units:
                return organisation.units[name]
        return Unit(id=name, title={"zh-CN": name}, type="department")

    def cards(self) -> list[Card]:
        """A card for each service that is live somewhere, in the order of their names."""
        live = {service: release for (service, _), release in self._live().items()}
        missing = set(live.values()) - set(self._cards)
        for release, card in self.store.releases.cards(SYSTEM, missing).items():
            self._cards[release] = read_card(release, card)
        return [self._cards[release] for release in live.values()]

    def live(self, service: str) -> dict[str, str]:
        """The live release of a service by district; empty where there is none."""
        found = self._live()
        return {district: release for (name, district), release in found.items() if name == service}

    def close(self) -> None:
        """Give back connections and threads."""
        self.asker.close()
        self.store.close()

    def plan(self, release: str) -> Plan:
        """The plan of a stored release, compiled when it is first asked for."""
        return self._plans.get(release, lambda: self._compile(release))

    def _live(self) -> dict[tuple[str, str], str]:
        return self.store.releases.all_live(SYSTEM)

    def _compile(self, release: str) -> Plan:
        return compile_plan(self.store.releases.get(SYSTEM, release), release)


def moment() -> datetime:
    """Now, in UTC: for the command line and the worker, which have no request."""
    return datetime.now(UTC)
