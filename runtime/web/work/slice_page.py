"""What an item's office gets: the answers with where they are from, and the papers."""

from __future__ import annotations

from typing import Any

from flask import url_for

from definitions.model import Field, Provenance
from runtime.engine.offers import Offer
from runtime.journey.desk import Work
from runtime.journey.papers import HandIn, following, titled
from runtime.store import StoredFile
from runtime.store.changes import value_at
from runtime.web.apply import papers_page, shown
from runtime.web.context import lang, now
from runtime.web.files import VIEWABLE
from runtime.web.render.sources import KINDS, KNOWN, Sources
from runtime.web.texts import say, t


def rows(work: Work) -> list[dict[str, Any]]:
    """The answers in the item's own words, each with its source and what is doubtful about it."""
    fields = work.case.draft.plan.items[work.use].item.form.fields
    sources = Sources(work.case.draft.plan.library.licenses, lang())
    return [_row(work, fields[name], value, sources) for name, value in work.answers.items()]


def _row(work: Work, field: Field, value: Any, sources: Sources) -> dict[str, Any]:
    question, source = work.source(field.id)
    return {
        "id": field.id,
        "title": say(field.title),
        "value": shown.words(field, value),
        "source": _chip(source, sources),
        "notes": [
            *_disputed(work, field.id, question),
            *_edited(field, source, sources),
            *_conflicting(work, field, question, value, sources),
        ],
    }


def _chip(source: Provenance | None, sources: Sources) -> dict[str, Any]:
    """Where a value is from and how far that can be trusted; what was typed says so."""
    if source is None or source.edited_by or source.origin not in KNOWN:
        return {"kind": "", "words": t("work.typed"), "stale": False, "trust": ""}
    stale = source.fresh_until is not None and source.fresh_until < now().date().isoformat()
    return {
        "kind": KINDS.get(source.origin, "computed"),
        "words": _named(source, sources),
        "stale": stale,
        "trust": "" if source.origin == "derived" else t("work.trust", level=source.trust),
    }


def _disputed(work: Work, field: str, question: str) -> list[str]:
    """The applicant has said that it is wrong."""
    found = work.item.disputes
    words = found.get(field) or found.get(question)
    return [t("work.disputed", words=words)] if words else []


def _edited(field: Field, source: Provenance | None, sources: Sources) -> list[str]:
    """The applicant has written something else than what the source says."""
    if source is None or not source.edited_by:
        return []
    was = t("work.nothing") if source.original is None else shown.words(field, source.original)
    return [t("work.edited", was=was, source=_named(source, sources))]


def _conflicting(
    work: Work, field: Field, question: str, value: Any, sources: Sources
) -> list[str]:
    """Sources disagree among each other, or with what was typed."""
    draft = work.case.draft
    offers = draft.prefill.conflicts.get(question, ())
    if offers:
        told = t("list.semicolon").join(_said(field, one, sources) for one in offers)
        return [t("work.conflict", told=told)]
    offer = draft.prefill.values.get(question)
    known = question in draft.application.provenance
    if offer is None or known or value_at(draft.answers, question) in (None, offer.value):
        return []
    return [t("work.differs", told=_said(field, offer, sources))]


def _said(field: Field, offer: Offer, sources: Sources) -> str:
    value = shown.words(field, offer.value)
    return t("work.said", value=value, source=_named(offer.provenance, sources))


def _named(source: Provenance, sources: Sources) -> str:
    """A source by its name; what the form calls the reader's account is the applicant's here."""
    return t("work.account") if source.origin == "account" else sources.words(source)


def papers(work: Work, open_file: str = "") -> list[dict[str, Any]]:
    """The item's papers, each with how it is satisfied and its files."""
    return [_paper(work, one, open_file) for one in work.papers]


def _paper(work: Work, one: HandIn, open_file: str) -> dict[str, Any]:
    how, texts = _how(work, one)
    return {
        "id": one.paper.id,
        "title": say(titled(one)),
        "how": how,
        "texts": texts,
        "files": [_file(work, file, open_file) for file in one.files],
    }


def _how(work: Work, one: HandIn) -> tuple[str, list[str]]:
    """How the paper is satisfied for this item, and what was committed to instead of it."""
    draft, way = work.case.draft, one.paper.satisfied.get(work.use)
    if way and way.license:
        return t("papers.how.waived", licences=shown.licence(draft.plan, way.license)), []
    if way:
        return t("work.by_data"), []
    if one.paper.state == "commitment":
        own = one.paper.commitments.get(work.use)
        return t("papers.how.committed"), [say(own.text)] if own else []
    if one.paper.state == "may_follow" and not one.files:
        own_due = [each for each in following(draft, one.paper) if each.use == work.use]
        told = t("list.semicolon").join(papers_page.due(draft, each) for each in own_due)
        return t("work.owed", due=told), []
    if one.files:
        return t("work.files", n=len(one.files)), []
    return t("papers.how.missing" if one.paper.required else "papers.how.none"), []


def _file(work: Work, stored: StoredFile, open_file: str) -> dict[str, Any]:
    application, step = work.case.application.id, work.id
    return {
        "id": stored.id,
        "name": stored.name,
        "size": papers_page.size(stored.size),
        "href": url_for("work.file", application=application, step=step, file=stored.id),
        "beside": url_for(
            "work.case", application=application, step=step, file=stored.id, _anchor="viewer"
        )
        if stored.type in VIEWABLE
        else "",
        "picture": stored.type in ("jpg", "png"),
        "open": stored.id == open_file,
    }
