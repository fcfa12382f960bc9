"""Papers after sending: told, held to the same limits, and nothing that was signed changes."""

from __future__ import annotations

import io

import pytest

from definitions.problems import Problem
from runtime.store import Actor, Limits, NotFound, Refused, StoredFile, Upload
from tests.store.fixtures import NOW, Town
from tests.store.samples import EVERYTHING, PDF, accept


def _sent(town: Town) -> None:
    """The application is sent, with a file that was signed along."""
    accept(town, "signed.pdf", PDF)
    owner = town.people["owner"]
    town.held = town.store.submissions.submit(owner, town.held, (), {}, NOW).application


def later(
    town: Town, content: bytes = PDF, name: str = "b.pdf", limits: Limits = EVERYTHING
) -> StoredFile | Problem:
    """Hand something in after sending."""
    upload = Upload(io.BytesIO(content), name, "rules")
    return town.store.files.add(town.people["owner"], town.held, upload, limits, NOW)


def _told(town: Town) -> list[tuple[str, str]]:
    happened = town.store.events.of(town.people["owner"], town.held)
    return [(one.kind, one.data["file"]["name"]) for one in happened if "file" in one.data]


def test_what_comes_after_sending_is_told_and_changes_nothing_that_was_signed(town: Town) -> None:
    _sent(town)
    owner, files = town.people["owner"], town.store.files
    signed = files.of(owner, town.held)
    kept = later(town)
    assert isinstance(kept, StoredFile)
    assert {one.id for one in files.of(owner, town.held)} == {signed[0].id, kept.id}
    fresh = town.store.applications.fresh(owner, town.held)
    assert (fresh.status, fresh.number) == ("submitted", town.held.number)
    assert fresh.file_bytes == town.held.file_bytes + kept.size
    event = town.store.events.of(owner, fresh)[-1]
    assert event.kind == "handed_in"
    assert event.data["paper"] == "rules"
    assert event.data["file"]["sha256"] == kept.sha256
    assert town.store.events.verify_chain(owner, fresh) is None
    files.take_back(owner, fresh, kept.id, NOW)
    assert files.of(owner, fresh) == signed
    assert _told(town) == [("handed_in", "b.pdf"), ("taken_back", "b.pdf")]
    assert town.store.applications.fresh(owner, fresh).file_bytes == town.held.file_bytes
    with pytest.raises(NotFound):
        files.take_back(owner, fresh, kept.id, NOW)


def test_the_same_file_again_is_the_one_that_is_there(sqlite_town: Town) -> None:
    _sent(sqlite_town)
    first, again = later(sqlite_town), later(sqlite_town, name="renamed.pdf")
    assert again == first
    assert _told(sqlite_town) == [("handed_in", "b.pdf")]
    on_disk = [path for path in (sqlite_town.store.data / "files").rglob("*") if path.is_file()]
    assert len(on_disk) == 2, "the signed one, and one that came later"


def test_what_was_signed_cannot_be_taken_back(sqlite_town: Town) -> None:
    _sent(sqlite_town)
    owner, files = sqlite_town.people["owner"], sqlite_town.store.files
    (signed,) = files.of(owner, sqlite_town.held)
    with pytest.raises(NotFound):
        files.take_back(owner, sqlite_town.held, signed.id, NOW)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_files=1), "file.too_many"),
        (Limits(max_application_bytes=len(PDF) * 2), "file.quota"),
        (Limits(accept=("png",)), "file.wrong_type"),
    ],
)
def test_what_comes_later_is_held_to_the_same_limits(
    sqlite_town: Town, limits: Limits, code: str
) -> None:
    _sent(sqlite_town)
    assert isinstance(later(sqlite_town), StoredFile)
    problem = later(sqlite_town, PDF + b"%%EOF\n", limits=limits)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert _told(sqlite_town) == [("handed_in", "b.pdf")]


def test_nothing_follows_a_draft_or_what_was_withdrawn(sqlite_town: Town) -> None:
    sqlite_town.held = sqlite_town.draft()
    with pytest.raises(Refused):
        later(sqlite_town)
    _sent(sqlite_town)
    kept = later(sqlite_town)
    assert isinstance(kept, StoredFile)
    owner, store = sqlite_town.people["owner"], sqlite_town.store
    before = store.applications.fresh(owner, sqlite_town.held)
    store.submissions.withdraw(owner, before, "", NOW)
    with pytest.raises(Refused):
        later(sqlite_town, PDF + b"%%EOF\n")
    with pytest.raises(Refused):
        store.files.take_back(owner, before, kept.id, NOW)


def test_one_query_tells_of_all_that_are_ones_own(town: Town) -> None:
    _sent(town)
    later(town)
    mine, other = town.held, town.draft("neighbour")
    wanted = [mine.id, other.id]
    with town.store.queries() as queries:
        told = town.store.events.of_own(town.people["owner"], wanted, "handed_in", "submitted")
    assert len(queries.statements) == 1
    assert {name: [one.kind for one in found] for name, found in told.items()} == {
        mine.id: ["submitted", "handed_in"]
    }
    assert town.store.events.of_own(town.people["agent"], wanted, "handed_in") == {}


def test_an_enterprise_reads_what_was_handed_in_for_it(sqlite_town: Town) -> None:
    agent, draft = sqlite_town.people["agent"], sqlite_town.draft("agent")
    told = sqlite_town.store.events.of_own(agent, [draft.id], "created")
    assert [one.kind for one in told[draft.id]] == ["created"]
    alone = Actor("applicant", agent.person, agent.name)
    assert sqlite_town.store.events.of_own(alone, [draft.id], "created") == {}
