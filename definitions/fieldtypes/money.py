"""金额: an amount in yuan, kept as whole fen."""

from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import (
    Check,
    FieldType,
    Typed,
    Unreadable,
    bilingual,
    form_of,
    single,
)
from definitions.fieldtypes.numeric import LIMITS
from definitions.model import Field
from definitions.normalise import code, fen


class MoneyType(FieldType):
    """Whole fen. People type yuan: 1,234.50, 100万元, ¥80."""

    id = "money"
    title = bilingual("金额", "Money")
    json_type = "integer"
    example = 10000000
    settings = form_of(**LIMITS)

    def parse(self, raw: Typed, field: Field) -> int | None:
        """The amount in fen. Raises Unreadable for what is none, or is no whole fen."""
        typed = single(raw)
        if not code(typed):
            return None
        value = fen(typed)
        if value is None:
            raise Unreadable("answer.money", raw)
        if value != value.to_integral_value():
            raise Unreadable("answer.money_fen", raw)
        return int(value)

    def checks(self, field: Field) -> list[Check]:
        return checks.number(field.schema, lambda limit: self.shown(limit, field), whole=True)

    def show(self, value: int, field: Field, lang: str) -> str:
        amount = _yuan(value, grouped=True)
        return f"CNY {amount}" if lang == "en" else f"{amount} 元"

    def to_input(self, value: int, field: Field) -> str:
        return _yuan(value, grouped=False)


_FEN = tuple(f".{fen_left:02d}" for fen_left in range(100))


def _yuan(value: float, grouped: bool) -> str:
    """Fen as yuan with two decimals, its thousands parted by a comma if they are to be `grouped`.

    A page shows many amounts: formatting with a width or a comma costs twice as much as without.
    """
    yuan, fen_left = divmod(abs(int(value)), 100)
    whole = f"{yuan:,}" if grouped and yuan >= 1000 else str(yuan)
    return f"-{whole}{_FEN[fen_left]}" if value < 0 else whole + _FEN[fen_left]
