"""What one outside system is made of: what stands in its books at first, and what it can do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask

from plugins.contract import Operation
from plugins.sandbox.outside.book import Book, Page
from plugins.sandbox.outside.callbacks import Caller
from plugins.sandbox.seeds import DATA, enterprises, people
from plugins.sandbox.signed import Refusal

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to do something: its key, why, and where its caller wants to be called back."""

    key: str
    item: str
    case: str
    callback: str
    client: str
    today: date
    base: str
    addresses: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Follow:
    """What a system says by itself after an operation, to whoever asked for it."""

    handle: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Server:
    """A running system, for those of its pages that people open."""

    book: Book
    caller: Caller


Handler = Callable[[Page, Mapping[str, Any], Call], Answer]
Entries = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What stands in the books, by kind and id."""


@dataclass(frozen=True, slots=True)
class System:
    """An outside system.

    `operations` are what its connector may ask, and `known` is how. `state` says how a handle
    stands that isn't one of a call: an operation, its answer, and whether that is final. `follow`
    is what it tells after an operation. `pages` are those for people.
    """

    name: str
    known: Mapping[str, Operation]
    entries: Callable[[], Entries]
    operations: Mapping[str, Handler]
    state: Callable[[Page, str], tuple[str, Answer, bool] | None] | None = None
    follow: Callable[[str, Answer], Follow | None] | None = None
    pages: Callable[[Flask, Server], None] | None = None


def refuse(code: str, words: str) -> Refusal:
    """A final no, with the system's own code and words."""
    return Refusal(422, words, code)


def unknown(words: str) -> Refusal:
    """That the system knows nothing of it."""
    return Refusal(404, words)


def data(name: str) -> Any:
    """A file of `data/outside`."""
    return json.loads((DATA / "outside" / f"{name}.json").read_text("utf-8"))


def key_of(seed: str) -> str:
    """The citizen number or credit code of a person or enterprise of the seeds."""
    holder = people().get(seed) or enterprises()[seed]
    key: str = holder.get("id_number") or holder["credit_code"]
    return key


def name_of(seed: str) -> str:
    """The name of a person or enterprise of the seeds."""
    name: str = (people().get(seed) or enterprises()[seed])["name"]
    return name
