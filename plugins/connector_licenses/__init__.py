"""Connector: the office that issues e-licenses (制证) and puts them out of force."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from definitions.model import Text
from plugins.signed_http.connector import SignedConnector, read_operations


class Licenses(SignedConnector):
    """What `operations.json` says it can do."""

    id = "connector_licenses"
    title: ClassVar[Text] = {"zh-CN": "电子证照制发系统", "en": "Issue of e-licenses"}
    known = read_operations(Path(__file__).parent)
    data_classes = ("public", "personal", "sensitive")


PLUGIN = Licenses
