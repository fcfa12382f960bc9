"""Somebody with a browser: journeys are written in what this person does and sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect

from tests.browser.papers import File

DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}
AXE = Axe()
RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""Everything axe knows, with the one rule of WCAG 2.2 that it leaves off."""
PATIENCE = 10_000
"""Milliseconds that a page may take on a busy machine."""
EXPECTED = "Failed to load resource"
"""What a browser notes of every answer from 400 on; of those, only 500 and more are ours."""
SERVER_ERROR = 500

Answer = str | tuple[str, ...] | dict[str, str] | list[dict[str, str]]
"""Text or one choice; several choices; the parts of a range by label; the rows of a table."""


class Visitor:
    """A person in front of one page; `said` is what the console and the server complained of."""

    def __init__(self, page: Page, address: str, scripts: bool = True) -> None:
        self.page = page
        self.address = address
        self.said: list[str] = []
        self.looking = True
        self.scripts = scripts
        self._watch(page)
        if not scripts:
            self._switch = page.context.new_cdp_session(page)
            self._allow_scripts(False)

    # --- where they are -------------------------------------------------------------------

    def go(self, path: str) -> None:
        """Open a page of the product and look at it."""
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.look()

    @contextmanager
    def hurrying(self) -> Iterator[None]:
        """Through pages that other journeys look at."""
        self.looking = False
        yield
        self.looking = True
        self.look()

    @property
    def path(self) -> str:
        """The path of the page, without its query."""
        return self.page.url.removeprefix(self.address).partition("?")[0].partition("#")[0]

    @property
    def application(self) -> str:
        """The id of the application that the page is about."""
        found = re.match(r"/applications/([^/]+)", self.path)
        assert found, self.path
        return found[1]

    def look(self) -> None:
        """What holds for every page in every state."""
        if not self.looking:
            return
        assert self.page.locator("h1").count() == 1, self.path
        assert self.page.locator("html").get_attribute("lang") in ("zh-CN", "en")
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{self.path} is wider than the screen"
        obstacles = self._obstacles()
        assert not obstacles, f"{self.path}: {obstacles}"
        assert not self.said, self.said

    @property
    def heading(self) -> str:
        """The one heading."""
        return self.page.locator("h1").inner_text()

    @property
    def problems(self) -> list[str]:
        """What the summary at the top says is wrong."""
        return self.page.locator("#error-summary li").all_inner_texts()

    def arrives(self, heading: str) -> None:
        """The page of this heading has come, and nothing keeps them from it."""
        assert self.heading == heading, f"{self.heading}: {self.problems}"

    def sees(self, words: str) -> None:
        """The words stand somewhere on the page, visible."""
        expect(self.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)

    def does_not_see(self, words: str) -> None:
        """The words stand nowhere."""
        expect(self.page.get_by_text(words)).to_have_count(0, timeout=PATIENCE)

    # --- what they do ---------------------------------------------------------------------

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press the button whose name begins so, and look at what comes."""
        words = re.compile(f"^{re.escape(name)}")
        with self.page.expect_navigation():
            (within or self.page).get_by_role("button", name=words).first.click()
        self.look()

    def follow(self, name: str) -> None:
        """Follow the link of this name, and look at what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()
        self.look()

    def searches(self, words: str) -> None:
        """Search for a service."""
        self.page.get_by_role("searchbox").fill(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def question(self, title: str) -> Locator:
        """The part of the page that asks for something."""
        return self.page.locator(".question", has=self._title(title)).first

    def _title(self, title: str) -> Locator:
        words = re.compile(rf"^\s*{re.escape(title)}")
        return self.page.locator(".question-title, .fact-title", has_text=words)

    def answers(self, answers: Mapping[str, Answer]) -> None:
        """Answer the questions of these titles, each in the way that it is asked.

        Without scripts a question that an answer brings up comes with the next page.
        """
        for title, answer in answers.items():
            if not self.scripts and not self.question(title).count():
                self.press("更新清单" if "/services/" in self.path else "保存并继续")
            self.answer(title, answer)

    def answer(self, title: str, answer: Answer) -> None:
        """Type text, choose (several of a tuple), or add a row for each of a list."""
        question = self.question(title)
        expect(question).to_be_visible(timeout=PATIENCE)
        if isinstance(answer, list):
            self._add_rows(title, answer)
        elif isinstance(answer, dict):
            for part, text in answer.items():
                self._fill(question.get_by_label(part, exact=True), text)
        elif question.locator("select").count():
            question.locator("select").first.select_option(label=str(answer))
        elif question.locator(".choices").count():
            for option in (answer,) if isinstance(answer, str) else answer:
                question.get_by_label(option).first.check()
        else:
            self._fill(question.locator("input:not([type=hidden]), textarea").first, str(answer))

    def _fill(self, box: Locator, text: str) -> None:
        """Type, and leave the box: that is when an answer counts as given."""
        box.fill(text)
        box.press("Tab")

    def _add_rows(self, title: str, rows: list[dict[str, str]]) -> None:
        for cells in rows:
            before = self.question(title).locator(".rows-row").count()
            self.press(f"添加一行 {title}")
            self.answers_row(title, before, cells)

    def answers_row(self, title: str, number: int, cells: Mapping[str, str]) -> None:
        """Fill cells of a row of a table; rows count from 0."""
        for name, text in cells.items():
            row = self.question(title).locator(".rows-row").nth(number)
            self._answer_cell(row, name, text)

    def _answer_cell(self, row: Locator, name: str, text: str) -> None:
        cell = row.locator(".question", has=self._title(name)).first
        if cell.locator("select").count():
            cell.locator("select").select_option(label=text)
        elif cell.locator(".choices").count():
            cell.get_by_label(text).first.check()
        else:
            self._fill(cell.locator("input").first, text)

    def picks(self) -> None:
        """Say of each licence that is offered that it is the one meant."""
        while self.page.get_by_role("button", name="就是这一个").count():
            self.press("就是这一个")

    def paper(self, title: str) -> Locator:
        """The part of the papers' page about one of them."""
        heading = self.page.get_by_role("heading", name=title)
        return self.page.locator(".paper", has=heading).first

    def hands_in(self, title: str, file: File) -> None:
        """Upload a file for a paper."""
        self.paper(title).locator("input[type=file]").set_input_files([file])
        self.press("上传", self.paper(title))

    def commits(self, title: str) -> None:
        """Make the commitment that stands for a paper."""
        paper = self.paper(title)
        if paper.locator("details").count():
            paper.locator("details", has_text="告知承诺").locator("summary").first.click()
        paper.get_by_label("作出承诺").check()
        self.press("作出承诺", paper)

    def hands_in_later(self, title: str) -> None:
        """Let a paper follow (容缺)."""
        self.paper(title).locator("details", has_text="以后补交").locator("summary").click()
        self.press("以后补交", self.paper(title))

    def signs(self, name: str, button: str = "签名并提交") -> None:
        """Declare, sign with one's name, and send."""
        self.page.get_by_label("我已看过并同意").check()
        self.page.get_by_role("textbox", name="签名").fill(name)
        self.press(button)

    def begins(self, service: str, situation: Mapping[str, Answer]) -> None:
        """From the front page to the start of the form: guide, then situation."""
        self.go("/")
        self.follow(service)
        self.follow("开始办理")
        self.answers(situation)
        self.press("开始填表")

    def signs_in(self, name: str, acting_for: str | None = None) -> None:
        """Sign in as a persona of the sandbox; choose for whom, where that is asked."""
        self.press(name, self.page.locator(".personas"))
        if self.path == "/acting-for":
            self.press(acting_for or "我自己")

    def saves(self, title: str, answer: Answer) -> None:
        """Answer a question and wait until the answer is on the server."""
        with self.page.expect_response("**/answers"):
            self.answer(title, answer)
        expect(self.page.locator("#status")).to_have_attribute(
            "data-state", "saved", timeout=PATIENCE
        )

    def leave(self) -> None:
        """Close the browser."""
        self.page.context.close()

    def another_tab(self) -> Visitor:
        """A second tab of the same browser, at the same page."""
        tab = Visitor(self.page.context.new_page(), self.address, self.scripts)
        tab.said = self.said
        tab.go(self.page.url)
        return tab

    # --- what must not happen -------------------------------------------------------------

    def _obstacles(self) -> list[tuple[str, list[str]]]:
        """What axe finds. It is a script itself: it runs on a page whose own never did."""
        if not self.scripts:
            self._allow_scripts(True)
        found = AXE.run(self.page, options=RULES).response["violations"]
        if not self.scripts:
            self._allow_scripts(False)
        return [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]

    def _allow_scripts(self, allowed: bool) -> None:
        self._switch.send("Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def _watch(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("response", self._check)

    def _hear(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(EXPECTED):
            self.said.append(f"{self.page.url}: {message.text}")

    def _check(self, response: Response) -> None:
        if response.status >= SERVER_ERROR:
            self.said.append(f"{response.status} {response.url}")


def visitor(
    browser: Browser, address: str, arrived: list[Visitor], device: str, scripts: bool = True
) -> Visitor:
    """Somebody with this device, at no page yet; noted in `arrived`."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **DEVICES[device])
    context.set_default_timeout(PATIENCE)
    arrived.append(Visitor(context.new_page(), address, scripts))
    return arrived[-1]
