"""Connector: the public credit platform; who is listed, for what, and how it is repaired."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Credit(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_credit"
    title: ClassVar[Text] = {"zh-CN": "公共信用信息平台", "en": "Public credit platform"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Credit
