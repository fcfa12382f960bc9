"""A connector made of a file of operations: a plugin adds its name, its title and the file.

An operation is a signed POST to `/operations/<name>` with the key, why (item, case, district) and
the input. 200 brings the answer, 202 a handle to ask again with; 403, 404 and 422 say no. How a
key or a handle stands is asked at `/calls/reconcile` and `/calls/poll`. The other side may tell by
itself, with a callback.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

from jsonschema import Draft202012Validator

from definitions.model import Text
from plugins.contract import (
    Answered,
    BadReply,
    Callback,
    Config,
    Connector,
    Context,
    Denied,
    Done,
    Finding,
    Misconfigured,
    NotFound,
    Operation,
    Pending,
    PluginError,
    Rejected,
    Request,
    Spec,
)
from plugins.signed_http import webhooks
from plugins.signed_http.client import Client, Reply

ASK = 5.0
"""Seconds that a question about a call may take."""
MAX_BYTES = 2_000_000
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
            "title": "超时上限（秒，不填按各操作的规定）",
            "exclusiveMinimum": 0,
            "maximum": 120,
        },
        "callback": {
            "type": "string",
            "title": "回调地址（不填就只轮询）",
            "pattern": "^https?://[^/?#@]+/[^?#]*$",
        },
        "callback_key": {
            "type": "string",
            "title": "回调密钥",
            "pattern": webhooks.KEY,
            "secret": True,
        },
    },
    "required": ["address", "client", "key"],
    "dependentRequired": {"callback": ["callback_key"]},
    "additionalProperties": False,
}
ANSWER = Draft202012Validator(
    {
        "type": "object",
        "properties": {"operation": {"type": "string"}, "answer": {"type": "object"}},
        "required": ["operation", "answer"],
    }
)
LATER = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "handle": {"type": "string", "minLength": 1, "maxLength": 200},
            "ask_again_after": {"type": "number", "minimum": 0, "maximum": 86400},
            "until": {"type": "string", "maxLength": 40},
        },
        "required": ["handle", "ask_again_after", "until"],
    }
)
TOLD = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "handle": {"type": "string", "minLength": 1, "maxLength": 200},
            "data": {"type": "object"},
            "denied": {"type": "string", "maxLength": 200},
        },
        "required": ["handle"],
        "oneOf": [{"required": ["data"]}, {"required": ["denied"]}],
    }
)


def read_operations(folder: Path) -> dict[str, Operation]:
    """The operations that `operations.json` in a folder describes, in its order."""
    raw = json.loads((folder / "operations.json").read_text("utf-8"))
    return {name: Operation(**one) for name, one in raw.items()}


def fault_of(schema: Mapping[str, Any], value: Any) -> str:
    """What is wrong with a value, without quoting it; empty if nothing is. Days must exist."""
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    error = next(validator.iter_errors(value), None)
    if error is None:
        return ""
    missing = f" {error.message}" if error.validator == "required" else ""
    return f"{error.json_path} breaks {error.validator}{missing}"


class SignedConnector(Connector):
    """A connector whose other side speaks this protocol."""

    id: ClassVar[str]
    title: ClassVar[Text]
    known: ClassVar[Mapping[str, Operation]]
    data_classes: ClassVar[tuple[str, ...]] = ("public", "personal")

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._client = Client(
            base=config["address"],
            client=config["client"],
            key=config["key"],
            timeout=min(ASK, config.get("timeout", ASK)),
            max_bytes=MAX_BYTES,
            may_wait=True,
        )

    @classmethod
    def spec(cls) -> Spec:
        """Who it is and what it needs."""
        return Spec(
            id=cls.id,
            kind="connector",
            version="1.0",
            title=cls.title,
            config=CONFIG,
            hosts=("{address}",),
            data_classes=cls.data_classes,
        )

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Ask for a key that nobody has used: whoever answers that knows us and our key."""
        title = cls.title
        try:
            cls(config).reconcile("check")
        except PluginError as error:
            text = {
                "zh-CN": f"{title['zh-CN']}没有正确应答：{error}",
                "en": f"{title['en']} did not answer properly: {error}",
            }
            return [Finding("failed", text)]
        text = {
            "zh-CN": f"{title['zh-CN']}应答正常，密钥有效。",
            "en": f"{title['en']}: it answers and the key is valid.",
        }
        return [Finding("ok", text)]

    def operations(self) -> Mapping[str, Operation]:
        """What it can do, by name."""
        return self.known

    def call(self, operation: str, payload: Mapping[str, Any], context: Context) -> Answered:
        """Do it, or start it. What has no value isn't sent."""
        known = self.known.get(operation)
        if known is None:
            raise Misconfigured(f"no operation {operation!r}")
        given = _answered(payload)
        fault = fault_of(known.input, given)
        if fault:
            raise Rejected("bad_input", fault)
        body = {
            "key": context.key,
            "item": context.item,
            "case": context.case,
            "district": context.district,
            "callback": self.config.get("callback", ""),
            "input": given,
        }
        reply = self._client.post(
            f"/operations/{operation}",
            body,
            write=context.key if known.effect == "write" else "",
            timeout=min(known.timeout, self.config.get("timeout", known.timeout)),
        )
        return self._result(reply, operation)

    def poll(self, handle: str) -> Answered:
        """How a pending call stands."""
        return self._result(self._client.post("/calls/poll", {"handle": handle}))

    def reconcile(self, key: str) -> Answered:
        """What became of a write whose answer was lost. NotFound: it was never done."""
        return self._result(self._client.post("/calls/reconcile", {"key": key}))

    def on_callback(self, request: Request) -> Callback:
        """What a callback says; BadReply if it is not genuine or not of now."""
        if "callback_key" not in self.config:
            raise Misconfigured("no callback_key")
        id = webhooks.verified(self.config["callback_key"], request, time.time())
        said = Reply(200, "application/json;charset=utf-8", request.body).json()
        _demand(TOLD, said)
        if "denied" in said:
            return Callback(id, said["handle"], Denied({"zh-CN": said["denied"]}))
        return Callback(id, said["handle"], Done(said["data"]))

    def _result(self, reply: Reply | NotFound | Denied, operation: str = "") -> Answered:
        """A reply as a result, held to the shape that its operation promises."""
        if not isinstance(reply, Reply):
            return reply
        said = reply.json()
        if reply.status == 202:
            _demand(LATER, said)
            return Pending(said["handle"], float(said["ask_again_after"]), said["until"])
        _demand(ANSWER, said)
        known = self.known.get(said["operation"])
        if known is None or (operation and said["operation"] != operation):
            raise BadReply("the answer to another question")
        fault = fault_of(known.output, said["answer"])
        if fault:
            raise BadReply(f"answer: {fault}")
        return Done(said["answer"])


def _answered(value: Any) -> Any:
    """A value without the names in it that have none: an empty question isn't sent."""
    if isinstance(value, Mapping):
        return {name: _answered(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_answered(one) for one in value]
    return value


def _demand(validator: Draft202012Validator, value: Any) -> None:
    fault = fault_of(cast(Mapping[str, Any], validator.schema), value)
    if fault:
        raise BadReply(fault)
