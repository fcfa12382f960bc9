"""The living page in a real browser: axe is silent, nothing overflows, input methods are safe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from runtime.web.design import SETS, design
from runtime.web.texts import LANGUAGES
from tests.browser.papers import File
from tests.browser.served import bare_app, served

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-2")]
PHONE, DESK = 390, 1280


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The living page alone."""
    app = bare_app()
    app.register_blueprint(design)
    with served(app) as at:
        yield at


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose console must stay silent: a blocked inline style would speak there."""
    opened = browser.new_page(viewport={"width": DESK, "height": 900})
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert not said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("colours", sorted(SETS))
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing(page: Page, address: str, colours: str, lang: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/design?set={colours}&lang={lang}")
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("zoom", ["100%", "125%", "200%"])
def test_nothing_overflows_on_a_phone(page: Page, address: str, lang: str, zoom: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.goto(f"{address}/design?lang={lang}")
    page.evaluate("size => { document.documentElement.style.fontSize = size }", zoom)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_every_control_is_large_enough_for_a_thumb(page: Page, address: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.goto(f"{address}/design")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, .input, .choice label, summary")]
          .filter((element) => element.checkVisibility() && element.offsetHeight < 40)
          .map((element) => element.outerHTML.slice(0, 120))"""
    )
    assert not small


def test_a_dialog_opens_takes_the_focus_and_closes_with_escape(page: Page, address: str) -> None:
    page.goto(f"{address}/design?lang=en")
    page.locator("[data-opens=withdraw]").click()
    assert page.locator("#withdraw").is_visible()
    assert page.evaluate("document.activeElement.closest('dialog')?.id") == "withdraw"
    page.keyboard.press("Escape")
    assert not page.locator("#withdraw").is_visible()


def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page, address: str) -> None:
    page.goto(f"{address}/design?lang=en")
    page.locator(".menu summary").click()
    page.keyboard.press("Escape")
    assert not page.locator(".menu-list").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_error_summary_takes_the_focus_and_leads_to_the_control(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/design")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.locator(".error-summary a").first.click()
    assert page.evaluate("document.activeElement.id") == "f-number.wrong"


def test_files_are_chosen_in_the_language_of_the_page(page: Page, address: str) -> None:
    page.on("filechooser", lambda _: None)  # from now on, not from the moment that one is expected
    page.goto(f"{address}/design?lang=zh-CN")
    drop = page.locator("[data-drop]").first
    chooser = drop.locator("input[type=file]")
    drop.get_by_text("还没有选择").wait_for()
    chooser.set_input_files([File(name="租赁合同.pdf", mimeType="application/pdf", buffer=b"%PDF")])
    drop.get_by_text("租赁合同.pdf").wait_for()
    chooser.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement.nextElementSibling.firstChild).outlineStyle"
    assert page.evaluate(ring) == "solid", "its button shows where the keyboard is"
    with page.expect_file_chooser():
        page.keyboard.press("Enter")


def test_without_scripts_the_browsers_own_button_names_the_file(
    browser: Browser, address: str
) -> None:
    opened = browser.new_page(java_script_enabled=False)
    opened.goto(f"{address}/design")
    drop = opened.locator("[data-drop]").first
    assert drop.locator(".drop-face").is_hidden()
    assert drop.locator("input[type=file]").bounding_box()
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_checked_shows_in_forced_colours(page: Page, address: str, scheme: str) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/design")
    fill = """(which) => getComputedStyle(document.querySelector(which)).backgroundColor"""
    radio = ".choice input[type=radio]"
    assert page.evaluate(fill, f"{radio}:checked") != page.evaluate(fill, f"{radio}:not(:checked)")
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


def test_all_text_has_contrast_7_where_high_contrast_is_asked_for(page: Page, address: str) -> None:
    strict = {
        "runOnly": ["color-contrast-enhanced"],
        "rules": {"color-contrast-enhanced": {"enabled": True}},
    }
    for colours, scheme in (("set=high", "light"), ("", "light"), ("", "dark")):
        page.emulate_media(contrast="more", color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(f"{address}/design?{colours}")
        found = Axe().run(page, options=strict).response["violations"]
        assert not found, (colours, scheme, found[0]["nodes"][0]["html"][:200])


def test_nothing_is_heard_while_a_syllable_is_composed(page: Page, address: str) -> None:
    page.goto(f"{address}/design")
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["input", "change"]) {
            document.addEventListener(name, () => heard.push(name));
          }
        }"""
    )
    page.locator("[id='f-text.empty']").focus()
    session = page.context.new_cdp_session(page)
    for text in ("z", "zh", "zhu"):
        session.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
    assert page.evaluate("heard") == []
    session.send("Input.insertText", {"text": "珠海"})
    assert page.evaluate("heard.includes('input')")
    assert page.locator("[id='f-text.empty']").input_value() == "珠海"
