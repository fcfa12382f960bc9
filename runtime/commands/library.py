"""`check`, `burden`, `cases`, `combine`, `schema`: what the definitions say, without a database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from definitions.bundle_schema import service_schema
from definitions.checks import check as check_library
from definitions.combine import combine as combine_items
from definitions.combine import report
from definitions.model import Library
from definitions.plan import NoPlan, Plan, compile_plan
from definitions.problems import Problem, errors
from definitions.reader import LIBRARY, read
from definitions.release import UnknownServiceError, make_release
from runtime.commands.output import json_option, lang_option, problem_data, problem_line, show
from runtime.engine.burden import burden as burden_of_plan
from runtime.engine.trial import run_cases


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@json_option
@lang_option
def check(paths: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """Say everything that is wrong in definitions.

    Reads the library that ships; or PATHS, files and folders, and nothing else: what builds on
    the library is read with it (`check definitions/library my_folder`).

    Exits with 1 when there are errors; warnings alone don't count.
    """
    library = read(paths or [LIBRARY])
    if not library.sources and not library.problems:
        raise click.ClickException(f"no .json files in {', '.join(map(str, paths))}")
    problems = [*library.problems, *check_library(library)]
    grave = errors(problems)
    data = {
        "definitions": len(library.sources),
        "errors": len(grave),
        "problems": [problem_data(problem, lang) for problem in problems],
    }
    show(data, as_json, lambda: _report(problems, len(library.sources), lang))
    sys.exit(1 if grave else 0)


def _report(problems: list[Problem], count: int, lang: str) -> Iterator[str]:
    for problem in problems:
        yield problem_line(problem, lang)
    grave = len(errors(problems))
    counts = ((count, "definition"), (grave, "error"), (len(problems) - grave, "warning"))
    yield ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts)


def shipped() -> Library:
    """The library that ships; what is wrong in it is `check`'s to say."""
    return read([LIBRARY])


def plan_of(library: Library, service: str) -> Plan:
    """The plan of a service, or of an item as a service of one.

    Raises:
        click.ClickException: there is none; says which there are.
    """
    try:
        release = make_release(library, service)
    except UnknownServiceError:
        known = ", ".join(sorted(library.services))
        raise click.ClickException(f"no service or item {service!r}; services: {known}") from None
    try:
        return compile_plan(release.content, release.id)
    except NoPlan as refused:
        lines = [problem_line(problem, "zh-CN") for problem in refused.problems]
        raise click.ClickException("\n".join(lines)) from refused


def chosen(library: Library, service: str | None) -> list[str]:
    """One service, or all of them."""
    return [service] if service else sorted(library.services)


@click.command()
@click.argument("service")
def schema(service: str) -> None:
    """Print the JSON Schema of SERVICE's one form.

    Draft 2020-12, bundled: it refers to nothing outside.
    """
    made: dict[str, Any] = service_schema(plan_of(shipped(), service))
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))


@click.command()
@click.argument("service", required=False)
@json_option
def burden(service: str | None, as_json: bool) -> None:
    """Say what the one form saves.

    Fields and papers before and after, for the first case of one SERVICE, or of every service of
    the library.
    """
    library = shipped()
    found = {name: burden_of_plan(plan_of(library, name)) for name in chosen(library, service)}
    data: Any = found[service] if service else found
    show(data, as_json, lambda: _figures(found))


def _figures(found: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    for name, figures in found.items():
        share = round(100 * figures["typed"] / max(1, figures["fields_before"]))
        yield (
            f"{name}: {figures['fields_before']} fields -> {figures['fields_after']} questions, "
            f"{figures['prefilled']} prefilled, {figures['typed']} typed ({share} %); "
            f"papers {figures['papers_before']} -> {figures['papers_after']}"
        )


@click.command()
@click.argument("service", required=False)
@json_option
@lang_option
def cases(service: str | None, as_json: bool, lang: str) -> None:
    """Run the cases that services carry.

    Exits with 1 when one fails.
    """
    library = shipped()
    tried = [
        (name, one)
        for name in chosen(library, service)
        for one in run_cases(plan_of(library, name))
    ]
    data = [
        {
            "service": name,
            "case": one.case.id,
            "title": one.case.title.get(lang) or one.case.title["zh-CN"],
            "passed": not one.problems,
            "problems": [problem_data(problem, lang) for problem in one.problems],
        }
        for name, one in tried
    ]
    show(data, as_json, lambda: _verdicts(data))
    sys.exit(0 if all(row["passed"] for row in data) else 1)


def _verdicts(data: list[dict[str, Any]]) -> Iterator[str]:
    for row in data:
        verdict = "passed" if row["passed"] else "FAILED"
        yield f"{verdict}  {row['service']}/{row['case']}  {row['title']}"
        for problem in row["problems"]:
            yield f"        {problem['where']}: {problem['text']}"
    passed = sum(row["passed"] for row in data)
    yield f"{passed} of {len(data)} cases passed"


@click.command()
@click.argument("service")
@json_option
@lang_option
def combine(service: str, as_json: bool, lang: str) -> None:
    """Say which questions became one, and why.

    SERVICE is one of the library.
    """
    library = shipped()
    if service not in library.services:
        known = ", ".join(sorted(library.services))
        raise click.ClickException(f"no service {service!r}; services: {known}")
    made = report(combine_items(library, service))
    show(made, as_json, lambda: _merged(made, lang))


def _merged(made: Mapping[str, Any], lang: str) -> Iterator[str]:
    every = [one for top in made["questions"] for one in (top, *top.get("columns", ()))]
    merged = [one for one in every if one["merged"]]
    for one in merged:
        yield f"{one['question']}  {one['title'].get(lang) or one['title']['zh-CN']}"
        yield f"    {one['merged']}: {', '.join(one['fields'])}"
        if one["constraints"]:
            clash = "CLASH " if one["clash"] else ""
            yield f"    {clash}{json.dumps(one['constraints'], ensure_ascii=False)}"
    yield f"{len(merged)} of {len(every)} questions stand for several fields"
