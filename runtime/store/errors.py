"""What a command on the store can end in when it doesn't end well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from definitions.problems import Problem

if TYPE_CHECKING:
    from runtime.store.application import Application


class StoreError(Exception):
    """Any of the errors below."""


class NotFound(StoreError):
    """There is no such thing, or none that this actor may know of: the two look the same."""


class Conflict(StoreError):
    """Somebody else was first. `fresh` is what is stored now, `where` the answers in dispute."""

    def __init__(self, fresh: Application, where: Sequence[str] = ()) -> None:
        super().__init__(f"application {fresh.id} has moved on to version {fresh.version}")
        self.fresh = fresh
        self.where = tuple(where)


class Refused(StoreError):
    """The command is understood and not possible; `problem` says why in words for people."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Unreadable(StoreError):
    """What is stored can't be opened: an unknown key, or somebody changed or moved it."""


class StoreNotReady(StoreError):
    """The database can't be used as it is; the text says what to do about it."""
