"""`deliveries`: what could not be delivered to the systems outside: list, show, send again."""

from __future__ import annotations

from typing import Any

import click

from runtime.commands.database import at_work
from runtime.commands.output import json_option, show
from runtime.installation import moment
from runtime.settings import from_environment
from runtime.store import SYSTEM, NotFound, Store
from runtime.store.ledger import Entry


@click.group()
def deliveries() -> None:
    """What applications send to the systems outside, where it didn't arrive."""


@deliveries.command("list")
@json_option
def listing(as_json: bool) -> None:
    """List what can't be delivered, and what has failed and is tried again.

    `dead` waits for somebody: mend the cause, then `deliveries resend ID`.
    """
    with at_work(from_environment()) as installation:
        stuck = installation.store.ledger.stuck(SYSTEM)
    data = [_summary(one) for one in stuck]
    show(data, as_json, lambda: [_line(one) for one in data] or ["nothing is stuck"])


@deliveries.command("show")
@click.argument("delivery")
@json_option
def shown(delivery: str, as_json: bool) -> None:
    """Show one DELIVERY: what it is for, how it went, what was sent and answered.

    That may be personal data: it is shown to whoever may run this command.
    """
    with at_work(from_environment()) as installation:
        entry = _entry(installation.store, delivery)
    data = {**_summary(entry), "sent": entry.exchange.get("sent", {}), "answer": _answer(entry)}
    show(data, as_json, lambda: [f"{name}: {value}" for name, value in data.items()])


@deliveries.command()
@click.argument("delivery")
def resend(delivery: str) -> None:
    """Send a dead DELIVERY again, with the same key: its effect happens once."""
    with at_work(from_environment()) as installation:
        entry = _entry(installation.store, delivery)
        if entry.standing != "dead":
            raise click.ClickException(f"{delivery} is {entry.standing}: only a dead one is resent")
        installation.store.ledger.revive(SYSTEM, entry, moment())
        installation.wake()
    click.echo(f"{delivery} goes out again")


def _entry(store: Store, delivery: str) -> Entry:
    try:
        return store.ledger.get(SYSTEM, delivery)
    except NotFound:
        raise click.ClickException(
            f"there is no delivery {delivery}: `deliveries list` names them"
        ) from None


def _summary(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "standing": entry.standing,
        "application": entry.application,
        "kind": entry.kind,
        "operation": entry.operation,
        "step": entry.step,
        "run": entry.run,
        "tries": entry.tries,
        "error": entry.error,
        "created_at": entry.created_at.isoformat(timespec="seconds"),
        "due_at": entry.due_at.isoformat(timespec="seconds"),
    }


def _answer(entry: Entry) -> Any:
    return entry.exchange.get("answer") or entry.exchange.get("rejected") or {}


def _line(one: dict[str, Any]) -> str:
    what = " ".join(filter(None, (one["kind"], one["operation"], one["step"])))
    return f"{one['id']}  {one['standing']:5}  {what}  tries {one['tries']}: {one['error']}"
