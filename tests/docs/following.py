"""Does what a page of documentation says, in a copy of the project, and looks what comes of it.

A fenced block is an act. Under a line that begins with a path in backquotes and ends in a colon,
`json`, `python` and `html` write that file, and `diff` changes it: what stands there with ` ` and
`-` becomes what stands with ` ` and `+`, wherever it is found. `sh` runs; `console` runs what
follows `$ ` and wants to see the lines under it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COPIED = ("app.py", "pyproject.toml", "definitions", "plugins", "runtime", "tests", "docs")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.png")
BLOCK = re.compile(
    r"(?:^`(?P<path>[^`\n]+)`[^\n]*:\n\n)?^```(?P<kind>[a-z]+)\n(?P<text>.*?)^```$", re.M | re.S
)


@dataclass(frozen=True)
class Follower:
    """A copy of the project in which a page is followed."""

    folder: Path

    def follow(self, page: str) -> None:
        """Do all that the page says; an AssertionError says what did not work."""
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for found in BLOCK.finditer(text):
            self._act(found["kind"], found["path"], found["text"])

    def run(self, command: str) -> str:
        """What a command prints; it has to end well."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euc", command],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "YIBIAO_DATA": str(self.folder / "var")},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def _act(self, kind: str, path: str | None, text: str) -> None:
        if kind == "sh":
            self.run(text)
        elif kind == "console":
            self._converse(text)
        elif path and kind == "diff":
            self._change(self.folder / path, text)
        elif path:
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8")

    def _converse(self, text: str) -> None:
        for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
            command, *wanted = part.splitlines()
            printed = self.run(command)
            missing = [line for line in wanted if line not in printed]
            assert not missing, f"{command} printed\n{printed}\nwithout\n{missing}"

    def _change(self, path: Path, diff: str) -> None:
        lines = diff.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        before = path.read_text(encoding="utf-8")
        assert old in before, f"{path.name} has no\n{old}"
        path.write_text(before.replace(old, new), encoding="utf-8")


def copy_of_the_project(folder: Path) -> Follower:
    """The project without its data, in an empty folder."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=NOT_COPIED)
        else:
            shutil.copy(source, folder / name)
    return Follower(folder)
