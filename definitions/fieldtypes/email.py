"""电子邮箱: an e-mail address."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier
from definitions.normalise import half_width, visible


class EmailType(Identifier):
    """An e-mail address."""

    id = "email"
    title = bilingual("电子邮箱", "E-mail")
    example = "zhang.san@example.com"

    def normal(self, typed: str) -> str:
        """Without blanks; the domain in small letters, the name as it was typed."""
        name, at, domain = "".join(half_width(visible(typed)).split()).rpartition("@")
        return name + at + domain.lower() if at else domain

    def format_check(self) -> Check:
        return checks.formatted(formats.email_fault, shape="answer.email")
