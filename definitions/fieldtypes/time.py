"""时间: a time of day."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, Fault, bilingual
from definitions.fieldtypes.moment import Moment
from definitions.normalise import iso_time

_WRONG = checks.fault("answer.time")


def _is_time(value: str) -> Fault | None:
    return None if len(value) == 5 and iso_time(value) == value else _WRONG


class TimeType(Moment):
    """Hours and minutes, kept as 09:30."""

    id = "time"
    title = bilingual("时间", "Time")
    example = "09:30"
    problem = "answer.time"

    def normal(self, typed: str) -> str | None:
        return iso_time(typed)

    def format_check(self) -> Check:
        return _is_time
