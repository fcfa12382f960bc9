"""What every template can use: the words, the icons' file, the person's preferences."""

from __future__ import annotations

from typing import Any

from flask import Flask

from runtime.web.frame import place
from runtime.web.preferences import chosen, preferences
from runtime.web.texts import language, say, speak, t
from runtime.web.timeouts import session_seconds


def furnish(app: Flask) -> None:
    """Speaks the person's language in each request and gives templates what base.html needs.

    `asset` comes from `runtime.web.static_files`. A page gives `title`, and may give `person`,
    `sandbox` and `has_problems`.
    """
    app.register_blueprint(preferences)
    app.jinja_env.globals.update(_=t, say=say, language=language)
    app.jinja_env.globals["session_seconds"] = session_seconds

    @app.before_request
    def speak_their_language() -> None:
        speak(chosen().language)

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"prefs": chosen(), "place": place()}
