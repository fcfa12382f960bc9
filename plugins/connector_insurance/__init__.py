"""Connector: social insurance of employers."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Insurance(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_insurance"
    title: ClassVar[Text] = {"zh-CN": "社会保险经办机构", "en": "Social insurance"}
    known = read_operations(Path(__file__).parent)


PLUGIN = Insurance
