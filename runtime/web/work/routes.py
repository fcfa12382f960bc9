"""The addresses of staff: the list, a case, what is done in it, its files, several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from definitions.problems import Problem
from runtime.engine.approvals import NotAllowed
from runtime.journey.desk import Overtaken, Work, do, open_work
from runtime.store import NotFound
from runtime.store.worklist import Filter
from runtime.web.context import here, now, officer
from runtime.web.files import handed_out
from runtime.web.identity.guard import needs_sign_in
from runtime.web.security import framing
from runtime.web.texts import t
from runtime.web.work import batch as batches
from runtime.web.work import case_page, history_page, tasks_page
from runtime.web.work.acting import WAYS, Wrong, problem_at
from runtime.web.work.words import item_title

work = Blueprint("work", __name__)
TOLD = "told"
"""In the cookie until the next page: what has just been done, in words."""

P = ParamSpec("P")
R = TypeVar("R")


def for_staff(view: Callable[P, R]) -> Callable[P, R | AnyResponse]:
    """A view for people who hold a position; for others there is no such page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | AnyResponse:
        if not officer().positions:
            raise NotFound
        return view(*args, **kwargs)

    return needs_sign_in(guarded)


@work.get("/work")
@for_staff
def tasks() -> str:
    """What waits for the person's offices, for them, what they have done and were shown."""
    asked = request.args
    wanted = (one for one in tasks_page.VIEWS if one == asked.get("view"))
    view = next(wanted, tasks_page.VIEWS[0])
    chosen = Filter(
        service=asked.get("service", ""),
        number=asked.get("number", "").strip().upper(),
        order="opened" if asked.get("order") == "opened" else "due",
        after=asked.get("after", ""),
    )
    page = tasks_page.tasks(view, chosen)
    return render_template("work/tasks.html", page=page, told=session.pop(TOLD, ""))


@work.get("/work/<application>/<step>")
@for_staff
def case(application: str, step: str) -> str:
    """One step of a case: the item's slice, its papers and history, and what to do."""
    found = _open(application, step)
    page = case_page.case(found, open_file=request.args.get("file", ""))
    if page["viewed"]:
        framing("page")
    return render_template("work/case.html", page=page, told=session.pop(TOLD, ""))


@work.get("/work/<application>/<step>/supplement")
@for_staff
def supplement(application: str, step: str) -> str | AnyResponse:
    """Every answer and paper of the item, to be ticked with what is wrong with it."""
    found = _open(application, step)
    if "supplement" not in found.may:
        return redirect(_address(found))
    page = case_page.supplement(found, MultiDict(), ())
    return render_template("work/supplement.html", page=page)


@work.get("/work/<application>/<step>/files/<file>")
@for_staff
def file(application: str, step: str, file: str) -> AnyResponse:
    """A file of one of the item's papers."""
    found = _open(application, step)
    stored, content = here().store.files.open_of_item(
        officer(), found.case.application, found.use, found.paper_ids, file
    )
    framing("file")
    return handed_out(stored, content)


@work.post("/work/<application>/<step>/<way>")
@for_staff
def act(application: str, step: str, way: str) -> AnyResponse:
    """Says something to the case; what can't be said comes back with the reason."""
    if way not in WAYS:
        abort(404)
    found, posted = _open(application, step), request.form
    try:
        after = do(
            found,
            batches.number(posted.get("run", "")),
            batches.number(posted.get("version", "")),
            lambda fresh: WAYS[way].read(fresh, posted),
        )
    except Wrong as wrong:
        return _again(found, way, wrong.problems)
    except NotAllowed as refused:
        code = refused.problem.code.partition(".")[2]
        return _again(found, way, (problem_at(way, code, **refused.problem.params),))
    except Overtaken as overtaken:
        return _overtaken(overtaken.work)
    session[TOLD] = t(f"work.told.{way}", item=item_title(after.case.draft.plan, after.use))
    return redirect(_next(after), 303)


@work.get("/work/batch")
@for_staff
def batch() -> str | AnyResponse:
    """The lines that were ticked, and one opinion for all."""
    chosen = batches.chosen(request.args.getlist("task"))
    if not chosen:
        session[TOLD] = t("work.batch_none")
        return redirect(url_for("work.tasks"))
    return render_template("work/batch.html", lines=batches.lines(chosen), opinion="", wrong="")


@work.post("/work/batch")
@for_staff
def approve_all() -> str | AnyResponse:
    """Approves each of them with the same opinion, and tells what became of each."""
    chosen = batches.chosen(request.form.getlist("task"))
    opinion = request.form.get("opinion", "").strip()
    if not opinion:
        page = render_template(
            "work/batch.html",
            lines=batches.lines(chosen),
            opinion="",
            wrong=t("work.batch_opinion"),
        )
        return Response(page, 422)
    return render_template("work/batch_done.html", results=batches.approve(chosen, opinion))


def _open(application: str, step: str) -> Work:
    return open_work(here(), officer(), application, step, now())


def _again(found: Work, way: str, told: Sequence[Problem]) -> AnyResponse:
    """The page with what is wrong and everything that was typed."""
    if way == "supplement":
        page = case_page.supplement(found, request.form, told)
        return Response(render_template("work/supplement.html", page=page), 422)
    page = case_page.case(found, way, request.form, told)
    return Response(render_template("work/case.html", page=page, told=""), 422)


def _overtaken(found: Work) -> AnyResponse:
    """Somebody else was first: what they did, and how it stands now."""
    since = found.since(batches.number(request.form.get("version", "")))
    page = {
        **case_page.head(found),
        "history": history_page.lines(found, since),
        "holders": case_page.holders(found),
        "typed": [
            words
            for name in ("opinion", "reason", "text")
            if (words := request.form.get(name, "").strip())
        ],
    }
    return Response(render_template("work/overtaken.html", page=page), 409)


def _next(found: Work) -> str:
    """Where work goes on: in the same step, in another of the item that is theirs, in the list."""
    own = [found.id, *found.case.draft.plan.process.items[found.use]]
    for step in own:
        if step in found.case.state.steps and Work(found.case, step).may - {"comment", "copy"}:
            return _address(Work(found.case, step))
    return url_for("work.tasks")


def _address(found: Work) -> str:
    return url_for("work.case", application=found.case.application.id, step=found.id)
