"""Imports point one way: app -> builder -> runtime -> plugins -> definitions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "definitions": {"definitions"},
    "plugins": {"plugins", "definitions"},
    "runtime.engine": {"runtime.engine", "definitions"},
    "runtime.kept": set(),
    "runtime.store": {"runtime.store", "runtime.engine", "runtime.kept", "definitions"},
    "runtime": {"runtime", "plugins", "definitions"},
    "builder": {"builder", "runtime", "plugins", "definitions"},
}
OURS = {"app", "builder", "runtime", "plugins", "definitions"}
IMPURE = {"flask", "peewee", "requests", "socket", "huey", "sqlite3", "psycopg", "subprocess"}
PURE = ("definitions", "runtime/engine")


def modules() -> list[Path]:
    folders = ("definitions", "plugins", "runtime", "builder")
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def layer_of(path: Path) -> str:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return next(layer for layer in MAY_IMPORT if dotted == layer or dotted.startswith(layer + "."))


def within(name: str, layer: str) -> bool:
    return name == layer or name.startswith(layer + ".")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    allowed = MAY_IMPORT[layer_of(path)]
    ours = {name for name in imported(path) if name.split(".")[0] in OURS}
    wrong = {
        name for name in ours if name not in OURS and not any(within(name, a) for a in allowed)
    }
    wrong |= {
        name for name in ours if name in OURS and name not in {a.split(".")[0] for a in allowed}
    }
    assert not wrong, f"{path.relative_to(ROOT)} imports {sorted(wrong)}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_pure_parts_know_no_framework_and_no_clock(path: Path) -> None:
    if not str(path.relative_to(ROOT)).startswith(PURE):
        return
    assert not {name.split(".")[0] for name in imported(path)} & IMPURE
    text = path.read_text(encoding="utf-8")
    assert "datetime.now(" not in text
    assert "date.today(" not in text


def test_plugins_do_not_know_each_other() -> None:
    kinds = ("license_", "connector_", "identity_", "notifier_")
    for folder in (ROOT / "plugins").iterdir():
        if folder.is_dir() and folder.name.startswith(kinds):
            for path in folder.rglob("*.py"):
                others = {
                    name.split(".")[1]
                    for name in imported(path)
                    if name.startswith("plugins.") and name.split(".")[1].startswith(kinds)
                }
                assert others <= {folder.name}, path
