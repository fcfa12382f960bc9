"""日期: a day."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, Fault, bilingual
from definitions.fieldtypes.moment import Moment
from definitions.model import Field
from definitions.normalise import MONTHS, day_of, iso_date

_WRONG = checks.fault("answer.date")


def is_date(value: str) -> Fault | None:
    """Whether a text is a day that exists, written as ISO 8601 has it: 2026-11-23."""
    return None if day_of(value) is not None else _WRONG


def show_date(value: str, lang: str) -> str:
    """A day as it is read: 2026年11月23日, 23 November 2026; what is no day, as it is written."""
    if is_date(value) is not None:
        return value
    year, month, day = value.split("-")
    if lang == "en":
        return f"{day.lstrip('0')} {MONTHS[int(month) - 1]} {year}"
    return f"{year}年{month.lstrip('0')}月{day.lstrip('0')}日"


class DateType(Moment):
    """A day, kept as 2026-11-23; people type it as they like."""

    id = "date"
    title = bilingual("日期", "Date")
    example = "2026-11-23"
    problem = "answer.date"

    def normal(self, typed: str) -> str | None:
        return iso_date(typed)

    def format_check(self) -> Check:
        return is_date

    def show(self, value: str, field: Field, lang: str) -> str:
        return show_date(value, lang)
