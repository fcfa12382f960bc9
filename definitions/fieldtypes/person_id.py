"""公民身份号码: the number of a resident identity card or residence permit (GB 11643-1999)."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier


class PersonIdType(Identifier):
    """18 characters; a small x at the end becomes a capital one."""

    id = "person_id"
    title = bilingual("公民身份号码", "Citizen number")
    example = "11010519491231002X"

    def format_check(self) -> Check:
        """Shape, date of birth and check digit of GB 11643-1999."""
        return checks.formatted(
            formats.citizen_number_fault,
            shape="answer.person_id_shape",
            date="answer.person_id_date",
            check="answer.person_id_check",
        )
