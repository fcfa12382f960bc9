"""Connector: the tax bureau."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Tax(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_tax"
    title: ClassVar[Text] = {"zh-CN": "税务部门", "en": "Tax bureau"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Tax
