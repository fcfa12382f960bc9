"""Connector: bills and loans at a bank. `reference` is a bill's name within the case."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Bank(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_bank"
    title: ClassVar[Text] = {"zh-CN": "银行和统一支付", "en": "Bank and payments"}
    known = read_operations(Path(__file__).parent)
    data_classes = ("public", "personal", "sensitive")


PLUGIN = Bank
