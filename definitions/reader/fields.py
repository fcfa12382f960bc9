"""Fields and forms: elements looked up, own keywords joined, rules in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from definitions.model import Element, Field, Form, RuleDefinition, Section, Text
from definitions.patterns import pattern_problem
from definitions.reader.scope import Raw, Scope, names
from definitions.reader.shape import schema

VALUE_KEYWORDS = tuple(schema("common")["$defs"]["value_schema"]["properties"])
"""The keywords of JSON Schema that judge one value; the rest of a field is for people."""

_BY_JSON_TYPE = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "multi_choice",
    "object": "date_range",
}
_NARROWER: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda own, other: own >= other,
    "exclusiveMinimum": lambda own, other: own >= other,
    "minLength": lambda own, other: own >= other,
    "minItems": lambda own, other: own >= other,
    "maximum": lambda own, other: own <= other,
    "exclusiveMaximum": lambda own, other: own <= other,
    "maxLength": lambda own, other: own <= other,
    "maxItems": lambda own, other: own <= other,
    "enum": lambda own, other: set(own) <= set(other),
    "type": lambda own, other: own == other or (own, other) == ("integer", "number"),
    "pattern": lambda own, other: own == other,
}
"""When a field's own keyword still means no more than its element's."""


def fields(raw: Raw, required: Iterable[str], scope: Scope, where: str) -> dict[str, Field]:
    """Fields by name, in the order written; those of `required` are marked."""
    wanted = frozenset(required)
    built = {
        name: _field(name, one, scope, f"{where}/{name}", name in wanted)
        for name, one in raw.items()
    }
    return {name: one for name, one in built.items() if one is not None}


def _field(name: str, raw: Raw, scope: Scope, where: str, required: bool) -> Field | None:
    base = _element(raw, scope, where)
    if base is None:
        return None
    about = names(raw.get("about"))
    columns, schema = _columns(raw, about, scope, where), _joined(raw, base, scope, where)
    title = raw.get("title") or base.title
    if not title or "type" not in schema:
        code = "definition.no_type" if title else "definition.no_title"
        scope.report(code, where, field=name)
        return None
    return Field(
        id=name,
        type=_field_type(raw, base, schema),
        title=title,
        schema=_with_columns(schema, columns),
        description=raw.get("description", base.description),
        element=base.id or None,
        about=about,
        required=required,
        unit=raw.get("unit", base.unit),
        decimals=raw.get("decimals", base.decimals),
        options=_options(raw, base, schema),
        examples=tuple(raw.get("examples", base.examples)),
        settings={**base.settings, **raw.get("settings", {})},
        sensitivity=raw.get("sensitivity", base.sensitivity),
        editable=raw.get("editable", base.editable),
        needed_by=raw.get("needed_by"),
        columns=columns,
        rules=rules(raw.get("items", {}).get("rules", {})),
        unique_by=tuple(raw.get("unique_by", ())),
    )


_NO_ELEMENT = Element(id="", title={}, type="", schema={})
"""What a field inherits that names no element."""


def _element(raw: Raw, scope: Scope, where: str) -> Element | None:
    """The element that a field names; None when there is no such element."""
    if "$ref" not in raw:
        return _NO_ELEMENT
    name = raw["$ref"].removeprefix("element:")
    element = scope.dictionary.elements.get(name)
    if element is None:
        scope.report("definition.unknown_element", f"{where}/$ref", element=name)
    return element


def _joined(raw: Raw, base: Element, scope: Scope, where: str) -> dict[str, Any]:
    """The schema of one value: what the element says, narrowed by what the field says."""
    own = {key: raw[key] for key in VALUE_KEYWORDS if key in raw}
    if "pattern" in own:
        check_pattern(own["pattern"], scope, f"{where}/pattern")
    for keyword in own.keys() & base.schema.keys() & _NARROWER.keys():
        if not _NARROWER[keyword](own[keyword], base.schema[keyword]):
            scope.report("definition.widens_element", f"{where}/{keyword}", keyword=keyword)
    joined = {**base.schema, **own}
    enum_from_options(joined, {**base.options, **raw.get("options", {})})
    return joined


def check_pattern(pattern: str, scope: Scope, where: str) -> None:
    """Report a pattern that isn't in the linear-time subset."""
    problem = pattern_problem(pattern)
    if problem is not None:
        scope.report(problem.code, where, **problem.params)


def enum_from_options(schema: dict[str, Any], options: Mapping[str, Text]) -> None:
    """Options alone say which codes there are."""
    if options and schema.get("type") == "string":
        schema.setdefault("enum", list(options))
    if options and schema.get("type") == "array":
        schema["items"] = {"type": "string", "enum": list(options), **schema.get("items", {})}


def _field_type(raw: Raw, base: Element, schema: Mapping[str, Any]) -> str:
    if "format" in raw or base.type:
        return str(raw.get("format", base.type))
    if schema.get("items", {}).get("type") == "object":
        return "table"
    return "choice" if "enum" in schema else _BY_JSON_TYPE[schema["type"]]


def _options(raw: Raw, base: Element, schema: Mapping[str, Any]) -> dict[str, Text]:
    """Titles of the codes that may be chosen."""
    known = {**base.options, **raw.get("options", {})}
    codes = schema.get("enum") or schema.get("items", {}).get("enum") or list(known)
    return {code: known[code] for code in codes if code in known}


def _columns(raw: Raw, about: tuple[str, ...], scope: Scope, where: str) -> dict[str, Field]:
    """The columns of a table; those that don't say whom they are about take the table's subject."""
    row = raw.get("items", {})
    own = {"about": list(about)} if about else {}
    columns = {name: {**own, **column} for name, column in row.get("properties", {}).items()}
    return fields(columns, row.get("required", ()), scope, f"{where}/items/properties")


def _with_columns(schema: dict[str, Any], columns: Mapping[str, Field]) -> dict[str, Any]:
    """A table's schema says what a row is; any other stays as it is."""
    if not columns:
        return schema
    row = {
        "type": "object",
        "properties": {name: dict(column.schema) for name, column in columns.items()},
        "required": [name for name, column in columns.items() if column.required],
    }
    return {**schema, "items": row}


def form(raw: Raw, title: Text, scope: Scope, where: str = "/form") -> Form:
    """A form; fields that its layout leaves out stand in a last section under `title`."""
    schema = raw["schema"]
    built = fields(
        schema["properties"], schema.get("required", ()), scope, f"{where}/schema/properties"
    )
    laid_out = sections(raw.get("sections", ()), "fields")
    placed = {name for section in laid_out for name in section.fields}
    rest = tuple(name for name in built if name not in placed)
    if rest:
        laid_out += (Section("rest", title, rest),)
    return Form(built, laid_out, rules(raw.get("rules", {})))


def sections(raw: Iterable[Raw], key: str) -> tuple[Section, ...]:
    """The layout; a section without an id is called by its place."""
    return tuple(
        Section(one.get("id", f"section_{at}"), one["title"], tuple(one[key]))
        for at, one in enumerate(raw, 1)
    )


def rules(raw: Raw) -> dict[str, RuleDefinition]:
    """Rules by id."""
    return {name: _rule(name, one) for name, one in raw.items()}


def _rule(name: str, raw: Raw) -> RuleDefinition:
    return RuleDefinition(
        id=name,
        when=raw.get("when"),
        show=tuple(raw.get("show", ())),
        require=tuple(raw.get("require", ())),
        refuse=raw.get("refuse"),
        set=raw.get("set"),
        to=raw.get("to"),
    )
