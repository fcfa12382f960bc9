"""A person finds a service by the words that people use."""

from __future__ import annotations

import pytest

from definitions.model import Form, Library, Service
from runtime.catalog import Card, make_card, read_card, search


def service(id: str, title: str, keywords: tuple[str, ...] = ()) -> Service:
    return Service(
        id=id,
        title={"zh-CN": title},
        lead="zhuhai",
        subjects={},
        applicant=(),
        uses={},
        situation=Form(fields={}),
        keywords=keywords,
    )


@pytest.fixture
def cards() -> list[Card]:
    services = [
        service("restaurant", "开办餐饮店一件事", ("饭店", "奶茶店")),
        service("home", "二手房转移登记", ("过户", "卖房")),
    ]
    return [read_card("r", make_card(Library(), one, {})) for one in services]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("餐饮", "restaurant"),
        ("开餐饮店", "restaurant"),
        ("奶茶", "restaurant"),
        ("canyin", "restaurant"),
        ("kbcyd", "restaurant"),
        ("过户", "home"),
        ("二手房 登记", "home"),
        ("ＥＲＳＨＯＵＦＡＮＧ", "home"),
    ],
)
def test_everyday_words_find_the_service(cards: list[Card], query: str, first: str) -> None:
    assert [card.service for card in search(cards, query)] == [first]


@pytest.mark.parametrize("query", ["护照", "餐饮 护照", "xyz"])
def test_what_is_not_there_is_not_found(cards: list[Card], query: str) -> None:
    assert search(cards, query) == []
