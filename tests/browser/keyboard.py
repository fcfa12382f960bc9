"""Somebody without a mouse: Tab reaches every control, and at every stop its focus is seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from playwright.sync_api import Locator, expect

from tests.browser.papers import File
from tests.browser.visitor import PATIENCE, Answer, Visitor

Role = Literal["button", "link"]

STOPS = 20
"""Presses of Tab within which what comes next on a page must be reached."""
OPTIONS = 12
"""Presses of an arrow within which an option must be reached."""

SEEN = """() => {
  const focus = document.activeElement;
  const shown = [focus, ...(focus.labels ?? [])];
  const box = focus.getClientRects()[0];
  const style = shown.map((one) => getComputedStyle(one));
  const hit = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    what: focus.outerHTML.slice(0, 200),
    page: focus === document.body,
    inside: Boolean(box) && box.top >= 0 && box.left >= 0 && box.right <= innerWidth
      && (box.bottom <= innerHeight || box.height > innerHeight),
    uncovered: shown.some((one) => one.contains(hit)),
    marked: style.some((one) => one.boxShadow !== "none"
      || (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2)),
  };
}"""
"""Of what has the focus: whether it lies in the window, nothing covers it, and a ring is drawn.

A radio button or checkbox is drawn by its label."""


class Keyboard:
    """The keyboard of a visitor; nothing here ever points or clicks."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page = visitor.page
        # Whoever listens from the start is heard at once: a chooser may open as a key goes down.
        self.page.on("filechooser", lambda _: None)

    # --- the way to a control -------------------------------------------------------------

    def named(self, role: Role, name: str) -> Locator:
        """The first control of a kind whose accessible name begins so."""
        words = re.compile(rf"^\s*{re.escape(name)}")
        return self.page.get_by_role(role, name=words).first

    def reach(self, control: Locator, key: str = "Tab", stops: int = STOPS) -> None:
        """Press the key until this control has the focus; each stop on the way can be seen."""
        for _ in range(stops):
            self.page.keyboard.press(key)
            self._sees_the_focus()
            if _has_focus(control):
                return
        raise AssertionError(f"{self.visitor.path}: no way to {control} by keyboard")

    def _sees_the_focus(self) -> None:
        focus: dict[str, Any] = self.page.evaluate(SEEN)
        if focus["page"]:
            return
        for promise in ("inside", "uncovered", "marked"):
            assert focus[promise], f"{self.visitor.path}: not {promise}: {focus['what']}"

    def skips_to_the_page(self) -> None:
        """Past what stands on every page, by its first link."""
        self.reach(self.page.locator(".skip"))
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#main")).to_be_focused()

    # --- what one does there --------------------------------------------------------------

    def presses(self, role: Role, name: str, key: str = "Tab") -> None:
        """Reach the first button or link whose name begins so, press Enter, look at what comes."""
        self.reach(self.named(role, name), key)
        self._enters()

    def searches(self, words: str) -> None:
        """Type into the search box, press Enter, look at what is found."""
        self.reach(self.page.get_by_role("searchbox"))
        self.page.keyboard.type(words)
        self._enters()

    def _enters(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.visitor.look()

    def types(self, title: str, text: str) -> None:
        """Type into the box of a question."""
        self.reach(self.visitor.question(title).get_by_role("textbox"))
        self.page.keyboard.type(text)

    def ticks(self, box: Locator, stops: int = STOPS) -> None:
        """Tick a checkbox."""
        self.reach(box, stops=stops)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def answers(self, answers: Mapping[str, Answer]) -> None:
        """Answer questions in the order of the page, each in the way that it is asked."""
        for title, answer in answers.items():
            question = self.visitor.question(title)
            expect(question).to_be_visible(timeout=PATIENCE)
            if isinstance(answer, tuple):
                for option in answer:
                    self.ticks(question.get_by_role("checkbox", name=option))
            elif question.get_by_role("radio").count():
                self._chooses(question, str(answer))
            elif question.get_by_role("combobox").count():
                self._selects(question.get_by_role("combobox"), str(answer))
            else:
                self.types(title, str(answer))

    def _chooses(self, question: Locator, option: str) -> None:
        """Radio buttons are one stop of Tab; arrows go from one to the next, and choose it."""
        wanted = question.get_by_role("radio", name=option, exact=True)
        self.reach(question.get_by_role("radio"))
        self.page.keyboard.press("Space")
        for _ in range(OPTIONS):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no way to {option} by keyboard")

    def _selects(self, box: Locator, option: str) -> None:
        self.reach(box)
        for _ in range(OPTIONS):
            self.page.keyboard.press("ArrowDown")
            if box.locator("option:checked").inner_text() == option:
                return
        raise AssertionError(f"no way to {option} by keyboard")

    def chooses_file(self, control: Locator, file: File, key: str) -> None:
        """Open the chooser with a key, and choose a file in it."""
        self.reach(control)
        with self.page.expect_file_chooser() as opened:
            self.page.keyboard.press(key)
        opened.value.set_files([file])


def _has_focus(control: Locator) -> bool:
    return bool(control.evaluate_all("all => all.includes(document.activeElement)"))
