"""Connector: customs."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Customs(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_customs"
    title: ClassVar[Text] = {"zh-CN": "海关", "en": "Customs"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Customs
