"""What holds for every template: icons exist, nothing is inline, every component is on /design."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from definitions.fieldtypes import REGISTRY
from runtime.web import static_files
from runtime.web.design import SETS, design
from runtime.web.page import furnish
from runtime.web.render.templates import TEMPLATES
from runtime.web.texts import LANGUAGES

SPRITE = static_files.STATIC / "vendor/lucide/icons.svg"
FILES = sorted(TEMPLATES.rglob("*.html"))
MACRO = re.compile(r"{% macro ([a-z]\w*)\(")


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("runtime.web", root_path=str(TEMPLATES.parent))
    static_files.keep_by_content(app)
    furnish(app)
    app.register_blueprint(design)
    return app.test_client()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_has_inline_styles_scripts_or_handlers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|<script(?! src)|\son[a-z]+=|javascript:|hx-on", text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_icon_is_in_the_sprite(path: Path) -> None:
    known = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))
    used = set(re.findall(r'(?:\bicon\(|icon_name=)"([a-z0-9-]+)"', path.read_text("utf-8")))
    assert used <= known


@pytest.mark.parametrize("id", sorted(REGISTRY))
def test_every_field_type_has_its_template(id: str) -> None:
    assert (TEMPLATES / REGISTRY[id].template).is_file()


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").glob("*.html")))
def test_every_component_says_what_it_takes_or_takes_nothing_special(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert MACRO.search(text), f"{path.name} has no macro"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("colours", sorted(SETS))
def test_the_living_page_stands_in_every_set_and_language(
    client: FlaskClient, lang: str, colours: str
) -> None:
    page = client.get(f"/design?lang={lang}&set={colours}").get_data(as_text=True)
    assert f'<html lang="{lang}" data-set="{colours}">' in page
    assert all(f'id="q-{id}.empty"' in page for id in set(REGISTRY) - {"table", "computed"})


def test_the_living_page_shows_every_component(client: FlaskClient) -> None:
    page = client.get("/design").get_data(as_text=True)
    sheet = (static_files.STATIC / "components.css").read_text(encoding="utf-8")
    blocks = set(re.findall(r"^\.([a-z]+(?:-[a-z]+)?) {", sheet, re.MULTILINE))
    missing = {name for name in blocks if not re.search(rf'class="[^"]*\b{name}\b', page)}
    assert missing <= {"button-small", "choices-long", "thumb", "receipt-code", "footer-links"}


@pytest.mark.parametrize(
    ("asked", "cookie"),
    [("size=large", "size=large"), ("contrast=high", "contrast=high"), ("language=en", "en")],
)
def test_a_preference_is_kept_without_scripts(client: FlaskClient, asked: str, cookie: str) -> None:
    answer = client.get(f"/preferences?{asked}&next=/design")
    assert (answer.status_code, answer.location) == (303, "/design")
    assert cookie in answer.headers["Set-Cookie"]


def test_large_text_and_high_contrast_reach_the_page(client: FlaskClient) -> None:
    client.set_cookie("size", "large")
    assert 'data-size="large"' in client.get("/design").get_data(as_text=True)


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_a_preference_never_leads_outside(client: FlaskClient, address: str) -> None:
    assert client.get("/preferences", query_string={"next": address}).location == "/"


def test_the_language_is_chinese_until_another_is_chosen(client: FlaskClient) -> None:
    page = client.get("/design", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert '<html lang="zh-CN"' in page
    client.set_cookie("language", "en")
    assert '<html lang="en"' in client.get("/design").get_data(as_text=True)


def test_what_is_no_choice_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/preferences?size=huge&language=fr")
    assert "Set-Cookie" not in answer.headers
