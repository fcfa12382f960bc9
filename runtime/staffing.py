"""Staff that an identity source can list: known from the start, so that work finds somebody."""

from __future__ import annotations

from datetime import datetime

from plugins.contract import PluginError, SignedIn
from runtime.installation import Installation
from runtime.store.actor import SYSTEM


def meet_staff(installation: Installation, now: datetime) -> int:
    """Give everybody whom a source lists as staff their positions; how many there are.

    A source that lists nobody (an identity provider) names people's positions when they sign in.
    """
    met = 0
    for source, plugin in installation.instances.identities.items():
        if plugin.spec().hosts:
            continue
        login = plugin.login("")
        for choice in login.choices:
            if choice.staff:
                try:
                    answer = plugin.complete({"choice": choice.id}, login.keep)
                except PluginError as error:
                    installation.log.warning("staff of %s: %s", source, error)
                    continue
                if isinstance(answer, SignedIn):
                    _meet(installation, source, answer, now)
                    met += 1
    return met


def _meet(installation: Installation, source: str, one: SignedIn, now: datetime) -> None:
    store, who = installation.store, one.person
    person = store.people.meet(SYSTEM, who.id_number, who.name, (), now, phone=who.phone)
    positions = [(each.unit, each.role) for each in one.positions]
    store.staff.appoint(SYSTEM, person.id, positions, source, now)
