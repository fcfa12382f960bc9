"""What sources say is kept between requests, and is always what would be worked out anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.cases import cases
from definitions.model import License
from definitions.plan import Plan, Question
from runtime.engine.prefill import offers
from runtime.engine.trial import trial
from runtime.journey.draft import Draft
from runtime.store.changes import with_value
from tests.combination.factory import Raw, equals, item, leaf, meaning, plan, service, text, use
from tests.journey.world import World, built, library, released

SERVICES = sorted(library().services)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One installation for all examples; they change drafts in memory only."""
    folder = tmp_path_factory.mktemp("kept")
    with built(folder, f"sqlite:///{folder / 'one.db'}", SERVICES) as made:
        yield made


@pytest.fixture(scope="module", params=SERVICES)
def opened(request: pytest.FixtureRequest, world: World) -> list[Draft]:
    """A draft of each case of a service in which somebody signs in, as it opens."""
    _, offered, _ = released(request.param)
    found = enumerate(cases(offered.service))
    return [world.begun(request.param, case=at) for at, case in found if case.signed_in]


def answered(draft: Draft, control: str, value: Any) -> Draft:
    """The draft with one answer changed, in memory."""
    answers = with_value(draft.answers, control, value)
    parts = draft.application.parts.with_changes({}, {"answers": answers})
    return draft.with_application(replace(draft.application, parts=parts))


@cache
def known(name: str) -> Mapping[str, list[Any]]:
    """By question, what the cases answer to it: keys that licences agree with among them."""
    _, offered, _ = released(name)
    found: dict[str, list[Any]] = {}
    for case in cases(offered.service):
        for question, value in trial(offered, case).answers.items():
            found.setdefault(question, []).append(value)
    return found


def values(of: Plan, question: Question) -> st.SearchStrategy[Any]:
    """An answer of a case, a choice, none at all, or some of the rows."""
    choices = [True, False] if question.type == "boolean" else list(question.options)
    given_ = known(of.service.id).get(question.id, [])
    shorter = [value[:-1] for value in given_ if question.columns and value]
    return st.sampled_from([None, *choices, *given_, *shorter])


def steps(of: Plan) -> st.SearchStrategy[list[tuple[str, Any]]]:
    """Answers one after the other."""
    askable = [one for one in of.questions.values() if one.takes_answer]
    step = st.sampled_from(askable).flatmap(lambda one: st.tuples(st.just(one.id), values(of, one)))
    return st.lists(step, min_size=4, max_size=16)


FIRM: Raw = {"firm": {"kind": "firm"}}
PERMIT: Raw = {
    "kind": "license",
    "id": "permit",
    "title": text("permit"),
    "issuer": "office",
    "subjects": {"holder": {"kind": "firm"}},
    "fields": {
        name: {"$ref": f"element:e.{name}", "about": "holder", "label": name}
        for name in ("sort", "count")
    },
}


def test_a_question_that_a_value_brings_up_hangs_on_what_was_typed(world: World) -> None:
    fields = {
        "code": meaning("e.code", "firm"),
        "sort": meaning("e.sort", "firm"),
        "sure": leaf("boolean"),
        "count": meaning("e.count", "firm"),
    }
    both = {"when": {"and": [equals("sort", "x"), equals("sure", True)]}, "show": ["count"]}
    one = item("one", FIRM, fields, rules={"both": both})
    made = plan(one, service(FIRM, {"a": use("one", {"firm": "firm"})}), PERMIT)
    draft = replace(world.begun("open_restaurant"), plan=made)
    held = (License("permit", "1", "C1", {"sort": "x", "count": 7}),)
    answers = {"firm.e.code": "C1", "a.sure": False}
    parts = draft.application.parts.with_changes({}, {"licenses": held, "answers": answers})
    draft = draft.with_application(replace(draft.application, parts=parts))
    assert set(draft.prefill.values) == {"firm.e.sort"}
    assert set(answered(draft, "a.sure", True).prefill.values) == {"firm.e.sort", "firm.e.count"}


@settings(max_examples=60)
@given(data=st.data())
def test_the_kept_prefill_is_what_would_be_worked_out_anew(
    opened: list[Draft], data: st.DataObject
) -> None:
    draft = data.draw(st.sampled_from(opened))
    for control, value in data.draw(steps(draft.plan)):
        draft = answered(draft, control, value)
        licenses = draft.application.licenses
        fresh = offers(draft.plan, draft.answers, licenses, draft.today, draft.identity)
        assert draft.prefill == fresh
