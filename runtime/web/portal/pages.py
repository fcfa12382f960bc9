"""What the public pages show, gathered for their templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from definitions.model import Span, Text
from definitions.plan import Plan, PlanMaterial
from definitions.plan.run import View
from runtime.catalog import Card
from runtime.engine.notices import notices
from runtime.engine.outline import Outline, outline, papers_of
from runtime.engine.schedule import limit
from runtime.installation import Installation
from runtime.web.forms import form_pieces
from runtime.web.render import FormView
from runtime.web.texts import language, say, t

THEMES = ("market_entry", "property", "utilities", "exit")
LIFE_EVENTS = ("start_business", "buy_home", "build", "close_business")
ON_THE_SPOT = 1.0
"""A promise of at most this many working days is told as "the same day"."""


@dataclass(frozen=True, slots=True)
class Group:
    """A way into the services: its words, its address and how many there are."""

    title: str
    query: Mapping[str, str]
    count: int


def home(installation: Installation, cards: Sequence[Card]) -> dict[str, Any]:
    """The front page: every service, and the ways to them."""
    return {
        "cards": [card_view(card) for card in sorted(cards, key=_rank)],
        "life_events": _groups(cards, "life_event", LIFE_EVENTS),
        "themes": _groups(cards, "theme", THEMES),
        "departments": _departments(installation, cards),
    }


def found(
    installation: Installation, cards: Sequence[Card], query: str, chosen: Mapping[str, str]
) -> dict[str, Any]:
    """The services that fit."""
    return {
        "query": query,
        "chosen": [
            _group_title(installation, name, value) for name, value in chosen.items() if value
        ],
        "cards": [card_view(card) for card in cards],
    }


def card_view(card: Card) -> dict[str, Any]:
    """A service in a list."""
    figures = [
        (card.items, t("portal.items", n=card.items)),
        (len(card.departments), t("portal.departments", n=len(card.departments))),
    ]
    return {
        "service": card.service,
        "title": say(card.title),
        "summary": say(card.summary),
        "figures": figures,
    }


def guide(installation: Installation, plan: Plan, card: Card, today: date) -> dict[str, Any]:
    """The guide of a service: all its items, and figures of its most usual situation."""
    usual = outline(plan, _usual_situation(plan), today)
    papers, spared = papers_of(plan, {use: {} for use in plan.items})
    lead = installation.unit(plan.service.lead)
    fees = [say(fee.title) for one in plan.items.values() for fee in one.item.fees.values()]
    return {
        "service": plan.service,
        "lead": {"title": say(lead.title), "phone": lead.contact.get("phone")},
        "measures": _measures(card),
        "burden_words": _burden_words(card),
        "items": [_item_view(installation, plan, use) for use in plan.items],
        "papers": _titles(papers),
        "spared": _titles(spared),
        "audience": t("list.comma").join(t(f"guide.{one}") for one in plan.service.audience),
        "days": days(usual.days),
        "notices": notices_of(plan, {one.use: {} for one in usual.items}),
        "fees": t("list.comma").join(dict.fromkeys(fees)) or t("guide.free"),
        "visits": _visits(plan, [one.use for one in usual.items]),
    }


def situation(
    installation: Installation,
    plan: Plan,
    answers: Mapping[str, Any],
    view: FormView,
    district: str,
    today: date,
) -> dict[str, Any]:
    """The situation page: its questions, and what the answers so far lead to."""
    pieces = form_pieces(plan, language())
    live = installation.live(plan.service.id)
    return {
        "service": plan.service,
        "questions": "".join(
            pieces.question(one, view) for one in plan.situation if one in view.state.shown
        ),
        "problems": [(words, f"#f-{control}") for control, words in view.problems.items()],
        "districts": [_district(installation, code) for code in live] if len(live) > 1 else [],
        "district": district,
        "outline": outline_view(installation, plan, outline(plan, answers, today)),
    }


def outline_view(installation: Installation, plan: Plan, found: Outline) -> dict[str, Any]:
    """What a situation leads to, in words."""
    return {
        "items": [
            {
                "title": say(one.title),
                "department": say(installation.unit(one.department).title),
                "wave": one.wave,
                "promised": span(one.promised),
                "legal": span(one.legal),
                "result": say(one.result),
            }
            for one in found.items
        ],
        "departments": len({one.department for one in found.items}),
        "papers": _titles(found.papers),
        "spared": _titles(found.spared),
        "fees": list(dict.fromkeys(say(fee.title) for one in found.items for fee in one.fees)),
        "days": days(found.days) if found.items else "",
        "notices": notices_of(plan, {one.use: {} for one in found.items}),
    }


def span(length: Span | None) -> str:
    """A length of time in words; nothing for none."""
    if length is None:
        return ""
    if length.unit == "working" and length.n <= ON_THE_SPOT:
        return t("span.same_day" if length.n < ON_THE_SPOT else "span.one_day")
    return t(f"span.{length.unit}", n=_number(length.n))


def days(number: float) -> str:
    """Working days of a whole, in words."""
    if number <= ON_THE_SPOT:
        return t("span.one_day")
    return t("span.about", n=_number(number))


def notices_of(plan: Plan, views: Mapping[str, View]) -> str:
    """What the working days don't count: the notices of the items in `views`; nothing for none."""
    found = [one for use, view in views.items() for one in notices(plan.items[use], view)]
    names = t("list.comma").join(dict.fromkeys(say(one.title) for one in found))
    return t("guide.notices", names=names) if names else ""


def _visits(plan: Plan, uses: Iterable[str]) -> list[str]:
    """How often one has to go somewhere, and what for."""
    gone = {use: plan.items[use].item.guide.get("visits", 0) for use in uses}
    for_what = [say(plan.items[use].item.title) for use, times in gone.items() if times]
    if not for_what:
        return [t("guide.no_visits")]
    return [t("guide.some_visits", n=sum(gone.values())), t("list.comma").join(for_what)]


def _titles(papers: Iterable[PlanMaterial]) -> list[str]:
    """What papers are called, each once: two items may mean different papers by one name."""
    return list(dict.fromkeys(say(paper.title) for paper in papers))


def _number(n: float) -> str:
    return f"{n:.1f}".rstrip("0").rstrip(".")


def _item_view(installation: Installation, plan: Plan, use: str) -> dict[str, Any]:
    item = plan.items[use].item
    department = installation.unit(item.department)
    return {
        "title": say(item.title),
        "summary": say(item.summary),
        "department": say(department.title),
        "phone": item.guide.get("contact", {}).get("phone") or department.contact.get("phone"),
        "code": item.guide.get("code", ""),
        "conditions": [say(text) for text in item.guide.get("conditions", ())],
        "basis": [basis(one) for one in item.guide.get("basis", ())],
        "optional": plan.items[use].use.when is not None,
        "promised": span(limit(plan.items[use], "promised", {})),
        "legal": span(limit(plan.items[use], "legal", {})),
        "result": say(item.result.title) if item.result else "",
    }


def _usual_situation(plan: Plan) -> Mapping[str, Any]:
    """The situation of the service's first case: its most usual one."""
    case = next(iter(plan.service.cases.values()), {})
    given = case.get("given", {}).get("situation", {})
    asked = plan.combination.situation
    return {asked.get(name, name): value for name, value in given.items()}


def _measures(card: Card) -> list[dict[str, Any]]:
    burden = card.burden
    return [
        {
            "title": t("guide.burden_fields"),
            "before": burden["fields_before"],
            "after": burden["typed"],
        },
        {
            "title": t("guide.burden_papers"),
            "before": burden["papers_before"],
            "after": burden["papers_after"],
        },
    ]


def _burden_words(card: Card) -> str:
    burden = card.burden
    return t(
        "guide.burden_words",
        before=burden["fields_before"],
        prefilled=burden["prefilled"],
        typed=burden["typed"],
    )


def _district(installation: Installation, code: str) -> dict[str, str]:
    units = [
        unit
        for organisation in installation.surroundings.organisations.values()
        for unit in organisation.units.values()
        if unit.division == code and unit.type == "district"
    ]
    return {"code": code, "title": say(units[0].title) if units else code}


def basis(one: Mapping[str, Text]) -> str:
    """A legal basis: the law and, where it is said, its articles."""
    between = "" if language() == "zh-CN" else ", "
    return between.join(part for part in (say(one.get("title")), say(one.get("article"))) if part)


def _groups(cards: Sequence[Card], name: str, values: Sequence[str]) -> list[Group]:
    found = []
    for value in values:
        count = sum(value in _of(card, name) for card in cards)
        if count:
            found.append(Group(t(f"{name}.{value}"), {name: value}, count))
    return found


def _of(card: Card, name: str) -> tuple[str, ...]:
    return card.themes if name == "theme" else card.life_events


def _rank(card: Card) -> int:
    """What most people come for stands first: the order of the themes."""
    return min((THEMES.index(one) for one in card.themes if one in THEMES), default=len(THEMES))


def _departments(installation: Installation, cards: Sequence[Card]) -> list[Group]:
    """The departments, those with most services first."""
    counted = Counter(name for card in cards for name in card.departments)
    return [
        Group(say(installation.unit(name).title), {"department": name}, count)
        for name, count in counted.most_common()
    ]


def _group_title(installation: Installation, name: str, value: str) -> str:
    if name == "department":
        return say(installation.unit(value).title)
    known = {"theme": THEMES, "life_event": LIFE_EVENTS}[name]
    return t(f"{name}.{value}") if value in known else value
