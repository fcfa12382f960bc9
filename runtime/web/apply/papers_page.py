"""What the pages of papers and own documents show, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.engine.materials import Paper, State
from runtime.engine.meaning import value_at
from runtime.journey import documents as brought
from runtime.journey.documents import Found
from runtime.journey.draft import Draft
from runtime.journey.papers import Following, HandIn, following, hand_ins, titled
from runtime.journey.parties import AUTHORISED, Needed, needed
from runtime.store import StoredFile
from runtime.web.apply import shown
from runtime.web.context import lang
from runtime.web.texts import running_on, say, t

KIBIBYTE = 1024
MEBIBYTE = KIBIBYTE * KIBIBYTE


def papers(draft: Draft, problems: Mapping[str, str]) -> dict[str, Any]:
    """The page of papers; `problems` are sentences by paper."""
    found = hand_ins(draft)
    others = {(one.subject, one.row): one for one in needed(draft)}
    views = [
        paper(draft, one, problems.get(one.paper.id, ""))
        | _sparing(draft, one, others.get((one.paper.subject, one.paper.row)))
        for one in found
    ]
    open_ones = [one for one in views if one["choices"]]
    return {
        "application": draft.application,
        "service": draft.plan.service,
        "required": [one for one in open_ones if one["required"]],
        "optional": [one for one in open_ones if not one["required"]],
        "spared": [one for one in views if not one["choices"]],
        "lead": _lead(found),
        "problems": [(words, _target(found, name)) for name, words in problems.items()],
        "readable": [one for one in brought.all_found(draft) if one.fills and not one.accepted],
    }


def _lead(found: Sequence[HandIn]) -> str:
    """What is still to do about papers, and what needs nothing."""
    left, uncommitted = _open(found, "upload"), _open(found, "commitment")
    spared = sum(not one.paper.choices for one in found)
    told = [
        t("papers.left", n=left) if left else "",
        t("papers.uncommitted", n=uncommitted) if uncommitted else "",
        "" if left or uncommitted else t("papers.none_left"),
        t("papers.spared_words", n=spared) if spared else "",
    ]
    return running_on(filter(None, told))


def paper(draft: Draft, one: HandIn, problem: str = "") -> dict[str, Any]:
    """One paper: what it is, how far it is, and what can be done about it."""
    item = one.paper
    return {
        "id": item.id,
        "title": say(titled(one)),
        "required": item.required,
        "help": help_of(item),
        "asked_by": names(draft, item.asking or item.uses),
        "state": item.state,
        "settled": one.settled,
        "choices": item.choices,
        "problem": problem,
        "files": [file(draft, stored) for stored in one.files],
        "accept": accept(one),
        "limits": limits(one),
        "many": one.max_files > 1,
        "texts": [
            {"title": say(text.title), "text": say(text.text), "check": say(text.check),
             "version": text.version}
            for text in one.texts
        ],
        "committed": item.state == "commitment" and one.committed,
        "due": [due(draft, follow) for follow in following(draft, item)],
        "how": how(draft, one),
        "address": url_for("papers.papers", application=draft.application.id) + f"/{item.id}",
    }  # fmt: skip


def help_of(paper: Paper) -> str:
    """What an item says about the paper, the first that says anything."""
    return next((say(asked.help) for asked in paper.asks.values() if asked.help), "")


def how(draft: Draft, one: HandIn) -> str:
    """How a paper is satisfied, as one line of the check."""
    item = one.paper
    if item.state == "waived":
        named = [shown.licence(draft.plan, license) for license in item.licenses]
        return t("papers.how.waived", licences=t("list.semicolon").join(named))
    if item.state == "data":
        return _data(draft, item)
    if item.state == "commitment":
        return t("papers.how.committed" if one.committed else "papers.how.not_committed")
    if item.state == "may_follow":
        return t("list.semicolon").join(due(draft, follow) for follow in following(draft, item))
    if one.files:
        return t("list.comma").join(stored.name for stored in one.files)
    return t("papers.how.missing" if item.required else "papers.how.none")


def due(draft: Draft, one: Following) -> str:
    """When a paper that follows is wanted."""
    if one.day:
        return t("papers.due_day", day=shown.day_words(one.day))
    return t("papers.due_step", item=names(draft, (one.use,)), step=say(one.step))


def file(draft: Draft, stored: StoredFile) -> dict[str, Any]:
    """A file as its row says it."""
    address = url_for("papers.file", application=draft.application.id, file=stored.id)
    return {"id": stored.id, "name": stored.name, "size": size(stored.size), "href": address}


def size(count: int) -> str:
    """A number of bytes in words."""
    if count < MEBIBYTE:
        return f"{max(1, round(count / KIBIBYTE))} KB"
    return f"{count / MEBIBYTE:.1f} MB"


def documents(draft: Draft, problem: str) -> dict[str, Any]:
    """The page of own documents."""
    return {
        "application": draft.application,
        "service": draft.plan.service,
        "problem": problem,
        "documents": [document(draft, one) for one in brought.all_found(draft)],
    }


def document(draft: Draft, one: Found) -> dict[str, Any]:
    """What was read in one document, beside what the form says."""
    kind = draft.plan.library.licenses[one.license.type]
    number = shown.masked(one.license.number)
    return {
        "file": one.file,
        "title": f"{say(kind.title)} {number}".strip(),
        "href": url_for("papers.file", application=draft.application.id, file=one.file),
        "fills": [_line(draft, where, offer.value) for where, offer in one.fills.items()],
        "agrees": [_line(draft, where, offer.value) for where, offer in one.agrees.items()],
        "differs": [
            _line(draft, where, offer.value) | {"answer": _answer(draft, where)}
            for where, offer in one.differs.items()
        ],
        "unusable": [
            {"title": say(draft.plan.question(where).title), "value": str(fault.raw)}
            for where, fault in one.unusable.items()
        ],
        "refused": say_problem(Problem(one.refused), lang()) if one.refused else "",
        "accepted": one.accepted,
    }


def _open(found: Sequence[HandIn], state: State) -> int:
    """How many papers still need this: a commitment is made on the page, not handed in."""
    return sum(one.paper.state == state and not one.settled for one in found)


def _sparing(draft: Draft, one: HandIn, party: Needed | None) -> dict[str, Any]:
    """Who could spare this paper still, and whether they have signed without doing so."""
    asked = party is None or party.key in draft.application.confirmations.get(AUTHORISED, ())
    name = "" if asked else _spares(one)
    return {"sparing": name, "sparing_signed": bool(party and party.confirmed)}


def _spares(one: HandIn) -> str:
    """Who could spare this paper by letting their e-licences be asked for; empty for nobody."""
    ways = (way for asked in one.paper.asks.values() for way in asked.satisfied_by)
    return one.person if any(way.license for way in ways) and not one.files else ""


def _line(draft: Draft, where: str, value: Any) -> dict[str, str]:
    question = draft.plan.question(where)
    return {"title": say(question.title), "value": shown.words(question.field, value)}


def _answer(draft: Draft, where: str) -> str:
    return shown.words(draft.plan.question(where).field, value_at(draft.answers, where))


def _data(draft: Draft, item: Paper) -> str:
    """What comes by itself: data in words, or the licence that an earlier item will give."""
    for way in item.satisfied.values():
        if way.by.license:
            title = draft.plan.library.licenses[way.by.license].title
            return t("papers.how.issued", licence=say(title))
        if way.by.title:
            return say(way.by.title)
    return t("papers.how.data")


def names(draft: Draft, uses: tuple[str, ...]) -> str:
    """The titles of items, one after the other."""
    return t("list.comma").join(say(draft.plan.items[use].item.title) for use in uses)


def accept(one: HandIn) -> str:
    """What files a paper takes, as a browser's chooser reads it."""
    return ",".join(f".{kind}" for kind in one.accept)


def limits(one: HandIn) -> str:
    """What files a paper takes, and how many."""
    formats = t("list.comma").join(kind.upper() for kind in one.accept)
    return t("files.limits", formats=formats, n=one.max_files)


def _target(found: list[HandIn], name: str) -> str:
    """The control that mends a paper: the file's, or the tick's where only that will do."""
    one = next((one for one in found if one.paper.id == name), None)
    if one is not None and "upload" not in one.paper.choices:
        return f"#c-{name}"
    return f"#f-{name}"
