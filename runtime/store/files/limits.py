"""How much of what is taken."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What an upload may be. Sizes in bytes; `accept` are kinds such as `pdf`.

    `max_files` is how many there may be for one purpose.
    """

    accept: tuple[str, ...] = ("pdf", "jpg", "png")
    max_files: int = 50
    max_bytes: int = 50 * MEGABYTE
    max_application_bytes: int = 500 * MEGABYTE
    max_pixels: int = 120_000_000
    max_unpacked_bytes: int = 500 * MEGABYTE
    max_entries: int = 2_000

    @property
    def named(self) -> tuple[str, ...]:
        """The accepted kinds as people know them; a sentence joins them as its language does."""
        return tuple(kind.upper() for kind in self.accept)
