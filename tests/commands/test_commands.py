"""Commands do what their help says, speak JSON to programs, and say what to do when they fail."""

from __future__ import annotations

import copy
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from app import cli
from definitions.archive import export_zip
from definitions.canonical import digest
from definitions.reader import load_library
from definitions.release import Release, make_release
from runtime.store import SYSTEM, Store, open_ring
from runtime.store.keys import new_pair

Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of an installation of its own, on a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return {
        "YIBIAO_DATA": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'yibiao.db'}",
        "YIBIAO_PORT": str(port),
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Runs a command in that installation."""

    def invoke(*arguments: str) -> Result:
        return CliRunner(env=environment).invoke(cli, list(arguments))

    return invoke


def every_command() -> list[tuple[str, ...]]:
    found = []
    for name, command in cli.commands.items():
        found.append((name,))
        found += [(name, inner) for inner in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_every_command_has_help(run: Run, command: tuple[str, ...]) -> None:
    shown = run(*command, "--help")
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 3


def test_the_library_that_ships_has_no_errors(run: Run) -> None:
    checked = run("check", "--json")
    assert checked.exit_code == 0
    assert json.loads(checked.output)["errors"] == 0


def test_check_names_file_place_and_code(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"kind": "item", "kind": "item"}', encoding="utf-8")
    checked = run("check", str(broken), "--json")
    [problem] = json.loads(checked.output)["problems"][:1]
    assert checked.exit_code == 1
    assert "broken.json" in problem["where"]
    assert problem["code"].startswith("definition.")
    assert problem["text"]


def test_burden_of_a_restaurant_is_at_most_a_third(run: Run) -> None:
    figures = json.loads(run("burden", "open_restaurant", "--json").output)
    assert set(figures) == {
        "fields_before", "fields_after", "prefilled", "typed", "papers_before", "papers_after",
    }  # fmt: skip
    assert figures["typed"] <= 0.35 * figures["fields_before"]
    assert figures["papers_after"] < figures["papers_before"]


def test_burden_without_a_name_is_of_every_service(run: Run) -> None:
    assert len(json.loads(run("burden", "--json").output)) == 4


def test_cases_pass_and_say_so(run: Run) -> None:
    told = run("cases", "open_restaurant", "--json")
    assert told.exit_code == 0
    assert all(row["passed"] for row in json.loads(told.output))


def test_combine_says_what_merged_and_why(run: Run) -> None:
    made = json.loads(run("combine", "open_restaurant", "--json").output)
    name = next(one for one in made["questions"] if one["question"] == "applicant.party.name")
    assert len(name["fields"]) > 3
    assert name["merged"] == "element"


def test_the_bundled_schema_is_a_schema(run: Run) -> None:
    made = json.loads(run("schema", "sell_home").output)
    Draft202012Validator.check_schema(made)
    assert made["additionalProperties"] is False


def test_a_worker_without_its_redis_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("db", "migrate")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    told = run("worker")
    assert told.exit_code == 1
    assert "REDIS_URL" in told.output


@pytest.mark.parametrize("command", [("burden",), ("cases",), ("combine",), ("schema",)])
def test_an_unknown_service_is_answered_with_those_there_are(
    run: Run, command: tuple[str, ...]
) -> None:
    told = run(*command, "nothing")
    assert told.exit_code == 1
    assert "open_restaurant" in told.output


def test_a_database_without_tables_is_told_how_to_get_them(run: Run) -> None:
    told = run("release", "list")
    assert told.exit_code == 1
    assert "db migrate" in told.output


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("YIBIAO_KEYS", "garbage", "YIBIAO_KEYS"),
        ("DATABASE_URL", "mysql://nobody", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing", "DATABASE_URL"),
        ("YIBIAO_DATA", "/dev/null/data", "YIBIAO_DATA"),
        ("YIBIAO_PORT", "70000", "from 1 to 65535"),
        ("YIBIAO_WORKERS", "0", "YIBIAO_WORKERS"),
        ("YIBIAO_SANDBOX", "false", "from 0 to 1"),
        ("YIBIAO_URL", "yibiao.example", "https://"),
    ],
)
def test_what_is_set_wrongly_is_named(
    run: Run, environment: dict[str, str], variable: str, value: str, said: str
) -> None:
    environment[variable] = value
    told = run("db", "migrate")
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert said in told.output.splitlines()[-1]


def test_what_is_no_database_is_told_from_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "yibiao.db").write_text("not a database" * 100, encoding="ascii")
    told = run("db", "migrate")
    assert told.exit_code == 1
    assert "file is not a database" in told.output


def test_a_damaged_database_is_said_to_be_so(run: Run, tmp_path: Path) -> None:
    run("db", "migrate")
    run("release", "publish", "sell_home", "--reason", "first")
    file = tmp_path / "data" / "yibiao.db"
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(b"\xff" * (file.stat().st_size - 4096))
    told = run("release", "list")
    assert told.exit_code == 1
    assert isinstance(told.exception, SystemExit)
    assert "can't be used" in told.output.splitlines()[-1]


def test_an_empty_variable_counts_as_none(run: Run, environment: dict[str, str]) -> None:
    for name in ("YIBIAO_PORT", "YIBIAO_SANDBOX", "REDIS_URL", "YIBIAO_URL"):
        environment[name] = ""
    assert run("db", "migrate").exit_code == 0


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_without_tables(run: Run, command: str) -> None:
    told = run(command)
    assert told.exit_code == 1
    assert "db migrate" in told.output


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_with_keys_of_another_database(
    run: Run, environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    run("db", "migrate")
    data = tmp_path / "data"
    store = Store(f"sqlite:///{data / 'yibiao.db'}", data, open_ring(data, {}))
    store.people.meet(SYSTEM, "440402198503124260", "陈海珊", (), datetime.now(UTC))
    store.close()
    environment["YIBIAO_KEYS"] = new_pair("other")
    told = run(command)
    assert told.exit_code == 1
    assert "YIBIAO_KEYS" in told.output.splitlines()[-1]


def test_serve_does_not_share_a_port(run: Run, environment: dict[str, str]) -> None:
    run("db", "migrate")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment["YIBIAO_PORT"] = str(taken.getsockname()[1])
        told = run("serve")
    assert told.exit_code == 1
    assert "YIBIAO_PORT" in told.output


def test_check_of_a_folder_without_definitions_fails(run: Run, tmp_path: Path) -> None:
    told = run("check", str(tmp_path))
    assert told.exit_code == 1
    assert "no .json files" in told.output


def test_an_older_release_is_found_by_its_hash(run: Run, tmp_path: Path) -> None:
    run("db", "migrate")
    run("release", "publish", "sell_home", "--reason", "first")
    first = json.loads(run("release", "list", "--json").output)[0]["release"]
    assert run("release", "publish", first[:12], "--reason", "back").exit_code == 0
    rows = json.loads(run("release", "list", "sell_home", "--json").output)
    assert {(row["release"], row["reason"]) for row in rows} == {(first, "first"), (first, "back")}
    archive = tmp_path / "old.zip"
    assert run("release", "export", first[:12], str(archive)).exit_code == 0
    assert archive.exists()
    assert "nothing changed" in run("release", "diff", first[:12], "sell_home").output
    assert run("release", "publish", first[:3], "--reason", "too short").exit_code == 1
    assert run("release", "publish", "sell_home", "--reason", " ").exit_code == 2
    assert run("release", "list", "nothing").exit_code == 1
    assert run("release", "export", "sell_home", "/dev/null/no.zip").exit_code == 1


def test_publish_list_export_import_and_compare(run: Run, tmp_path: Path) -> None:
    assert run("db", "migrate").exit_code == 0
    published = run("release", "publish", "open_restaurant", "--reason", "first")
    assert published.exit_code == 0, published.output
    rows = json.loads(run("release", "list", "--json").output)
    assert {row["service"] for row in rows} == {"open_restaurant"}
    archive = tmp_path / "sell_home.zip"
    assert run("release", "export", "sell_home", str(archive)).exit_code == 0
    imported = run("release", "import", str(archive), "--reason", "from a neighbour")
    assert imported.exit_code == 0, imported.output
    rows = json.loads(run("release", "list", "--json").output)
    assert {row["service"] for row in rows} == {"open_restaurant", "sell_home"}
    same = run("release", "diff", rows[0]["release"], rows[0]["service"])
    assert "nothing changed" in same.output
    other = run("release", "diff", "open_restaurant", "sell_home", "--json")
    assert json.loads(other.output)


def test_a_bundle_with_one_bad_part_changes_nothing(run: Run, tmp_path: Path) -> None:
    run("db", "migrate")
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 not a zip")
    told = run("release", "import", str(bad), "--reason", "x")
    assert told.exit_code == 1
    assert json.loads(run("release", "list", "--json").output) == []


def test_a_release_from_elsewhere_is_checked_before_it_goes_live(run: Run, tmp_path: Path) -> None:
    run("db", "migrate")
    content = copy.deepcopy(make_release(load_library(), "sell_home").content)
    tax = content["definitions"]["item/sale_tax"]
    tax["process"]["steps"]["pay"]["after"].append("nowhere")
    archive = tmp_path / "wrong.zip"
    archive.write_bytes(export_zip(Release(digest(content), content)))
    told = run("release", "import", str(archive), "--reason", "from a neighbour")
    assert told.exit_code == 1
    assert "/process/steps/pay/after" in told.output
    assert json.loads(run("release", "list", "--json").output) == []


def test_backup_and_restore(run: Run, tmp_path: Path) -> None:
    run("db", "migrate")
    run("release", "publish", "sell_home", "--reason", "first")
    folder = tmp_path / "backup"
    assert run("db", "backup", str(folder)).exit_code == 0
    again = run("db", "backup", str(folder))
    assert again.exit_code == 1
    (tmp_path / "data" / "yibiao.db").unlink()
    for leftover in (tmp_path / "data").glob("yibiao.db-*"):
        leftover.unlink()
    restored = run("db", "restore", str(folder))
    assert restored.exit_code == 0, restored.output
    assert "sell_home" in run("release", "list").output
