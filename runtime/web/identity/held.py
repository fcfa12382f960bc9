"""A post whose sender was no longer signed in: kept sealed on the server, sent on afterwards.

Nothing typed is lost when a session ends in the middle. The browser holds only the key.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from runtime.store.actor import SYSTEM
from runtime.web.context import here, now, signed_in

held = Blueprint("held", __name__)
KEY = "held"


def keep_post() -> AnyResponse:
    """Keeps what was posted and asks the person to sign in; a script is told with a 401."""
    back = url_for("held.resume")
    fields = [(name, value) for name, value in request.form.items(multi=True)]
    fields = [(name, value) for name, value in fields if name != "csrf_token"]
    session[KEY] = here().store.held.keep(SYSTEM, {"to": request.path, "fields": fields}, now())
    address = url_for("identity.sign_in", back=back)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def same_site() -> bool:
    """Whether the browser says that the post comes from a page of ours."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def resume_address(back: str) -> str:
    """Where to go after sign-in: on with what is held, else back."""
    return url_for("held.resume") if session.get(KEY) else back


@held.get("/continue")
def resume() -> str | AnyResponse:
    """Shows what was held as one button that sends it on, to the page that it was meant for."""
    if not signed_in():
        return redirect(url_for("identity.sign_in", back=url_for("held.resume")))
    kept = here().store.held.take(SYSTEM, session.pop(KEY, ""), now())
    if kept is None:
        return redirect(url_for("applications.mine"))
    return render_template("identity/continue.html", to=kept["to"], fields=kept["fields"])
