"""文本: one line of text."""

from definitions.fieldtypes.contract import bilingual, form_of
from definitions.fieldtypes.plain import LENGTHS, PATTERN, LineOfText


class TextType(LineOfText):
    """One line; blanks around it and full-width digits are made regular."""

    id = "text"
    title = bilingual("单行文本", "Text")
    example = "珠海市示例餐饮有限公司"
    settings = form_of(**LENGTHS, pattern=PATTERN)
