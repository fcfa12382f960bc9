"""Raw text of a licence becomes the value that it stands for."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.model import Field, LicenseField, Provenance
from runtime.engine.offering import usable
from runtime.engine.offers import Offer

ITEMS = Field(
    "items",
    "multi_choice",
    {"zh-CN": "经营项目"},
    {"type": "array", "items": {"type": "string", "enum": ["hot", "cold"]}},
    options={"hot": {"zh-CN": "热食类"}, "cold": {"zh-CN": "冷食类"}},
)
PRINTED = LicenseField(
    "items", "经营项目", "food.items", ("holder",), values={"热食类": "hot", "冷食类": "cold"}
)
TOLD = Provenance("authority", source="office")


@pytest.mark.parametrize(
    "raw", [["热食类", "冷食类"], "热食类；冷食类", "热食类、冷食类", "热食类;冷食类"]
)
def test_each_of_several_printed_choices_is_translated(raw: Any) -> None:
    found = usable(ITEMS, PRINTED, raw, TOLD)
    assert isinstance(found, Offer)
    assert found.value == ["hot", "cold"]


def test_one_unknown_choice_makes_it_unusable() -> None:
    assert not isinstance(usable(ITEMS, PRINTED, "热食类；凉茶", TOLD), Offer)


def test_a_single_printed_choice_is_a_list_of_one() -> None:
    found = usable(ITEMS, PRINTED, "冷食类", TOLD)
    assert isinstance(found, Offer)
    assert found.value == ["cold"]
