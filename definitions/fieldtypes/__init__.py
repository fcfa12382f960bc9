"""The types of fields: each a file that says how it is typed, checked, shown and set.

kind = REGISTRY["money"]
kind.parse("100万元", field)        # 100000000 fen; raises Unreadable
compile_check(field)(100000000)     # None, or (code, params) of the first thing wrong
"""

from __future__ import annotations

from definitions.fieldtypes.address import AddressType
from definitions.fieldtypes.boolean import BooleanType
from definitions.fieldtypes.checks import chain
from definitions.fieldtypes.choice import ChoiceType
from definitions.fieldtypes.computed import ComputedType
from definitions.fieldtypes.contract import Check, Fault, FieldType, Typed, Unreadable
from definitions.fieldtypes.date import DateType
from definitions.fieldtypes.date_range import DateRangeType
from definitions.fieldtypes.declaration import DeclarationType
from definitions.fieldtypes.division import DivisionType
from definitions.fieldtypes.email import EmailType
from definitions.fieldtypes.file import FileType
from definitions.fieldtypes.image import ImageType
from definitions.fieldtypes.integer import IntegerType
from definitions.fieldtypes.long_text import LongTextType
from definitions.fieldtypes.money import MoneyType
from definitions.fieldtypes.multi_choice import MultiChoiceType
from definitions.fieldtypes.note import NoteType
from definitions.fieldtypes.number import NumberType
from definitions.fieldtypes.person_id import PersonIdType
from definitions.fieldtypes.phone import PhoneType
from definitions.fieldtypes.plate_number import PlateNumberType
from definitions.fieldtypes.real_estate_unit import RealEstateUnitType
from definitions.fieldtypes.signature import SignatureType
from definitions.fieldtypes.social_credit_code import SocialCreditCodeType
from definitions.fieldtypes.table import TableType
from definitions.fieldtypes.text import TextType
from definitions.fieldtypes.time import TimeType
from definitions.model import Field

_TYPES: tuple[FieldType, ...] = (
    TextType(),
    LongTextType(),
    IntegerType(),
    NumberType(),
    MoneyType(),
    BooleanType(),
    DateType(),
    DateRangeType(),
    TimeType(),
    ChoiceType(),
    MultiChoiceType(),
    DivisionType(),
    AddressType(),
    PhoneType(),
    EmailType(),
    PersonIdType(),
    SocialCreditCodeType(),
    RealEstateUnitType(),
    PlateNumberType(),
    FileType(),
    ImageType(),
    SignatureType(),
    TableType(),
    ComputedType(),
    DeclarationType(),
    NoteType(),
)

REGISTRY: dict[str, FieldType] = {kind.id: kind for kind in _TYPES}
"""Every field type by its id, in the order in which the builder offers them."""


def compile_check(field: Field) -> Check:
    """A function of one value that is there: None, or the first fault as (code, params).

    Made once for a field, it holds only the checks that the field has. A value that it lets pass
    also passes plain JSON Schema on `field.schema`; of a table, on everything but its cells.
    """
    return chain(REGISTRY[field.type].checks(field))


__all__ = [
    "REGISTRY",
    "Check",
    "Fault",
    "FieldType",
    "Typed",
    "Unreadable",
    "compile_check",
]
