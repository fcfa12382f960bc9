"""车牌号码: the plate of a vehicle (GA 36-2018)."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier
from definitions.normalise import code


class PlateNumberType(Identifier):
    """7 characters, or 8 on a vehicle of new energy."""

    id = "plate_number"
    title = bilingual("车牌号码", "Plate number")
    example = "粤C12345"

    def normal(self, typed: str) -> str:
        """Without the dot that stands on the plate."""
        return code(typed).replace("·", "").replace(".", "").replace("-", "")

    def format_check(self) -> Check:
        return checks.formatted(formats.plate_number_fault, shape="answer.plate_number")
