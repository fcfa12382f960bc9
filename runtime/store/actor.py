"""Who acts. Every command and every question to the store names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["applicant", "officer", "clerk", "admin", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in the capacity in which they act, or the system itself.

    `person` is the id of a stored person. `acting_for` is the credit code of the enterprise that
    an applicant acts for at the moment. `unit` and `district` bound what staff may see: a city's
    code (440400) covers its districts. `positions` are the roles that staff hold, each in a unit.
    """

    kind: ActorKind
    person: str = ""
    name: str = ""
    acting_for: str | None = None
    unit: str | None = None
    roles: tuple[str, ...] = ()
    district: str = ""
    positions: tuple[tuple[str, str], ...] = ()


SYSTEM = Actor("system", name="system")
"""The platform itself: sign-in, sweeps, the command line."""
