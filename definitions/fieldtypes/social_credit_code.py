"""统一社会信用代码: the number of an enterprise or another body (GB 32100-2015)."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier


class SocialCreditCodeType(Identifier):
    """18 characters with a check character, and an organisation code inside."""

    id = "social_credit_code"
    title = bilingual("统一社会信用代码", "Unified social credit code")
    example = "91440400192548256N"

    def format_check(self) -> Check:
        """Shape and check digits of GB 32100-2015, that of the organisation code in it too."""
        return checks.formatted(
            formats.credit_code_fault,
            shape="answer.credit_code_shape",
            check="answer.credit_code_check",
            organisation="answer.credit_code_check",
        )
