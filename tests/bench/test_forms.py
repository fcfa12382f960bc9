"""The synthetic form is what it claims to be."""

from __future__ import annotations

import pytest

from bench.forms import make_form
from bench.samples import service, synthetic
from runtime.engine.form import evaluate


@pytest.mark.parametrize("size", [30, 100])
def test_a_form_has_the_mix_it_promises(size: int) -> None:
    fields = make_form(size).item["form"]["schema"]["properties"]
    tables = [one["items"]["properties"] for one in fields.values() if one["type"] == "array"]
    in_tables = sum(map(len, tables))
    assert in_tables == size // 10
    assert len(fields) - len(tables) + in_tables == pytest.approx(size, abs=1)
    assert sum(name.startswith("c") for name in fields) == size // 5


@pytest.mark.parametrize("size", [30, 100])
def test_one_submission_passes_and_the_other_has_ten_errors(size: int) -> None:
    sample = synthetic(size)
    assert evaluate(sample.plan, sample.right, sample.today).problems == []
    assert len(evaluate(sample.plan, sample.wrong, sample.today).problems) == 10


def test_a_service_is_filled_in_wrongly_as_well() -> None:
    sample = service("sell_home")
    right = evaluate(sample.plan, sample.right, sample.today).problems
    wrong = evaluate(sample.plan, sample.wrong, sample.today).problems
    assert len(right) < len(wrong) <= len(right) + 10
