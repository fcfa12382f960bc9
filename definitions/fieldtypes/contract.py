"""What every field type says about itself, and what it does unless it says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from definitions.model import Field, Text
from definitions.problems import Problem

Fault = tuple[str, Mapping[str, Any]]
"""The code of a problem and what its sentence needs to know."""

Check = Callable[[Any], Fault | None]
"""Looks at one value that is there; None when nothing is wrong."""

Typed = str | Sequence[str]
"""What a browser sends for one control: a text, or several of one name."""


LANGUAGES = ("zh-CN", "en")


class Unreadable(ValueError):
    """What was typed can't become a value; `problem` says why, `typed` keeps it for the page."""

    def __init__(self, code: str, typed: Typed, **params: Any) -> None:
        super().__init__(code)
        self.typed = typed
        self.problem = Problem(code, params=params)


class FieldType:
    """One type of field. A subclass is one file: its texts, and what differs from this.

    `json_type` is the type of its values in JSON (None: it has none). `settings` is a form of its
    own: what an author can set, as properties with titles and hints in both languages. `example`
    is a value that passes.
    """

    id: ClassVar[str]
    title: ClassVar[Text]
    json_type: ClassVar[str | None] = "string"
    example: ClassVar[Any]
    settings: ClassVar[Mapping[str, Any]] = {"type": "object", "properties": {}}

    @property
    def template(self) -> str:
        """The piece of page that shows a field of this type."""
        return f"fields/{self.id}.html"

    def parse(self, raw: Typed, field: Field) -> Any:
        """The value of what was typed; None when nothing was. Raises Unreadable, nothing else."""
        raise NotImplementedError

    def checks(self, field: Field) -> list[Check]:
        """What to look at, in order; each may rely on those before it having passed."""
        raise NotImplementedError

    def check(self, value: Any, field: Field) -> list[Fault]:
        """What is wrong with a value: nothing, or the first thing."""
        for check in self.checks(field):
            fault = check(value)
            if fault is not None:
                return [fault]
        return []

    def show(self, value: Any, field: Field, lang: str) -> str:
        """The value as a person reads it."""
        return str(value)

    def shown(self, value: Any, field: Field) -> Text:
        """The value as a person reads it, in every language."""
        return {lang: self.show(value, field, lang) for lang in LANGUAGES}

    def to_input(self, value: Any, field: Field) -> str | list[str]:
        """The value as a control holds it; `parse` makes the same value of it."""
        return str(value)

    def schema(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON Schema (with our annotations) of a field of this type with these settings."""
        made: dict[str, Any] = {} if self.json_type is None else {"type": self.json_type}
        allowed = self.settings["properties"]
        return made | {"format": self.id} | {k: v for k, v in settings.items() if k in allowed}


def single(raw: Typed) -> str:
    """The one text of a control; of several, the first with something in it.

    A box to tick has an empty companion, which tells "not ticked" from "not on the page".
    """
    if isinstance(raw, str):
        return raw
    return next((text for text in raw if text.strip()), "")


def several(raw: Typed) -> list[str]:
    """All texts of a control, without empty ones."""
    values = [raw] if isinstance(raw, str) else list(raw)
    return [value.strip() for value in values if value.strip()]


def in_language(text: Text, lang: str) -> str:
    """A text in a language, in Chinese where it hasn't been translated."""
    return text.get(lang) or text["zh-CN"]


def bilingual(zh: str, en: str) -> Text:
    """A text in both languages."""
    return {"zh-CN": zh, "en": en}


def setting(
    zh: str, en: str, schema: Mapping[str, Any], hint: Text | None = None
) -> dict[str, Any]:
    """One property of a type's settings."""
    made: dict[str, Any] = {"title": bilingual(zh, en), **schema}
    return made | {"description": hint} if hint else made


def form_of(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a type: a form schema with these properties."""
    return {"type": "object", "properties": properties}
