"""What the guides say works: every file, change and command in them is tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.following import copy_of_the_project

PAGES = ("definitions-guide.md", "adding-a-field-type.md", "adding-a-plugin.md")


@pytest.mark.parametrize("page", PAGES)
def test_a_guide_does_what_it_says(page: str, tmp_path: Path) -> None:
    copy_of_the_project(tmp_path).follow(page)
