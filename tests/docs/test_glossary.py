"""Words of the glossary that are names exist as such, and no kind of definition is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from definitions.fieldtypes import REGISTRY
from definitions.model import KINDS, Provenance, Step
from definitions.reader.shape import SCHEMAS, schema
from definitions.rules import OPERATORS
from plugins.contract import Kind

PAGE = Path(__file__).parent.parent.parent / "docs/glossary.md"
ROW = re.compile(r"^\| (?P<word>[^|]+) \| (?P<chinese>[^|]+) \| (?P<meaning>.+) \|$", re.M)
NAME = re.compile(r"`([^`]+)`")


def rows() -> list[re.Match[str]]:
    text = PAGE.read_text(encoding="utf-8")
    return [row for row in ROW.finditer(text) if row["word"] not in ("word", "---")]


def keys(node: Any) -> Iterator[str]:
    """Every key that a schema knows."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for value in node.values():
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


def names() -> set[str]:
    """Everything that has a name in the language or in the code's small vocabularies."""
    found = {key for path in SCHEMAS.glob("*.json") for key in keys(schema(path.stem))}
    origins = get_args(get_type_hints(Provenance)["origin"])
    steps = get_args(get_type_hints(Step)["kind"])
    facts = Provenance.__dataclass_fields__
    return found | {*KINDS, *REGISTRY, *OPERATORS, *facts, *steps, *origins, *get_args(Kind)}


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["word"])
def test_a_name_exists(row: re.Match[str]) -> None:
    said = NAME.findall(row["word"]) + NAME.findall(row["meaning"])
    assert set(said) <= names()


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["word"])
def test_a_word_has_its_chinese_and_one_sentence(row: re.Match[str]) -> None:
    assert re.search("[\u4e00-\u9fff]", row["chinese"])
    assert row["meaning"].endswith((".", "…"))


def test_every_kind_of_definition_has_its_word() -> None:
    said = {name for row in rows() for name in NAME.findall(row["word"])}
    assert set(KINDS) <= said
