"""What pages of documentation point to is there: links, pictures, commands, settings."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from app import cli

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"""(?:\]\(|src=")(?!https?://)([^)"#\s]*)(?:#([^)"\s]+))?[)"]""")
HEADING = re.compile(r"^#+ (.+)$", re.M)
COMMAND = re.compile(r"python app\.py ([a-z]+)(?: ([a-z]+))?")
MAKE = re.compile(r"`make ([a-z]+)[^`]*`|^make ([a-z]+)$", re.M)
LARGEST = 200_000
SETTING = re.compile(r'"(YIBIAO_[A-Z]+|DATABASE_URL)"')
READMES = ("README.md", "README.zh-CN.md")
EACH = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def anchors(page: Path) -> set[str]:
    """The places of a page that a link can lead to, as GitHub names them."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@EACH
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


@EACH
def test_every_command_exists(page: Path) -> None:
    for name, inner in COMMAND.findall(page.read_text(encoding="utf-8")):
        command = cli.commands[name]
        assert not inners(command) or inner in inners(command), f"{name} {inner}"


@EACH
def test_every_target_of_make_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for name in MAKE.findall(page.read_text(encoding="utf-8")):
        assert "".join(name) in targets


def test_every_picture_is_used_and_small() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs/pictures").glob("*.png"):
        assert picture.stat().st_size < LARGEST, picture.name
        assert f"pictures/{picture.name}" in pages, picture.name


def test_the_two_readmes_show_the_same() -> None:
    pictures = [
        re.findall(r"pictures/\w+\.png", (ROOT / name).read_text(encoding="utf-8"))
        for name in READMES
    ]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_every_command(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    for command, found in cli.commands.items():
        assert f"`{command}" in page
        assert all(f"`{inner}`" in page or f" {inner}`" in page for inner in inners(found))


def inners(command: object) -> list[str]:
    """The commands inside a command."""
    return list(getattr(command, "commands", ()))


@pytest.mark.parametrize("name", [*READMES, "docs/guide-operator.md"])
def test_every_setting_is_named(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    for path in (ROOT / "runtime").rglob("*.py"):
        for setting in SETTING.findall(path.read_text(encoding="utf-8")):
            assert f"`{setting}`" in page, setting


def test_the_pictures_can_be_taken_anew() -> None:
    assert importlib.import_module("docs.pictures").FOLDER.is_dir()
