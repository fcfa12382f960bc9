"""A license office (电子证照库) of the sandbox: finds, verifies and hands out licences.

Speaks the protocol of `plugins.license_http`. What stands under `/sandbox/` is for whoever tries
things out: the log of uses, revoking a licence, and the office's faults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from jsonschema import Draft202012Validator

from plugins.sandbox import seeds
from plugins.sandbox.faults import with_faults
from plugins.sandbox.office_store import OfficeStore
from plugins.sandbox.paper import license_pdf
from plugins.sandbox.seeds import Record
from plugins.sandbox.signed import Refusal, with_signatures
from plugins.signed_http import signing

LINE = {"type": "string", "maxLength": 200}
PURPOSE = {
    "items": {"type": "array", "items": LINE, "maxItems": 100},
    "case": LINE,
    "reason": LINE,
}
FIND = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "holder": LINE,
            "types": {"type": "array", "items": LINE, "minItems": 1, "maxItems": 100},
            **PURPOSE,
        },
        "required": ["holder", "types", *PURPOSE],
        "additionalProperties": False,
    }
)
NAMED = Draft202012Validator(
    {
        "type": "object",
        "properties": {"holder": LINE, "type": LINE, "number": LINE, **PURPOSE},
        "required": ["holder", "type", "number", *PURPOSE],
        "additionalProperties": False,
    }
)
CHANGES = ("status", "revoked_reason", "valid_to")
STATES = ("valid", "revoked", "suspended")
BEIJING = timezone(timedelta(hours=8))


def create_office(name: str, folder: Path, clients: Mapping[str, str]) -> Flask:
    """The office `name` (`province` or `city`), its database new in `folder`.

    `clients` are the keys of those who may ask.
    """
    app = Flask(__name__)
    store = OfficeStore(folder / f"{name}.db")
    store.create(seeds.records(name))
    with_faults(app, "/licenses/")
    with_signatures(app, ("/licenses/",), clients, store.first_time)
    _serve_licenses(app, store)
    _serve_admin(app, store)

    @app.get("/health")
    def health() -> Response:
        return jsonify({"office": seeds.OFFICES[name], "sandbox": True})

    return app


def _serve_licenses(app: Flask, store: OfficeStore) -> None:
    @app.post("/licenses/find")
    def find() -> Response:
        query = _query(FIND)
        found = store.find(query["holder"], query["types"], _today())
        return _answer(store, "find", query, found)

    @app.post("/licenses/verify")
    def verify() -> Response:
        query = _query(NAMED)
        return _answer(store, "verify", query, [_named(store, query)])

    @app.post("/licenses/file")
    def file() -> Response:
        query = _query(NAMED)
        record = _named(store, query)
        _note_use(store, "file", query, 1)
        return Response(license_pdf(record), content_type="application/pdf")


def _serve_admin(app: Flask, store: OfficeStore) -> None:
    @app.get("/sandbox/licenses")
    def licenses() -> Response:
        return jsonify([asdict(one) for one in store.all(date.today())])  # noqa: DTZ011

    @app.post("/sandbox/licenses")
    def add() -> Response:
        store.add(Record(**one) for one in request.get_json())
        return jsonify({"added": True})

    @app.get("/sandbox/usage")
    def usage() -> Response:
        return jsonify(store.usage())

    @app.post("/sandbox/licenses/<type_>/<path:number>")
    def change(type_: str, number: str) -> Response:
        changes = request.get_json()
        if set(changes) - set(CHANGES) or changes.get("status", "valid") not in STATES:
            raise Refusal(422, f"可修改：{'、'.join(CHANGES)}")
        if not store.change(type_, number, changes):
            raise Refusal(404, "没有这本证照")
        return jsonify({"changed": True})


def _query(schema: Draft202012Validator) -> dict[str, Any]:
    query: dict[str, Any] = request.get_json(silent=True) or {}
    if not schema.is_valid(query):
        raise Refusal(422, "请求格式不正确")
    if not query["items"]:
        raise Refusal(403, "没有说明用证事项")
    return query


def _named(store: OfficeStore, query: Mapping[str, Any]) -> Record:
    record = store.named(query["type"], query["number"], query["holder"], _today())
    if record is None:
        raise Refusal(404, "没有这本证照")
    return record


def _answer(
    store: OfficeStore, action: str, query: Mapping[str, Any], found: list[Record]
) -> Response:
    request_id = _note_use(store, action, query, len(found))
    return jsonify({"request_id": request_id, "licenses": [asdict(one) for one in found]})


def _note_use(store: OfficeStore, action: str, query: Mapping[str, Any], found: int) -> str:
    number = store.note_use(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        client=request.headers[signing.CLIENT],
        action=action,
        holder=query["holder"],
        types=" ".join(query.get("types", [query.get("type", "")])),
        items=" ".join(query["items"]),
        case_number=query["case"],
        reason=query["reason"],
        found=found,
    )
    return f"YZ{number:08d}"


def _today() -> date:
    return datetime.now(BEIJING).date()
