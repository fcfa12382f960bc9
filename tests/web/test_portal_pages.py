"""The public pages: what a guide and a situation promise is what the definitions say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from runtime.web.application import create
from tests.journey.world import built

SERVICES = ("open_restaurant", "deregister_enterprise", "connect_utilities")


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Somebody who hasn't signed in."""
    folder: Path = tmp_path_factory.mktemp("portal")
    with built(folder, f"sqlite:///{folder / 'one.db'}", SERVICES) as world:
        yield create(world.installation).test_client()


def glance(page: str) -> dict[str, str]:
    """What stands beside a guide or a situation, by its name, without markup."""
    rows = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", " ", words).strip() for name, words in rows}


def test_a_guide_tells_of_the_visit_that_an_item_needs(visitor: FlaskClient) -> None:
    closing = glance(visitor.get("/services/deregister_enterprise").text)
    assert "1 次" in closing["跑动次数"]
    assert "银行账户注销预约" in closing["跑动次数"]
    opening = glance(visitor.get("/services/open_restaurant").text)
    assert opening["跑动次数"] == "一次也不用跑"


def test_a_guide_reckons_the_most_usual_situation(visitor: FlaskClient) -> None:
    assert "3.5 个工作日" in glance(visitor.get("/services/deregister_enterprise").text)["多久办好"]
    assert "5 个工作日" in glance(visitor.get("/services/connect_utilities").text)["多久办好"]


def test_notices_are_told_beside_the_working_days(visitor: FlaskClient) -> None:
    for path in ("/services/deregister_enterprise", "/services/deregister_enterprise/situation"):
        assert "简易注销公告（20日）" in glance(visitor.get(path).text)["多久办好"]


def test_nothing_is_promised_before_the_situation_is_known(visitor: FlaskClient) -> None:
    page = glance(visitor.get("/services/connect_utilities/situation").text)
    assert page["收费"] == page["多久办好"]
