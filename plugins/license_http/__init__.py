"""Licence source: an e-license service over HTTP (电子证照库), after DB44/T 2167.4.

Requests and answers are signed, sent and read with care (`plugins.signed_http`), and every reply
is held to `reply.json` and to what was asked: a licence of somebody else is a bad reply.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from definitions.model import License
from plugins.contract import (
    BadReply,
    Config,
    Denied,
    Done,
    File,
    Finding,
    LicenseSource,
    NotFound,
    PluginError,
    Purpose,
    Spec,
)
from plugins.signed_http.client import Client, Reply

REPLY = Draft202012Validator(json.loads(Path(__file__).with_name("reply.json").read_text("utf-8")))
CONFIG: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "address": {
            "type": "string",
            "title": "接口地址",
            "pattern": "^https?://[^/?#@]+(/[^?#]*)?$",
        },
        "client": {"type": "string", "title": "接入方代码", "pattern": "^[A-Za-z0-9_.-]{1,60}$"},
        "key": {"type": "string", "title": "接入密钥", "minLength": 16, "secret": True},
        "timeout": {
            "type": "number",
            "title": "超时（秒）",
            "exclusiveMinimum": 0,
            "maximum": 60,
            "default": 5,
        },
        "max_bytes": {
            "type": "integer",
            "title": "应答上限（字节）",
            "minimum": 1024,
            "maximum": 20_000_000,
            "default": 2_000_000,
        },
    },
    "required": ["address", "client", "key"],
    "additionalProperties": False,
}


class LicenseHttp(LicenseSource):
    """A license office that speaks this protocol."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._client = Client(
            base=config["address"],
            client=config["client"],
            key=config["key"],
            timeout=config.get("timeout", CONFIG["properties"]["timeout"]["default"]),
            max_bytes=config.get("max_bytes", CONFIG["properties"]["max_bytes"]["default"]),
        )

    @classmethod
    def spec(cls) -> Spec:
        """Who it is and what it needs."""
        return Spec(
            id="license_http",
            kind="license_source",
            version="1.0",
            title={"zh-CN": "电子证照库（HTTP 接口）", "en": "E-license service over HTTP"},
            config=CONFIG,
            hosts=("{address}",),
            data_classes=("public", "personal", "sensitive"),
        )

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Ask for a holder who does not exist: whoever answers that knows us and our key."""
        try:
            cls(config).find("000000000000000000", ("resident_id_card",), Purpose((), "check"))
        except PluginError as error:
            text = {
                "zh-CN": f"证照库没有正确应答：{error}",
                "en": f"The license office did not answer properly: {error}",
            }
            return [Finding("failed", text)]
        text = {
            "zh-CN": "证照库应答正常，密钥有效。",
            "en": "The office answers; the key is valid.",
        }
        return [Finding("ok", text)]

    def find(
        self, holder: str, types: Sequence[str], purpose: Purpose
    ) -> Done[tuple[License, ...]] | NotFound | Denied:
        """The licences of these types that name this holder, in any state."""
        query = {"holder": holder, "types": list(types), **_purpose(purpose)}
        found = self._licenses("/licenses/find", query)
        if isinstance(found, Done):
            for license in found.data:
                _refuse_stranger(license, holder, types)
            if not found.data:
                return NotFound()
        return found

    def verify(self, license: License, purpose: Purpose) -> Done[License] | NotFound | Denied:
        """The same licence as it stands now."""
        found = self._licenses("/licenses/verify", {**_named(license), **_purpose(purpose)})
        if not isinstance(found, Done):
            return found
        if [(one.holder, one.type, one.number) for one in found.data] != [
            (license.holder, license.type, license.number)
        ]:
            raise BadReply("another licence than the one asked for")
        return Done(found.data[0])

    def file(self, license: License, purpose: Purpose) -> Done[File] | NotFound | Denied:
        """The licence as a PDF."""
        reply = self._client.post("/licenses/file", {**_named(license), **_purpose(purpose)})
        if not isinstance(reply, Reply):
            return reply
        if reply.media_type != "application/pdf" or not reply.body.startswith(b"%PDF-"):
            raise BadReply("the file is no PDF")
        return Done(File(f"{license.type}.pdf", reply.media_type, reply.body))

    def _licenses(
        self, path: str, query: Mapping[str, Any]
    ) -> Done[tuple[License, ...]] | NotFound | Denied:
        reply = self._client.post(path, query)
        if not isinstance(reply, Reply):
            return reply
        answer = _parsed(reply)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        facts = {
            "fetched_at": now,
            "request_id": answer["request_id"],
            "trust": "A",
            "signature": "valid",
        }
        return Done(tuple(License(**one, **facts) for one in answer["licenses"]))


def _parsed(reply: Reply) -> dict[str, Any]:
    """The reply in the agreed shape; a refusal never quotes what it holds."""
    answer = reply.json()
    fault = next(REPLY.iter_errors(answer), None)
    if fault is not None:
        raise BadReply(f"{fault.json_path} breaks {fault.validator}")
    return answer


def _refuse_stranger(license: License, holder: str, types: Sequence[str]) -> None:
    if license.holder != holder:
        raise BadReply("a licence of another holder")
    if license.type not in types:
        raise BadReply("a licence of a type that was not asked for")


def _named(license: License) -> dict[str, str]:
    return {"type": license.type, "number": license.number, "holder": license.holder}


def _purpose(purpose: Purpose) -> dict[str, Any]:
    return {"items": list(purpose.items), "case": purpose.case, "reason": purpose.reason}


PLUGIN = LicenseHttp
