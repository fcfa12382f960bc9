"""Writes `docs/definitions.md`, the reference of the language, from schemas and registries.

python -m docs.generate             # writes it
python -m docs.generate --check     # says whether it is up to date; exits with 1 if not
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from docs import shapes, vocabulary

TARGET = Path(__file__).with_name("definitions.md")
HEAD = """# Reference of the definition language

Made by `python -m docs.generate` from `definitions/schemas/`, the field types, the operators and
the wording; a test fails when it is out of date. Begin with [the guide](definitions-guide.md).

In tables, `a.b` is key `b` of the object `a`, `a.*.b` is key `b` of each entry of `a`, `a[].b` of
each entry of the list `a`. Keys that no table names are refused."""
SECTIONS: tuple[tuple[str, str, Callable[[], Iterator[str]]], ...] = (
    ("Kinds of definition", "One JSON file each; `$schema`, `kind` and `id` first.", shapes.kinds),
    ("Shapes", "What several kinds share.", shapes.shapes),
    (
        "Field types",
        "Named by `format` in a field, by `type` in an element. Settings are keys of the field.",
        vocabulary.field_types,
    ),
    (
        "Operators",
        "Of rules, conditions and amounts. An operator that meets null gives null, and a condition "
        "that is null doesn't hold. Only `is_answered` and `coalesce` look at null; `and` and `or` "
        "decide when one side is enough.",
        vocabulary.operators,
    ),
    (
        "Problems",
        "Every code that a person, an author or a program can be told, with its sentence. "
        "`diff.*` are changes between two releases.",
        vocabulary.problems,
    ),
)


def reference() -> str:
    """The whole page."""
    blocks = [HEAD, "\n".join(f"- [{title}](#{_anchor(title)})" for title, _, _ in SECTIONS)]
    for title, about, parts in SECTIONS:
        blocks += [f"## {title}", about, *parts()]
    return "\n\n".join(blocks) + "\n"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def main() -> int:
    """Write the page, or with `--check` compare it."""
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(reference(), encoding="utf-8")
        return 0
    return 0 if TARGET.read_text(encoding="utf-8") == reference() else 1


if __name__ == "__main__":
    sys.exit(main())
