"""不动产单元号: the number of a piece of land or a home (GB/T 37346-2019)."""

from definitions import formats
from definitions.fieldtypes import checks
from definitions.fieldtypes.contract import Check, bilingual
from definitions.fieldtypes.plain import Identifier


class RealEstateUnitType(Identifier):
    """28 characters without a check digit."""

    id = "real_estate_unit"
    title = bilingual("不动产单元号", "Real-estate unit number")
    example = "440404001002GB00015F00010012"

    def format_check(self) -> Check:
        return checks.formatted(formats.real_estate_unit_fault, shape="answer.real_estate_unit")
