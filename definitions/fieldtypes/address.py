"""地址: where something or someone is."""

from definitions.fieldtypes.contract import bilingual
from definitions.fieldtypes.plain import LineOfText


class AddressType(LineOfText):
    """An address in one line, from the city or district to the door."""

    id = "address"
    title = bilingual("地址", "Address")
    example = "珠海市香洲区情侣中路8号101室"
