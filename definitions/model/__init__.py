"""The definitions as frozen, typed objects: what a reader returns and everything else works on.

Nothing here decides anything. A definition that is an object of this package has the right shape;
whether it makes sense is for `definitions.checks` to say.
"""

from definitions.model.basics import (
    KINDS,
    Expression,
    Schema,
    Text,
)
from definitions.model.dictionary import (
    Dictionary,
    Element,
    ElementGroup,
    KeyTells,
    MaterialType,
    Relation,
    SubjectKind,
)
from definitions.model.forms import (
    Field,
    Form,
    RuleDefinition,
    Section,
    Subject,
)
from definitions.model.items import (
    Commitment,
    Deferral,
    Fee,
    Item,
    Limit,
    Material,
    Result,
    ResultField,
    Satisfaction,
    Span,
    Step,
)
from definitions.model.library import (
    Library,
)
from definitions.model.licenses import (
    License,
    LicenseField,
    LicenseType,
    Provenance,
)
from definitions.model.services import (
    Service,
    Use,
)
from definitions.model.surroundings import (
    Calendar,
    Delegation,
    Organisation,
    Policy,
    Unit,
    Variant,
)

__all__ = [
    "KINDS",
    "Calendar",
    "Commitment",
    "Deferral",
    "Delegation",
    "Dictionary",
    "Element",
    "ElementGroup",
    "Expression",
    "Fee",
    "Field",
    "Form",
    "Item",
    "KeyTells",
    "Library",
    "License",
    "LicenseField",
    "LicenseType",
    "Limit",
    "Material",
    "MaterialType",
    "Organisation",
    "Policy",
    "Provenance",
    "Relation",
    "Result",
    "ResultField",
    "RuleDefinition",
    "Satisfaction",
    "Schema",
    "Section",
    "Service",
    "Span",
    "Step",
    "Subject",
    "SubjectKind",
    "Text",
    "Unit",
    "Use",
    "Variant",
]
