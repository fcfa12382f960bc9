"""What is written from the code is up to date, and says everything that there is to say."""

from __future__ import annotations

import pytest

from definitions.fieldtypes import REGISTRY
from definitions.model import KINDS
from definitions.rules import OPERATORS
from definitions.wording import sentences
from docs.generate import TARGET, reference


def test_the_reference_is_up_to_date() -> None:
    fresh = TARGET.read_text(encoding="utf-8") == reference()
    assert fresh, "run: python -m docs.generate"


@pytest.mark.parametrize("names", [KINDS, REGISTRY, OPERATORS, sentences()])
def test_it_leaves_nothing_out(names: list[str]) -> None:
    page = reference()
    assert [name for name in names if f"`{name}`" not in page] == []
