"""签名: the full name that a person types to sign."""

from definitions.fieldtypes.contract import bilingual
from definitions.fieldtypes.plain import LineOfText


class SignatureType(LineOfText):
    """A typed full name. Who signed, when and what is kept by the application, not here."""

    id = "signature"
    title = bilingual("签名", "Signature")
    example = "张三"
