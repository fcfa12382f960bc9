"""Files that come or go while an application is sent: what was signed is what is there."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from runtime.store import Conflict, Limits, NotFound, Refused, Slice, StoredFile, Upload
from runtime.store.errors import Unreadable
from tests.store.fixtures import NOW, Town
from tests.store.test_races import at_once

PDF = b"%PDF-1.4\n%%EOF\n"
SLICE = Slice("food", "food_license", "market_regulation", {"area": 80})


def upload(content: bytes = PDF) -> Upload:
    return Upload(io.BytesIO(content), "a.pdf", "lease_contract")


def on_disk(town: Town) -> int:
    folder = town.store.data / "files"
    return sum(path.is_file() for path in folder.rglob("*"))


def test_a_signed_file_is_not_removed_by_a_tab_that_still_shows_the_draft(town: Town) -> None:
    owner, draft, files = town.people["owner"], town.draft(), town.store.files
    kept = files.accept(owner, draft, upload(), Limits(), NOW)
    assert isinstance(kept, StoredFile)
    shown = town.store.applications.fresh(owner, draft)
    sent = town.store.submissions.submit(owner, shown, (SLICE,), {}, NOW).application
    with pytest.raises(Refused) as refused:
        files.remove(owner, shown, kept.id)
    assert refused.value.problem.code == "application.not_a_draft"
    assert [one.id for one in files.of(owner, sent)] == [kept.id]
    files.open(owner, sent, kept.id)[1].close()


def test_a_file_for_what_was_sent_meanwhile_is_refused_in_the_right_words(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    town.store.submissions.submit(owner, draft, (SLICE,), {}, NOW)
    with pytest.raises(Refused) as refused:
        town.store.files.accept(owner, draft, upload(), Limits(), NOW)
    assert refused.value.problem.code == "application.not_a_draft"
    assert on_disk(town) == 0


def test_a_file_for_a_draft_that_is_gone_leaves_nothing(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    town.store.applications.discard(owner, draft)
    with pytest.raises(NotFound):
        town.store.files.accept(owner, draft, upload(), Limits(), NOW)
    assert on_disk(town) == 0


def test_what_was_checked_without_a_new_file_is_not_sent(town: Town) -> None:
    owner, checked = town.people["owner"], town.draft()
    town.store.files.accept(owner, checked, upload(), Limits(), NOW)
    with pytest.raises(Conflict):
        town.store.submissions.submit(owner, checked, (SLICE,), {}, NOW)


def test_what_was_checked_with_a_file_that_is_gone_is_not_sent(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    kept = town.store.files.accept(owner, draft, upload(), Limits(), NOW)
    assert isinstance(kept, StoredFile)
    checked = town.store.applications.fresh(owner, draft)
    town.store.files.remove(owner, checked, kept.id)
    with pytest.raises(Conflict):
        town.store.submissions.submit(owner, checked, (SLICE,), {}, NOW)


def test_of_many_files_at_once_no_more_are_kept_than_there_may_be(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()

    def work(number: int) -> object:
        content = PDF + b"%" * number
        return town.store.files.accept(owner, draft, upload(content), Limits(max_files=2), NOW)

    kept = [one for one in at_once(town, 8, work) if isinstance(one, StoredFile)]
    assert len(kept) == 2
    assert on_disk(town) == 2
    fresh = town.store.applications.fresh(owner, draft)
    assert fresh.file_bytes == sum(one.size for one in kept)


def test_a_file_keeps_the_draft_as_an_answer_does(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    late = NOW + timedelta(days=27)
    town.store.files.accept(owner, draft, upload(), Limits(), late)
    held = town.store.applications.load(owner, draft.id, late + timedelta(days=27))
    assert held.updated_at == late


def test_a_file_that_can_not_be_read_again_leaves_nothing(
    sqlite_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object) -> None:
        raise Unreadable("torn")

    monkeypatch.setattr("runtime.store.files.repository.judge", torn)
    owner, draft = sqlite_town.people["owner"], sqlite_town.draft()
    with pytest.raises(Unreadable):
        sqlite_town.store.files.accept(owner, draft, upload(), Limits(), NOW)
    assert on_disk(sqlite_town) == 0
