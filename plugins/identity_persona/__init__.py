"""Identity of the sandbox: choose who you are. It proves nothing, so it only exists there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plugins.contract import (
    Choice,
    Config,
    Denied,
    Enterprise,
    Finding,
    Identity,
    Login,
    Misconfigured,
    Person,
    Position,
    SignedIn,
    Spec,
)

CONFIG: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "folder": {"type": "string", "title": "人物资料所在目录"},
        "more": {"type": "string", "title": "新登记企业的文件"},
    },
    "required": ["folder"],
    "additionalProperties": False,
}
NOBODY: Mapping[str, str] = {"zh-CN": "没有这个沙盒人物。", "en": "There is no such persona."}


class IdentityPersona(Identity):
    """The people of `people.json` and `staff.json`, the enterprises of `enterprises.json`."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        people = [*_read(config, "people.json"), *_read(config, "staff.json")]
        self._people = {one["id"]: one for one in people}
        self._enterprises = _read(config, "enterprises.json")

    @classmethod
    def spec(cls) -> Spec:
        """Who it is and what it needs."""
        return Spec(
            id="identity_persona",
            kind="identity",
            version="1.0",
            title={"zh-CN": "沙盒人物", "en": "Sandbox personas"},
            config=CONFIG,
            data_classes=("personal",),
            sandbox=True,
        )

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Whether the people can be read."""
        try:
            count = len(cls(config).login("").choices)
        except Misconfigured as error:
            text = {"zh-CN": f"读不到人物资料：{error}", "en": f"People can't be read: {error}"}
            return [Finding("failed", text)]
        text = {"zh-CN": f"有 {count} 个沙盒人物。", "en": f"There are {count} personas."}
        return [Finding("ok", text)]

    def login(self, return_to: str) -> Login:
        """Everybody there is to choose from; the choice comes back as `choice`."""
        people = self._people.values()
        return Login(
            choices=tuple(
                Choice(one["id"], one["name"], one["note"], "positions" in one) for one in people
            )
        )

    def complete(self, query: Mapping[str, str], keep: Mapping[str, str]) -> SignedIn | Denied:
        """The person chosen, with the enterprises they lead or act for."""
        chosen = self._people.get(query.get("choice", ""))
        if chosen is None:
            return Denied(NOBODY)
        person = Person(chosen["id_number"], chosen["name"], chosen["phone"])
        positions = tuple(Position(unit, role) for unit, role in chosen.get("positions", ()))
        return SignedIn(person, tuple(self._enterprises_of(chosen["id"])), positions)

    def _registered_since(self) -> list[dict[str, Any]]:
        """Enterprises that are new since the sandbox began: who leads them is known by name."""
        path = Path(self.config.get("more", ""))
        return _read({"folder": path.parent}, path.name) if path.is_file() else []

    def _enterprises_of(self, person: str) -> list[Enterprise]:
        leads = [one for one in self._enterprises if one["legal_representative"] == person]
        acts = [one for one in self._enterprises if person in one["agents"]]
        name = self._people[person]["name"]
        leads += [one for one in self._registered_since() if one["legal_representative"] == name]
        return [
            *(Enterprise(one["credit_code"], one["name"], "legal_representative") for one in leads),
            *(Enterprise(one["credit_code"], one["name"], "agent") for one in acts),
        ]


def _read(config: Config, name: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(Path(config["folder"], name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{name}: {type(error).__name__}") from error
    return found


PLUGIN = IdentityPersona
