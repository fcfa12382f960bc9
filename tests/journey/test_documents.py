"""A PDF e-licence that a person brings: shown first, taken over after a yes, never trusted."""

from __future__ import annotations

import io

import pytest

from definitions.problems import Problem
from definitions.wording import sentences
from plugins.sandbox.paper import license_pdf
from plugins.sandbox.seeds import Record
from runtime.journey import documents
from runtime.journey.draft import Draft
from runtime.store import Change, Limits, NotFound, StoredFile, Upload
from tests.journey.finishing import upload
from tests.journey.world import PDF, World


def paper(world: World, type_: str) -> bytes:
    """A licence of the case, on paper."""
    one = next(one for one in world.office.licenses if one.type == type_)
    return license_pdf(
        Record(
            type=one.type,
            holder=one.holder,
            number=one.number,
            holder_name=one.holder_name,
            identifier=one.identifier,
            issuer=one.issuer,
            issued_on=one.issued_on,
            data=dict(one.data),
        )
    )


def without_licence(world: World) -> Draft:
    """A draft that no source has filled: its answers from the business licence are gone."""
    draft = world.filled("open_restaurant")
    known = draft.application.provenance
    said = [name for name, one in known.items() if one.license_type == "business_license"]
    said = [name for name in said if not name.endswith("enterprise.credit_code")]
    change = Change(answers=dict.fromkeys(said), provenance=dict.fromkeys(said), licenses=())
    return world.save(draft, change)


def brought(world: World, draft: Draft) -> tuple[Draft, str]:
    file = Upload(io.BytesIO(paper(world, "business_license")), "营业执照.pdf", documents.PURPOSE)
    stored = documents.bring(draft, file)
    assert isinstance(stored, StoredFile), stored
    return world.open(draft.actor, draft.application.id), stored.id


def test_what_it_would_fill_is_shown_and_nothing_is_filled_yet(world: World) -> None:
    draft = without_licence(world)
    before = dict(draft.answers)
    draft, file = brought(world, draft)
    found = documents.found(draft, file)
    assert found.license.type == "business_license"
    assert found.license.trust == "C"
    assert found.fills
    assert not found.accepted
    assert dict(draft.answers) == before


def test_after_a_yes_the_values_are_there_as_from_an_own_document(world: World) -> None:
    draft, file = brought(world, without_licence(world))
    fills = documents.found(draft, file).fills
    documents.accept(draft, file)
    draft = world.open(draft.actor, draft.application.id)
    for where, offer in fills.items():
        assert draft.answers[where] == offer.value
        source = draft.application.provenance[where]
        assert (source.origin, source.trust) == ("own_document", "C")
    again = documents.found(draft, file)
    assert again.accepted
    assert not again.fills


def test_what_was_answered_otherwise_stays(sqlite_world: World) -> None:
    draft, file = brought(sqlite_world, without_licence(sqlite_world))
    said = documents.found(draft, file).fills
    where = next(name for name in said if draft.plan.question(name).type in ("text", "address"))
    draft = sqlite_world.answer(draft, {where: "别的内容"})
    assert where in documents.found(draft, file).differs
    documents.accept(draft, file)
    draft = sqlite_world.open(draft.actor, draft.application.id)
    assert draft.answers[where] == "别的内容"


def test_a_document_can_be_forgotten(sqlite_world: World) -> None:
    draft, file = brought(sqlite_world, without_licence(sqlite_world))
    documents.forget(draft, file)
    draft = sqlite_world.open(draft.actor, draft.application.id)
    assert documents.all_found(draft) == []
    with pytest.raises(NotFound):
        documents.found(draft, file)


def test_a_document_of_somebody_else_fills_nothing(sqlite_world: World) -> None:
    draft = without_licence(sqlite_world)
    one = next(one for one in sqlite_world.office.licenses if one.type == "business_license")
    other = dict(one.data) | {"统一社会信用代码": "91440400192548256N"}
    sqlite_world.office.change("business_license", one.holder, data=other)
    draft, file = brought(sqlite_world, draft)
    assert not documents.found(draft, file).fills


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.4 broken", "file.broken"),
        (b"%PDF-1.4\n/JavaScript\n%%EOF\n", "file.active"),
        (b"\xff\xd8\xff picture", "file.wrong_type"),
        (b"MZ program", "file.unknown_type"),
        (PDF, "own_document.nothing"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    sqlite_world: World, content: bytes, code: str
) -> None:
    draft = sqlite_world.filled("open_restaurant")
    problem = documents.bring(draft, Upload(io.BytesIO(content), "", documents.PURPOSE))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.code in sentences()
    assert not sqlite_world.installation.store.files.of(draft.actor, draft.application)


def test_a_paper_that_is_no_licence_is_just_a_paper(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    store = sqlite_world.installation.store
    kept = store.files.accept(draft.actor, draft.application, upload(), Limits(), draft.now)
    assert isinstance(kept, StoredFile)
    documents.look_into(draft, kept)
    assert documents.all_found(sqlite_world.open(draft.actor, draft.application.id)) == []


def test_not_using_what_a_paper_says_keeps_the_paper(world: World) -> None:
    draft = without_licence(world)
    content = paper(world, "business_license")
    kept = draft.installation.store.files.accept(
        draft.actor, draft.application, upload(content), Limits(), draft.now
    )
    assert isinstance(kept, StoredFile)
    documents.look_into(world.open(draft.actor, draft.application.id), kept)
    draft = world.open(draft.actor, draft.application.id)
    assert [one.file for one in documents.all_found(draft)] == [kept.id]
    documents.forget(draft, kept.id)
    draft = world.open(draft.actor, draft.application.id)
    assert documents.all_found(draft) == []
    draft.installation.store.files.open(draft.actor, draft.application, kept.id)[1].close()


def test_a_paper_that_goes_takes_along_what_was_read_in_it(world: World) -> None:
    draft, file = brought(world, without_licence(world))
    documents.remove(draft, file)
    draft = world.open(draft.actor, draft.application.id)
    assert documents.all_found(draft) == []
    assert draft.installation.store.files.of(draft.actor, draft.application) == []


def test_taking_over_twice_is_taking_over_once(world: World) -> None:
    draft, file = brought(world, without_licence(world))
    documents.accept(draft, file)
    draft = world.open(draft.actor, draft.application.id)
    documents.accept(draft, file)
    draft = world.open(draft.actor, draft.application.id)
    assert len(draft.application.licenses) == 1
    with pytest.raises(NotFound):
        documents.forget(draft, file)
