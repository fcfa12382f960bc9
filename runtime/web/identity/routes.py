"""Sign in by any identity plugin, choose for whom to act, sign out."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from plugins.contract import Choice, Denied, Identity, PluginError, SignedIn
from runtime.store.actor import SYSTEM, Actor
from runtime.store.errors import NotFound
from runtime.store.people import Enterprise
from runtime.store.rates import SIGN_IN
from runtime.web.context import STAFF, actor, here, now, signed_in
from runtime.web.identity import held
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import say, t

identity = Blueprint("identity", __name__)
LOGIN = "login"
"""In the cookie: the key to what a plugin wants kept while the browser is at the provider."""
ENDED = "ended"
"""Kept until the next sign-in, so that the page for it says why it is needed again."""
TOKEN = "token"  # noqa: S105 - the name of a cookie's entry, not a secret


@identity.before_app_request
def recognise() -> None:
    """Finds out who asks, with one indexed read; strangers cost none."""
    token = session.get(TOKEN)
    if not token or request.endpoint == "static":
        return
    found = here().store.sessions.resume(token, now())
    if found is None:
        session.pop(TOKEN)
        session[ENDED] = True
    else:
        g.session, g.actor, g.person = found, found.actor, found.person


@identity.get("/sign-in")
def sign_in() -> str | Response:
    """The ways to sign in; a person who already is goes on.

    A plugin that talks to no host can say at once whom there is to choose from.
    """
    back = _local(request.args.get("back", "/"))
    if signed_in():
        return redirect(back)
    methods = [
        {
            "id": name,
            "title": say(here().instances.titles[name]),
            "groups": () if one.spec().hosts else _groups(one.login("").choices),
        }
        for name, one in _methods().items()
    ]
    ended = session.get(ENDED, False)
    return render_template("identity/sign_in.html", methods=methods, back=back, ended=ended)


@identity.post("/sign-in/<method>")
def begin(method: str) -> str | Response:
    """Go to the identity provider, or take the chosen persona."""
    plugin = _method(method)
    back = _local(request.form.get("back", "/"))
    store = here().store
    if not store.rates.allow(SYSTEM, f"sign-in/{request.remote_addr}", SIGN_IN, now()):
        return make_response(_problem(t("identity.too_often"), back), 429)
    try:
        login = plugin.login(_return_address(method))
        if login.address:
            session[LOGIN] = store.held.keep(
                SYSTEM, {"keep": dict(login.keep), "back": back}, now()
            )
            return redirect(login.address)
        answer = plugin.complete({"choice": request.form.get("choice", "")}, login.keep)
    except PluginError as error:
        return _failed(error, back)
    return _enter(method, answer, back)


@identity.get("/sign-in/<method>/return")
def complete(method: str) -> str | Response:
    """Back from the identity provider."""
    waiting = here().store.held.take(SYSTEM, session.pop(LOGIN, ""), now())
    if waiting is None:
        return redirect(url_for("identity.sign_in"))
    try:
        answer = _method(method).complete(request.args.to_dict(), waiting["keep"])
    except PluginError as error:
        return _failed(error, waiting["back"])
    return _enter(method, answer, waiting["back"])


@identity.route("/acting-for", methods=["GET", "POST"])
@needs_sign_in
def acting_for() -> str | Response:
    """For whom the person acts: themselves, or one of their enterprises."""
    back = _local(request.values.get("back", "/"))
    if request.method == "GET":
        enterprises = g.person.enterprises
        return render_template("identity/acting_for.html", enterprises=enterprises, back=back)
    code = request.form.get("enterprise") or None
    try:
        here().store.sessions.act_for(actor(), g.session, code, now())
    except NotFound:
        abort(404)
    return redirect(held.resume_address(back))


@identity.get("/still-here")
@needs_sign_in
def still_here() -> tuple[str, int]:
    """Somebody is: asking is what keeps the session."""
    return "", 204


@identity.post("/sign-out")
def sign_out() -> Response:
    """End this sign-in on the server and in the browser; then home, or where somebody else signs
    in to go on."""
    back = _local(request.form.get("back", "/"))
    if signed_in():
        here().store.sessions.end(actor(), g.session)
    session.clear()
    return redirect(back)


def _enter(method: str, answer: SignedIn | Denied, back: str) -> str | Response:
    if isinstance(answer, Denied):
        return _problem(say(answer.reason), back)
    store = here().store
    powers = [Enterprise(one.credit_code, one.name, one.role) for one in answer.enterprises]
    who = answer.person
    person = store.people.meet(SYSTEM, who.id_number, who.name, powers, now(), phone=who.phone)
    positions = [(one.unit, one.role) for one in answer.positions]
    store.staff.appoint(SYSTEM, person.id, positions, method, now())
    entering = Actor("applicant", person=person.id, name=person.name)
    session.pop(ENDED, None)
    session[TOKEN] = store.sessions.start(SYSTEM, entering, now())
    session.permanent = True
    session[STAFF] = bool(store.staff.positions(SYSTEM, person.id))
    if session[STAFF] and back == "/":
        return redirect(url_for("work.tasks"))
    if person.enterprises:
        return redirect(url_for("identity.acting_for", back=back))
    return redirect(held.resume_address(back))


def _groups(choices: Sequence[Choice]) -> list[tuple[str, list[Choice]]]:
    """People to choose from, applicants first, each kind under its name."""
    kinds = {"applicants": False, "staff": True}
    found = [(name, [one for one in choices if one.staff == kind]) for name, kind in kinds.items()]
    return [(name, some) for name, some in found if some]


def _failed(error: PluginError, back: str) -> str:
    here().log.warning("sign-in failed: %s", error)
    return _problem("", back)


def _problem(reason: str, back: str) -> str:
    return render_template("identity/problem.html", reason=reason, back=back)


def _methods() -> dict[str, Identity]:
    return here().instances.identities


def _method(name: str) -> Identity:
    plugin = _methods().get(name)
    if plugin is None:
        abort(404)
    return plugin


def _return_address(method: str) -> str:
    return here().settings.public_url + url_for("identity.complete", method=method)


def _local(address: str) -> str:
    """The address if it is a page of ours, else the front page."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if inside and not address.startswith(("//", "/\\")) else "/"
