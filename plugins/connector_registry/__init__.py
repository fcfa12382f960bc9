"""Connector: the register of enterprises and its public notices."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Registry(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_registry"
    title: ClassVar[Text] = {"zh-CN": "企业登记机关", "en": "Register of enterprises"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Registry
