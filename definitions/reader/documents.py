"""Files and bundles to documents: values of the right shape, each with where it is from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from definitions.model import KINDS
from definitions.order import restored
from definitions.problems import Problem, errors
from definitions.reader.hazards import UNSAFE, hazards, written
from definitions.reader.shape import fits, json_type
from definitions.reader.text import MAX_BYTES, parse


@dataclass(frozen=True, slots=True)
class Document:
    """What one file says. `raw` is None when its shape is wrong; `name` is its "kind/id"."""

    file: str
    name: str
    raw: Mapping[str, Any] | None
    problems: tuple[Problem, ...]


def from_files(paths: Iterable[Path]) -> Iterator[Document]:
    """The documents in files, and in all `.json` files under folders."""
    for file, path in _files(paths):
        yield _from_file(file, path)


def _files(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Each file once, called by its place under the folder that was asked for."""
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*.json")):
                yield file.relative_to(path).as_posix(), file
        else:
            yield path.name, path


def _from_file(file: str, path: Path) -> Document:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problem = Problem("definition.unreadable", file, {"reason": error.strerror or ""})
        return Document(file, "", None, (problem,))
    value, problems = parse(data)
    if problems:
        return Document(file, "", None, tuple(_at(file, problems)))
    return document(file, value)


def ordered_document(name: str, value: Any) -> Document:
    """The document that a definition in a bundle is, its order restored."""
    problems = hazards(value)
    if any(problem.code in UNSAFE for problem in problems) or not isinstance(value, dict):
        return _document(name, value, problems)
    return _document(name, restored(value), problems)


def document(file: str, value: Any) -> Document:
    """The document that a parsed value is: first what is dangerous, then what is misshapen."""
    return _document(file, value, hazards(value))


def _document(file: str, value: Any, problems: list[Problem]) -> Document:
    name = _name(value)
    kind = name.partition("/")[0]
    if not any(problem.code in UNSAFE for problem in problems):
        problems += _kind_problems(value) or _shape_problems(kind, value)
    raw = None if errors(problems) else value
    return Document(file, name, raw, tuple(_at(file, problems)))


def _name(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    kind, name = value.get("kind"), value.get("id")
    return written(f"{kind}/{name}") if kind in KINDS and isinstance(name, str) else ""


def _kind_problems(value: Any) -> list[Problem]:
    if not isinstance(value, dict):
        return [Problem("definition.wrong_type", "", {"wanted": "object", "got": json_type(value)})]
    missing = [key for key in ("kind", "id") if key not in value]
    if missing:
        return [Problem("definition.missing_key", "", {"key": key}) for key in missing]
    if value["kind"] not in KINDS:
        params = {"kind": str(value["kind"])[:60], "known": ", ".join(KINDS)}
        return [Problem("definition.unknown_kind", "/kind", params)]
    if not isinstance(value["id"], str):
        params = {"wanted": "string", "got": json_type(value["id"])}
        return [Problem("definition.wrong_type", "/id", params)]
    return []


def _shape_problems(kind: str, value: Any) -> list[Problem]:
    if fits(kind, value):
        return []
    from definitions.reader.explain import explain  # only a broken definition pays for loading it

    return explain(kind, value)


def _at(file: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    return (problem.under(f"{file}#") for problem in problems)
