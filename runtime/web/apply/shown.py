"""An application's data as words: answers, licences, days, and where a problem is mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from flask import g, url_for

from definitions.fieldtypes import REGISTRY
from definitions.model import Field, License, Provenance
from definitions.plan import Plan, Question
from definitions.problems import Problem
from runtime.engine.picking import with_rows
from runtime.journey.draft import CHINA, Draft, open_draft
from runtime.web.context import actor, here, lang, now
from runtime.web.forms import form_pieces
from runtime.web.render.sources import KNOWN, Sources, day
from runtime.web.texts import say, t

FEN = 100
MASKED_FROM = 8
KEPT = 4

Row = dict[str, Any]
"""A line of a summary list: title, value, and maybe source and change."""


def opened(application: str) -> Draft:
    """The application of this address, as the signed-in person may see it; 404 for strangers."""
    return open_draft(here(), actor(), g.person, application, now())


def words(field: Field, value: Any) -> str:
    """A value as a person reads it; the rows of a table one under the other."""
    if not field.columns:
        return REGISTRY[field.type].show(value, field, lang())
    return "\n".join(cells(field.columns, row) for row in value)


def cells(columns: Mapping[str, Field], row: Mapping[str, Any], between: str = "") -> str:
    """One row of a table as a sentence, or with something else between its cells."""
    return (between or t("list.semicolon")).join(
        t("list.named", name=say(column.title), value=words(column, row[name]))
        for name, column in columns.items()
        if row.get(name) is not None
    )


def answers(draft: Draft, questions: Iterator[Question] | list[Question]) -> Iterator[Row]:
    """The questions that have a value, with their sources and where to change them.

    A table gives a line for each of its rows.
    """
    values, sources = draft.state.values, Sources(draft.plan.library.licenses, lang())
    for question in questions:
        question, value = with_rows(question, values), values.get(question.id)
        if value is None or question.id not in draft.state.shown:
            continue
        if question.columns:
            yield from _rows(draft, question, value, sources)
        else:
            source = _source(draft, question, sources)
            fixed = not question.takes_answer or (source and not question.editable)
            yield {
                "title": say(question.title),
                "value": words(question.field, value),
                "source": source,
                "change": "" if fixed else change(draft, question.id),
            }


def source_words(sources: Sources, source: Provenance | None) -> str:
    """Where a value is from; nothing for what a person typed."""
    known = source is not None and source.origin in KNOWN and not source.edited_by
    return sources.words(source) if known and source else ""


def change(draft: Draft, control: str) -> str:
    """Where an answer can be changed; the form comes back to the check from there."""
    form = url_for("apply.form", application=draft.application.id)
    return f"{form}?return=check#q-{control}"


def licence(plan: Plan, one: License) -> str:
    """A licence by its title, its number and its day; a person's number is masked."""
    kind = plan.library.licenses[one.type]
    number = masked(one.number) if kind.subjects["holder"].kind == "person" else one.number
    named = f"{say(kind.title)} {number}".strip()
    if not one.issued_on:
        return named
    return t("papers.issued", licence=named, day=day(one.issued_on, lang()))


def masked(number: str) -> str:
    """A number of which only beginning and end are shown."""
    if len(number) < MASKED_FROM:
        return number
    return f"{number[:KEPT]}{'*' * (len(number) - 2 * KEPT)}{number[-KEPT:]}"


def day_words(when: date) -> str:
    """A date as people read it."""
    return day(when.isoformat(), lang())


def moment(when: datetime) -> str:
    """A moment in China: date and time."""
    local = when.astimezone(CHINA)
    return f"{day_words(local.date())} {local:%H:%M}"


def money(fen: int) -> str:
    """An amount of whole fen in yuan."""
    return t("check.yuan", amount=f"{fen / FEN:,.2f}")


def problem_links(draft: Draft, problems: list[Problem]) -> list[tuple[str, str]]:
    """Problems as sentences, each with the place where it is mended."""
    sentences = form_pieces(draft.plan, lang()).sentences(problems)
    return [(words, _address(draft, where)) for where, words in sentences.items()]


def _address(draft: Draft, where: str) -> str:
    page, _, name = where.partition("/")
    application = draft.application.id
    if page == "papers":
        return url_for("papers.papers", application=application) + f"#paper-{name}"
    if page == "parties":
        return url_for("parties.parties", application=application) + f"#party-{name}"
    if page == "licenses":
        return url_for("apply.form", application=application) + "?return=check"
    if page in ("declared", "name"):
        return f"#f-{page}"
    return change(draft, where)


def _source(draft: Draft, question: Question, sources: Sources) -> str:
    if not question.takes_answer:
        return t("source.derived")
    return source_words(sources, draft.application.provenance.get(question.id))


def _rows(
    draft: Draft, question: Question, rows: list[Mapping[str, Any]], sources: Sources
) -> Iterator[Row]:
    fields = {name: column.field for name, column in question.columns.items()}
    for number, row in enumerate(rows, 1):
        id = str(row.get("$row"))
        shown = draft.state.columns.get(question.id, {}).get(id, tuple(fields))
        title = say(question.title)
        yield {
            "title": t("check.row", title=title, n=number) if len(rows) > 1 else title,
            "value": cells({name: fields[name] for name in shown}, row, "\n"),
            "source": _sources(draft, f"{question.id}/{id}/", sources),
            "change": change(draft, question.id),
        }


def _sources(draft: Draft, row: str, sources: Sources) -> str:
    """The sources of a row's cells, each once."""
    found = dict.fromkeys(
        sources.name(one)
        for where, one in draft.application.provenance.items()
        if where.startswith(row) and one.origin in KNOWN and not one.edited_by
    )
    return t("list.comma").join(found)
