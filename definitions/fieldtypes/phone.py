"""电话: a number that the office can call."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier
from definitions.normalise import code


class PhoneType(Identifier):
    """Mobile, landline with area code, 400 and 800 lines, and those of Hong Kong and Macau."""

    id = "phone"
    title = bilingual("电话", "Phone")
    example = "13800138000"

    def normal(self, typed: str) -> str:
        """Digits, with hyphens only where they part area code and extension."""
        number = code(typed).replace("(", "").replace(")", "-").replace("转", "-")
        for prefix in ("+86", "0086"):
            number = (
                number.removeprefix(prefix).lstrip("-") if number.startswith(prefix) else number
            )
        digits = number.replace("-", "")
        return digits if len(digits) == 11 and digits.startswith("1") else number

    def format_check(self) -> Check:
        return checks.formatted(formats.phone_fault, shape="answer.phone")
