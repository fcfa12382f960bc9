"""What a day and a time of day have in common: typed in many ways, kept in the one of ISO 8601."""

from __future__ import annotations

from typing import ClassVar

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, FieldType, Typed, Unreadable, single
from definitions.model import Field


class Moment(FieldType):
    """A text of one form. `problem` is the code of what is wrong with a text that can't be read."""

    problem: ClassVar[str]

    def normal(self, typed: str) -> str | None:
        """What was typed, as it is kept; None if it can't be read."""
        raise NotImplementedError

    def format_check(self) -> Check:
        """Whether a text is as it is kept."""
        raise NotImplementedError

    def parse(self, raw: Typed, field: Field) -> str | None:
        """What was typed, in the form of ISO 8601. Raises Unreadable with `problem`."""
        typed = single(raw).strip()
        if not typed:
            return None
        value = self.normal(typed)
        if value is None:
            raise Unreadable(self.problem, raw)
        return value

    def checks(self, field: Field) -> list[Check]:
        return checks.text_like(field.schema, self.format_check())
