"""The papers of an application: handed in, promised, put off; and e-licences brought as PDF."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from definitions.problems import Problem
from definitions.wording import say as say_problem
from runtime.journey import documents
from runtime.journey import papers as handing_in
from runtime.journey.draft import Draft
from runtime.store import Conflict, Refused, StoredFile, Upload
from runtime.web.apply import papers_page, uploads
from runtime.web.apply.shown import opened
from runtime.web.context import lang
from runtime.web.files import handed_out
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import t

papers = Blueprint("papers", __name__)


@papers.get("/applications/<application>/papers", endpoint="papers")
@needs_sign_in
def show(application: str) -> str | AnyResponse:
    """Every paper and what is to be done about it."""
    draft = opened(application)
    return _sent(draft) or _page(draft)


@papers.post("/applications/<application>/papers")
@needs_sign_in
def go_on(application: str) -> str | AnyResponse:
    """On to the check, when nothing is missing."""
    draft = opened(application)
    problems = handing_in.missing(handing_in.hand_ins(draft))
    if problems:
        told = {one.where.removeprefix("/papers/"): say_problem(one, lang()) for one in problems}
        return _page(draft, told, 422)
    return redirect(url_for("check.check", application=application))


@papers.post("/applications/<application>/papers/<paper>/files")
@needs_sign_in
def add(application: str, paper: str) -> str | AnyResponse:
    """Files for a paper; each that can't be taken is named with the reason."""
    draft = opened(application)
    if "remove_file" in request.form:
        return _removed(draft, paper, request.form["remove_file"])
    if uploads.too_often():
        return _page(draft, {paper: t("papers.too_often")}, 429)

    def take(upload: Upload) -> StoredFile | Problem:
        stored = handing_in.add_file(opened(application), paper, upload)
        if isinstance(stored, StoredFile):
            documents.look_into(opened(application), stored)
        return stored

    refused = uploads.take_each(paper, take)
    if refused:
        return _page(opened(application), {paper: refused}, 422)
    return _back(application, paper)


@papers.post("/applications/<application>/papers/<paper>/<choice>")
@needs_sign_in
def choose(application: str, paper: str, choice: str) -> str | AnyResponse:
    """Commit instead of handing in, let it follow, or take either back."""
    draft = opened(application)
    if choice == "commit" and not request.form.get("agree"):
        return _page(draft, {paper: t("papers.tick")}, 422)
    if choice == "reset":
        handing_in.take_back(draft, paper)
    else:
        handing_in.choose(draft, paper, CHOICES.get(choice, ""))
    return _back(application, paper)


CHOICES = {"commit": "commitment", "defer": "may_follow"}
"""What a person may choose instead of a file, by the end of the address."""


@papers.get("/applications/<application>/files/<file>")
@needs_sign_in
def file(application: str, file: str) -> AnyResponse:
    """A file as it was handed in."""
    draft = opened(application)
    stored, content = draft.installation.store.files.open(draft.actor, draft.application, file)
    return handed_out(stored, content)


@papers.get("/applications/<application>/documents", endpoint="documents")
@needs_sign_in
def brought(application: str) -> str | AnyResponse:
    """E-licences that the person brought, and what each would fill."""
    draft = opened(application)
    return _sent(draft) or _documents(draft)


@papers.post("/applications/<application>/documents")
@needs_sign_in
def bring(application: str) -> str | AnyResponse:
    """Reads a PDF e-licence and shows what it would fill."""
    draft = opened(application)
    chosen = next(uploads.chosen(), None)
    if chosen is None:
        return _documents(draft, say_problem(Problem("file.none"), lang()))
    stored = documents.bring(draft, uploads.upload(chosen, documents.PURPOSE))
    if isinstance(stored, Problem):
        return _documents(draft, uploads.refusal(chosen, stored))
    return redirect(_document(application, stored.id))


@papers.post("/applications/<application>/documents/<file>")
@needs_sign_in
def decide(application: str, file: str) -> str | AnyResponse:
    """Takes over what a document says, or forgets it."""
    draft = opened(application)
    if "forget" in request.form:
        documents.forget(draft, file)
        return redirect(url_for("papers.documents", application=application))
    documents.accept(draft, file)
    return redirect(_document(application, file))


@papers.errorhandler(Refused)
def sent_meanwhile(_: Refused) -> AnyResponse:
    """The application has been sent, in another tab or by somebody else: there is its state."""
    return _follow(_application())


@papers.errorhandler(Conflict)
def overtaken(_: Conflict) -> AnyResponse:
    """The same paper was changed at this very moment: shows how it is now."""
    return redirect(url_for("papers.papers", application=_application()), 303)


def _application() -> str:
    return str((request.view_args or {})["application"])


def _removed(draft: Draft, paper: str, file: str) -> AnyResponse:
    found = handing_in.hand_in(draft, paper)
    if not any(one.id == file for one in found.files):
        abort(404)
    documents.remove(draft, file)
    return _back(draft.application.id, paper)


def _page(draft: Draft, problems: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    page = papers_page.papers(draft, problems or {})
    return Response(render_template("apply/papers.html", page=page), status)


def _documents(draft: Draft, problem: str = "") -> AnyResponse:
    page: dict[str, Any] = papers_page.documents(draft, problem)
    return Response(render_template("apply/documents.html", page=page), 422 if problem else 200)


def _sent(draft: Draft) -> AnyResponse | None:
    return None if draft.application.status == "draft" else _follow(draft.application.id)


def _follow(application: str) -> AnyResponse:
    return redirect(url_for("follow.follow", application=application))


def _back(application: str, paper: str) -> AnyResponse:
    return redirect(url_for("papers.papers", application=application) + f"#paper-{paper}")


def _document(application: str, file: str) -> str:
    return url_for("papers.documents", application=application) + f"#document-{file}"
