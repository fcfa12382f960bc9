"""Connector: a water, power, gas or network company; one plugin, an instance for each company."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Utility(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_utility"
    title: ClassVar[Text] = {"zh-CN": "公用事业单位", "en": "A utility"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Utility
