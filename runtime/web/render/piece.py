"""A rendered template with places left open."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

# Private-use characters around a word that nobody can know: a title can't contain a mark. Values
# never meet them: they are put in when the text has already been taken apart.
_OPEN = "\ue000" + secrets.token_hex(8) + ":"
_CLOSE = "\ue001"
_MARK = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


def mark(slot: str) -> str:
    """What a template writes to leave a place open; nothing in it needs escaping."""
    return _OPEN + slot + _CLOSE


@dataclass(frozen=True, slots=True)
class Piece:
    """Texts and the slots between them: one text more than slots."""

    texts: tuple[str, ...]
    slots: tuple[str, ...] = ()

    @classmethod
    def of(cls, marked: str) -> Piece:
        """Takes a text with marks apart."""
        parts = _MARK.split(marked)
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    def fill(self, filled: Mapping[str, str]) -> str:
        """The whole; what is not given is empty. The texts must be HTML already."""
        return "".join(self.parts(filled))

    def parts(self, filled: Mapping[str, str]) -> list[str]:
        """The same, not joined yet."""
        parts = [self.texts[0]]
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            parts += (filled.get(slot, ""), text)
        return parts

    def settle(self, **filled: str | Piece) -> Piece:
        """The same with some slots filled for good, maybe with a piece that has slots of its own.

        The texts are never searched for marks again: they may hold what a person typed.
        """
        texts, slots = [self.texts[0]], []
        for slot, text in zip(self.slots, self.texts[1:], strict=True):
            if slot not in filled:
                slots.append(slot)
                texts.append(text)
                continue
            part = filled[slot]
            part = part if isinstance(part, Piece) else Piece((part,))
            texts[-1] += part.texts[0]
            slots += part.slots
            texts += part.texts[1:]
            texts[-1] += text
        return Piece(tuple(texts), tuple(slots))
