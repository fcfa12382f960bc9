"""What is stuck can be listed, shown and sent again from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import cli
from runtime.installation import Installation, moment
from runtime.settings import from_environment
from runtime.store import SYSTEM
from tests.journey.outside import Outside
from tests.journey.test_cases import submitted
from tests.journey.world import built

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    environment = {
        "YIBIAO_DATA": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'one.db'}",
    }

    def invoke(*arguments: str) -> Result:
        return CliRunner(env=environment).invoke(cli, ["deliveries", *arguments])

    return invoke


@pytest.fixture
def dead(tmp_path: Path) -> str:
    """The id of a delivery that has no connector to go to."""
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}") as world:
        id = submitted(world, "open_restaurant")
        outside = Outside(world.installation)
        outside.work()
        return outside.entry(id, "check.query#1").id


def test_what_is_stuck_is_listed_and_shown(run: Run, dead: str) -> None:
    assert dead in run("list").output
    [one] = json.loads(run("list", "--json").output)
    assert (one["id"], one["standing"], one["error"]) == (dead, "dead", "no connector registry")
    shown = json.loads(run("show", dead, "--json").output)
    assert (shown["operation"], shown["step"]) == ("registry.enterprise", "check.query")
    assert "operation: registry.enterprise" in run("show", dead).output


def test_a_dead_delivery_is_sent_again_once(run: Run, dead: str, tmp_path: Path) -> None:
    again = run("resend", dead)
    assert again.exit_code == 0, again.output
    environment = {"YIBIAO_DATA": str(tmp_path / "data")}
    settings = from_environment(environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'one.db'}"})
    installation = Installation(settings, {})
    assert installation.store.ledger.due(SYSTEM, moment()) == [("call", "registry.enterprise")]
    installation.close()
    assert (settings.data / "queue.db").exists()  # the worker is woken
    twice = run("resend", dead)
    assert twice.exit_code == 1
    assert "only a dead one is resent" in twice.output


def test_an_id_of_nothing_says_where_ids_are(run: Run, dead: str) -> None:
    for command in ("show", "resend"):
        told = run(command, "nothing")
        assert told.exit_code == 1
        assert "`deliveries list` names them" in told.output
