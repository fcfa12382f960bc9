"""Requests over HTTP, as the product serves them, beside a bare Flask route."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any
from urllib.parse import urlencode

from bench.forms import HUB
from bench.installations import environment, folder
from bench.measure import Aim, Comparison, Effort, Line, Ratio, line
from bench.web.bare import written_for
from bench.web.load import FIRST_VERSION, PLACEHOLDER
from bench.web.servers import BARE, OURS, loaded, serving
from bench.web.world import Asked, World, world

AGAINST = "a bare Flask route"
LEAST = Aim("least", 0.6)
CONSTANT = Aim("most", 1.0)
VISITORS = 16
SUBMISSIONS = 40
"""Drafts that a visitor may send in a second: more than any server here takes."""
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A kind of request. `asks` gives what one visitor asks with a draft, in turn.

    `once` says that a draft bears it only once; `durable` that the answer must survive a power cut.
    """

    name: str
    asks: Callable[[World, str], list[Asked]]
    once: bool = False
    durable: bool = False


def _view(made: World, draft: str) -> list[Asked]:
    return [Asked(made.form_of(draft))]


def _change(made: World, draft: str) -> list[Asked]:
    hub, path = f"item_0.{HUB}", f"/applications/{draft}/answers"
    return [Asked(path, {hub: code, "version": PLACEHOLDER}, script=True) for code in "cb"]


def _save(made: World, draft: str) -> list[Asked]:
    fields = made.controls()
    first = next(name for name, value in fields.items() if "Road" in value)
    return [
        Asked(
            made.form_of(draft), {**fields, first: value, "version": PLACEHOLDER, "continue": "1"}
        )
        for value in ("Jida Road 12", "Lovers Road 68-2")
    ]


def _submit(made: World, draft: str) -> list[Asked]:
    fields = {"digest": made.digest(draft), "name": made.person.name, "declared": "1"}
    return [Asked(f"/applications/{draft}/submit", fields)]


EXCHANGES = (
    Exchange("page view", _view),
    Exchange("field change", _change),
    Exchange("save", _save),
    Exchange("submit", _submit, once=True, durable=True),
)


def lines(effort: Effort) -> Iterator[Line]:
    """Requests per second of every exchange at every size; then their queries at all sizes."""
    queries: dict[str, list[int]] = {one.name: [] for one in EXCHANGES}
    for size in effort.http_sizes:
        with folder() as data, world(data, size) as made:
            routes = {}
            for number, exchange in enumerate(EXCHANGES):
                route, asked = _rehearse(made, exchange)
                routes[str(number)] = route
                queries[exchange.name].append(asked)
            bare = written_for(data, routes)
            with serving(OURS, environment(data)) as ours, serving(BARE, bare) as base:
                for number, exchange in enumerate(EXCHANGES):
                    found = _compare(made, exchange, number, routes, (ours, base), effort)
                    yield line(
                        "http", f"{exchange.name}, {size} fields", found, "/s", AGAINST, LEAST
                    )
    for name, counts in queries.items():
        most, least = max(counts), min(counts)
        ratio = Ratio(most / least, most / least, most / least)
        case = f"{name}, queries at every size"
        yield Line("http", case, most, "", "the smallest form", least, ratio, CONSTANT)


def _rehearse(made: World, exchange: Exchange) -> tuple[dict[str, Any], int]:
    """What the bare route has to answer and to write; how many statements ours needs."""
    asked = exchange.asks(made, made.draft())[0]
    if asked.fields and "version" in asked.fields:
        asked = replace(asked, fields={**asked.fields, "version": FIRST_VERSION})
    with made.installation.store.queries() as queries:
        answer = made.ask(asked)
    assert answer.status_code < 400, exchange.name
    writes = [one for one in queries.statements if one.lstrip().upper().startswith(WRITES)]
    route = {
        "body": answer.get_data(as_text=True),
        "status": answer.status_code,
        "writes": len(writes),
        "durable": exchange.durable,
        "content": "x" * len(str(made.right)),
    }
    return route, len(queries)


def _compare(
    made: World,
    exchange: Exchange,
    number: int,
    routes: dict[str, Any],
    ports: tuple[int, int],
    effort: Effort,
) -> Comparison:
    """Rates of both servers in turn; the first turn warms up and doesn't count."""
    status = routes[str(number)]["status"]
    rates = []
    for _ in range(effort.http_rounds + 1):
        visitors = [_visitor(made, exchange, status, effort) for _ in range(VISITORS)]
        bare = [[{**one, "path": f"/{number}"} for one in asks] for asks in visitors]
        ours = loaded(ports[0], visitors, effort.seconds, once=exchange.once)
        rates.append((ours, loaded(ports[1], bare, effort.seconds, once=False)))
    counted = rates[1:]
    return Comparison(
        median(ours for ours, _ in counted),
        median(base for _, base in counted),
        Ratio.of([ours / base for ours, base in counted]),
    )


def _visitor(made: World, exchange: Exchange, status: int, effort: Effort) -> list[dict[str, Any]]:
    """What one visitor asks, each request as the load's process takes it."""
    count = max(1, int(effort.seconds * SUBMISSIONS)) if exchange.once else 1
    asked = [one for _ in range(count) for one in exchange.asks(made, made.draft())]
    return [_request(made, one, status) for one in asked]


def _request(made: World, asked: Asked, status: int) -> dict[str, Any]:
    headers = made.headers()
    if asked.fields is None:
        return {
            "method": "GET",
            "path": asked.path,
            "headers": headers,
            "body": "",
            "status": status,
        }
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    headers |= {"HX-Request": "true"} if asked.script else {}
    body = urlencode({**asked.fields, "csrf_token": made.token})
    return {
        "method": "POST",
        "path": asked.path,
        "headers": headers,
        "body": body,
        "status": status,
    }
