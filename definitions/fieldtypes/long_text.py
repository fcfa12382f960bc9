"""多行文本: text of several lines."""

from definitions.fieldtypes.contract import Typed, bilingual, single
from definitions.fieldtypes.plain import LineOfText
from definitions.model import Field
from definitions.normalise import many_lines


class LongTextType(LineOfText):
    """Several lines, their ends made regular."""

    id = "long_text"
    title = bilingual("多行文本", "Long text")
    example = "经营范围：餐饮服务。\n无外卖。"

    def parse(self, raw: Typed, field: Field) -> str | None:
        return many_lines(single(raw)) or None
