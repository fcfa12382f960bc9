"""How commands speak: lines for people, or JSON for programs; errors say what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import click

from definitions.normalise import visible
from definitions.problems import Problem
from definitions.wording import say

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
lang_option = click.option(
    "--lang",
    type=click.Choice(["zh-CN", "en"]),
    default="zh-CN",
    show_default=True,
    help="The language of sentences.",
)


def show(data: Any, as_json: bool, lines: Callable[[], Iterable[str]]) -> None:
    """Print data as JSON, or else as lines."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in lines():
        click.echo(line)


def problem_data(problem: Problem, lang: str) -> dict[str, Any]:
    """A problem as JSON: code, where, level, parameters and its sentence."""
    return {
        "code": problem.code,
        "where": problem.where,
        "level": problem.level,
        "params": {name: _plain(value) for name, value in problem.params.items()},
        "text": say(problem, lang),
    }


def problem_line(problem: Problem, lang: str) -> str:
    """A problem as a line: where, how grave, what. No terminal obeys what stands in a file."""
    mark = "warning" if problem.level == "warning" else "error"
    return visible(f"{problem.where}: {mark}: {say(problem, lang)} [{problem.code}]")


def _plain(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return sorted(value) if isinstance(value, set | frozenset) else list(value)
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)
