"""Pages for people who have signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from runtime.web.context import signed_in
from runtime.web.identity.held import keep_post

P = ParamSpec("P")
R = TypeVar("R")


def needs_sign_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """A view that asks a stranger to sign in first and then comes back, posts included."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if signed_in():
            return view(*args, **kwargs)
        if request.method == "POST":
            return keep_post()
        return redirect(url_for("identity.sign_in", back=request.full_path.rstrip("?")))

    return guarded
