"""Every pair of colours that the components put together, computed from the tokens (WCAG 2.2)."""

from __future__ import annotations

import re

import pytest

from runtime.web.static_files import STATIC

SETS = ("light", "dark", "high")
BODY = [(ink, ground) for ink in ("ink",) for ground in ("paper", "ground", "brand-tint")]
TEXT = [
    ("ink-soft", "paper"),
    ("ink-soft", "ground"),
    ("ink-soft", "brand-tint"),
    ("ink-soft", "wait-tint"),
    ("brand", "paper"),
    ("brand", "ground"),
    ("brand", "brand-tint"),
    ("brand-strong", "paper"),
    ("brand-strong", "brand-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("done", "paper"),
    ("done", "done-tint"),
    ("wait", "paper"),
    ("wait", "wait-tint"),
    ("stop", "paper"),
    ("stop", "stop-tint"),
    ("stop-strong", "paper"),
    ("stop-strong", "stop-tint"),
    ("ink", "wait-tint"),
    ("ink", "done-tint"),
    ("ink", "stop-tint"),
]
SHAPES = [
    ("edge", "paper"),
    ("edge", "wait-tint"),
    ("focus", "paper"),
    ("focus", "ground"),
    ("focus", "brand-tint"),
    ("focus", "wait-tint"),
    ("brand", "paper"),
    ("brand", "brand-tint"),
    ("stop", "paper"),
    ("done", "done-tint"),
    ("wait", "wait-tint"),
    ("stop", "stop-tint"),
]


def tokens(name: str) -> dict[str, str]:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    block = re.search(r'\[data-set="' + name + r'"\] \{(.*?)\n\}', css, re.DOTALL)
    assert block, f"tokens.css has no set called {name}"
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def assert_contrast(set_name: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = tokens(set_name)
    found = {f"{a} on {b}": round(contrast(colours[a], colours[b]), 2) for a, b in pairs}
    assert not {pair: ratio for pair, ratio in found.items() if ratio < least}


def test_contrast_is_computed_as_the_guideline_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("set_name", SETS)
def test_body_text_has_contrast_7(set_name: str) -> None:
    assert_contrast(set_name, BODY, 7)


@pytest.mark.parametrize("set_name", SETS)
def test_other_text_has_contrast_4_5_and_7_in_high_contrast(set_name: str) -> None:
    assert_contrast(set_name, TEXT, 7 if set_name == "high" else 4.5)


@pytest.mark.parametrize("set_name", SETS)
def test_borders_and_focus_have_contrast_3(set_name: str) -> None:
    assert_contrast(set_name, SHAPES, 3)


@pytest.mark.parametrize("set_name", SETS)
def test_every_set_has_every_colour(set_name: str) -> None:
    assert tokens(set_name).keys() == tokens("light").keys()


def by_choice_of_the_device(feature: str) -> dict[str, str]:
    """The colours of the set under a media query, which nobody has asked for by name."""
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    start = re.escape(f"@media screen and {feature} {{\n  :root:not([data-set]) {{")
    block = re.search(start + r"(.*?)\n  \}", css, re.DOTALL)
    assert block, feature
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[1]))


DARK = "(prefers-color-scheme: dark)"
MORE = "(prefers-contrast: more)"


def test_sets_by_choice_of_the_device_are_those_by_name() -> None:
    assert by_choice_of_the_device(DARK) == tokens("dark")
    light = f"{MORE} and (prefers-color-scheme: light)"
    assert by_choice_of_the_device(light) == tokens("high")


def test_a_dark_device_that_asks_for_more_contrast_gets_7() -> None:
    colours = tokens("dark") | by_choice_of_the_device(f"{MORE} and {DARK}")
    found = {(a, b): contrast(colours[a], colours[b]) for a, b in BODY + TEXT}
    assert min(found.values()) >= 7, found
    assert contrast(colours["line"], colours["paper"]) >= 3


def test_forced_colours_are_the_systems_for_every_colour() -> None:
    css = (STATIC / "tokens.css").read_text(encoding="utf-8")
    forced = css.partition("@media (forced-colors: active)")[2].partition("\n}")[0]
    assert set(tokens("light")) <= set(re.findall(r"--([a-z-]+): [A-Z][A-Za-z]+;", forced))


@pytest.mark.parametrize("name", ["base.css", "layout.css", "components.css"])
def test_only_tokens_name_a_colour(name: str) -> None:
    css = (STATIC / name).read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl", css)


def test_every_token_that_is_used_exists() -> None:
    sheets = [path.read_text(encoding="utf-8") for path in sorted(STATIC.glob("*.css"))]
    used = {name for css in sheets for name in re.findall(r"var\(--([a-z0-9-]+)\)", css)}
    made = {name for css in sheets for name in re.findall(r"--([a-z0-9-]+):", css)}
    assert used <= made
