"""Fields for tests of field types."""

from __future__ import annotations

from typing import Any

from definitions.fieldtypes import REGISTRY
from definitions.model import Field

OPTIONS = {"a": {"zh-CN": "甲", "en": "A"}, "b": {"zh-CN": "乙", "en": "B"}}


def field_of(kind: str, limits: dict[str, Any] | None = None, **more: Any) -> Field:
    """A field of a type; a choice has the options a and b."""
    if kind in ("choice", "multi_choice"):
        more.setdefault("options", OPTIONS)
        limits = {"options": OPTIONS} | (limits or {})
    schema = REGISTRY[kind].schema(limits or {})
    schema = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
    return Field(kind, kind, REGISTRY[kind].title, schema, **more)


_ANNOTATIONS = ("format", "unit", "decimals", "options", "level", "unique_by", "description")
