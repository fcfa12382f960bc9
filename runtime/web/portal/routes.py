"""Find, guide, situation: open to everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from definitions.plan import Plan
from definitions.wording import say as say_problem
from runtime.catalog import Card, search
from runtime.engine.form import FormState, evaluate
from runtime.journey.answers import Reading, read
from runtime.web.context import here, lang, today
from runtime.web.portal import pages
from runtime.web.render import FormView
from runtime.web.texts import say, t

portal = Blueprint("portal", __name__)


@portal.get("/")
def home() -> str:
    """Search, life events, themes, and every service."""
    return render_template("portal/home.html", page=pages.home(here(), here().cards()))


@portal.get("/services")
def find() -> str:
    """Services that fit what was searched, or a theme, a life event or a department."""
    chosen = {name: request.args.get(name, "") for name in ("theme", "life_event", "department")}
    query = request.args.get("q", "").strip()
    cards = [card for card in here().cards() if _belongs(card, chosen)]
    found = search(cards, query) if query else cards
    return render_template("portal/find.html", page=pages.found(here(), found, query, chosen))


@portal.get("/services/<service>")
def guide(service: str) -> str:
    """Who, what, how long, how much, what you need and what you don't need any more."""
    plan = _plan(service)
    card = next(card for card in here().cards() if card.service == service)
    return render_template("portal/guide.html", page=pages.guide(here(), plan, card, today()))


@portal.route("/services/<service>/situation", methods=["GET", "POST"])
def situation(service: str) -> str | AnyResponse:
    """A few plain questions; what they lead to is shown as they are answered."""
    district = _district(service)
    plan = _plan(service, district)
    reading = read(plan, plan.situation, request.form)
    state = evaluate(plan, reading.given, today())
    begin = bool(request.form.get("begin"))
    problems = _problems(plan, reading, state) if begin else {}
    if begin and not problems:
        session["begin"] = {"service": service, "district": district, "answers": reading.given}
        return redirect(url_for("apply.begin"))
    view = FormView(state, problems=problems, typed=reading.unread)
    page = pages.situation(here(), plan, reading.given, view, district, today())
    return Response(render_template("portal/situation.html", page=page), 422 if begin else 200)


def _problems(plan: Plan, reading: Reading, state: FormState) -> dict[str, str]:
    """What keeps a person from going on: a sentence by question."""
    found = {
        question: t("situation.missing", title=say(plan.questions[question].title))
        for question in plan.situation
        if question in state.asked and question in state.required
        if question not in reading.given
    }
    return found | {one.where.lstrip("/"): say_problem(one, lang()) for one in reading.problems}


def _district(service: str) -> str:
    """The district that was chosen, if the service is offered there; else the first that is."""
    offered = here().live(service)
    chosen = request.values.get("district", "")
    return chosen if chosen in offered else next(iter(offered), "")


def _plan(service: str, district: str = "") -> Plan:
    offered = here().live(service)
    release = offered.get(district) or next(iter(offered.values()), None)
    if release is None:
        abort(404)
    return here().plan(release)


def _belongs(card: Card, chosen: dict[str, str]) -> bool:
    groups: dict[str, Any] = {
        "theme": card.themes,
        "life_event": card.life_events,
        "department": card.departments,
    }
    return all(not value or value in groups[name] for name, value in chosen.items())
