"""One change: a code with its sentence, where it is, and what the sentence needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two releases. `definitions.wording.say` makes the sentence."""

    code: str
    where: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def under(self, prefix: str) -> Change:
        """The same change, seen from one level further out."""
        return Change(self.code, prefix + self.where, self.params)
