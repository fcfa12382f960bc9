"""The divisions of Zhuhai."""

from __future__ import annotations

import pytest

from definitions.divisions import DISTRICTS, DIVISIONS, code_of, full_name


def test_the_districts() -> None:
    assert DISTRICTS == ("440402", "440403", "440404")
    assert full_name("440402", "zh-CN") == "香洲区"


@pytest.mark.parametrize("code", DIVISIONS)
def test_every_division_has_both_names_and_lies_in_a_district(code: str) -> None:
    assert set(DIVISIONS[code]) == {"zh-CN", "en"}
    assert code[:6] in DIVISIONS
    assert code_of(full_name(code, "zh-CN")) == code


def test_names_as_people_write_them() -> None:
    assert code_of("珠海市香洲区") == "440402"
    assert code_of("广东省珠海市香洲区翠香街道") == "440402001"
    assert code_of("珠海市") == "440400"
    assert code_of("广州市") is None
    assert full_name("440402001", "en") == "Cuixiang Subdistrict, Xiangzhou District"
    assert full_name("1", "zh-CN") == "1"
