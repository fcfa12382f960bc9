"""The words that all definitions are written in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Text = Mapping[str, str]
"""A text for people by language tag; `zh-CN` is always there."""

Expression = Any
"""JSON Logic, as read: money constants are already whole fen."""

Schema = Mapping[str, Any]
"""A JSON Schema (2020-12), in the keywords that the language allows."""

KINDS = (
    "elements",
    "license",
    "organisation",
    "item",
    "service",
    "variant",
    "policy",
    "calendar",
)
"""Every kind of definition, as a file names it."""
