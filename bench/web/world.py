"""An installation with one synthetic service and somebody signed in who has drafts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.installations import REASON, url
from bench.samples import SERVICE, Answers, release_of, synthetic
from definitions.fieldtypes import REGISTRY
from definitions.plan import Plan
from runtime.engine.form import evaluate
from runtime.installation import Installation
from runtime.journey import sign
from runtime.journey.draft import open_draft
from runtime.settings import Settings
from runtime.store import Actor, Change, Person
from runtime.store.actor import SYSTEM
from runtime.web.application import create
from runtime.web.identity.routes import TOKEN

PERSON = ("440402199001010018", "陈美玲")
DISTRICT, PARTY = "440402", "applicant"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: to where, with what fields; `script` as htmx sends it."""

    path: str
    fields: Mapping[str, Any] | None = None
    script: bool = False


class World:
    """The installation, its application, and the person's browser."""

    def __init__(self, data: Path, size: int) -> None:
        settings = Settings(data, url(data), sandbox=False)
        self.installation = Installation(settings, {})
        self.now = datetime.now(UTC)
        store = self.installation.store
        store.migrate(self.now)
        content = release_of(1, size)
        self.release = store.releases.publish(SYSTEM, content, {}, REASON, self.now, [DISTRICT])
        self.person: Person = store.people.meet(SYSTEM, *PERSON, (), self.now)
        self.actor = Actor("applicant", self.person.id, self.person.name)
        self.plan: Plan = self.installation.plan(self.release)
        self.right: Answers = {
            name.replace("form.", "item_0.", 1): value
            for name, value in synthetic(size).right.items()
        }
        self.client: FlaskClient = create(self.installation).test_client()
        with self.client.session_transaction() as cookie:
            cookie[TOKEN] = store.sessions.start(SYSTEM, self.actor, self.now)
        page = self.ask(Asked(self.form_of(self.draft()))).get_data(as_text=True)
        found = CSRF.search(page)
        assert found
        self.token = found[1]

    def draft(self) -> str:
        """The id of a new draft in which everything is answered."""
        applications = self.installation.store.applications
        made = applications.create_draft(
            self.actor, self.release, SERVICE, DISTRICT, PARTY, {}, self.now
        )
        change = Change(answers=self.right)
        return applications.save(self.actor, made, made.version, change, self.now).id

    def form_of(self, draft: str) -> str:
        """The address of a draft's form."""
        return f"/applications/{draft}/form"

    def digest(self, draft: str) -> str:
        """What a signature is over."""
        opened = open_draft(self.installation, self.actor, self.person, draft, self.now)
        return sign.check(opened).digest

    def controls(self) -> dict[str, Any]:
        """What a browser without scripts sends of the form."""
        state, fields = evaluate(self.plan, self.right, self.now.date()), {}
        for name in state.asked:
            question = self.plan.questions[name]
            for row in state.values.get(name, ()) if question.columns else ():
                for column, one in question.columns.items():
                    fields[f"{name}/{row['$row']}/{column}"] = _typed(one, row[column])
            if not question.columns and name in state.values:
                fields[name] = _typed(question, state.values[name])
        return fields

    def headers(self) -> dict[str, str]:
        """The headers of every request of this browser."""
        cookie = self.client.get_cookie("session")
        assert cookie
        return {"Cookie": f"session={cookie.value}"}

    def ask(self, asked: Asked) -> TestResponse:
        """The answer, without a network in between."""
        if asked.fields is None:
            return self.client.get(asked.path)
        headers = {"HX-Request": "true"} if asked.script else {}
        fields = {**asked.fields, "csrf_token": self.token}
        return self.client.post(asked.path, data=fields, headers=headers)


def _typed(question: Any, value: Any) -> Any:
    return REGISTRY[question.type].to_input(value, question.field)


@contextmanager
def world(data: Path, size: int) -> Iterator[World]:
    """A world in a folder, closed at the end."""
    made = World(data, size)
    try:
        with made.installation.store.connected():
            yield made
    finally:
        made.installation.close()
