"""Connector: the real estate register."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class RealEstate(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_real_estate"
    title: ClassVar[Text] = {"zh-CN": "不动产登记机构", "en": "Real estate register"}
    known = read_operations(Path(__file__).parent)


PLUGIN = RealEstate
