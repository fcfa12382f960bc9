"""Do the fields of a form make sense?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from definitions.checks.known import calculated, fields_of, shown
from definitions.checks.registry import Findings, check
from definitions.model import Field, Form, Item, Library, Policy, RuleDefinition, Service, Subject

PROPERTIES = "/form/schema/properties"
QUESTIONS = "/situation/questions"


def _item_fields(item: Item) -> Iterator[tuple[str, Field]]:
    return fields_of(item.form, PROPERTIES)


@check("item", "definition.unknown_subject")
def fields_are_about_subjects(item: Item, library: Library) -> Findings:
    """What a field is about is a subject of its form."""
    for where, field in _item_fields(item):
        for name in field.about:
            if name not in item.subjects:
                yield f"{where}/about", {"subject": name}


@check("service", "definition.unknown_subject")
def situation_questions_are_about_subjects(service: Service, library: Library) -> Findings:
    """What a situation question is about is a subject of the service."""
    for where, field in fields_of(service.situation, QUESTIONS):
        for name in field.about:
            if name not in service.subjects:
                yield f"{where}/about", {"subject": name}


@check("policy", "definition.unknown_subject")
def policy_fields_are_about_subjects(policy: Policy, library: Library) -> Findings:
    """What a datum of a policy is about is a subject of the policy."""
    for where, field in fields_of(Form(policy.fields), "/fields"):
        for name in field.about:
            if name not in policy.subjects:
                yield f"{where}/about", {"subject": name}


@check("item", "definition.element_about_nobody", level="warning")
def elements_are_about_somebody(item: Item, library: Library) -> Findings:
    """An element that is about no subject can't be shared or prefilled."""
    for where, field in _item_fields(item):
        if field.element and not field.about:
            yield f"{where}/about", {"element": field.element}


@check("item", "definition.many_needs_table")
def only_tables_ask_of_many(item: Item, library: Library) -> Findings:
    """One box can't take the names of several buyers."""
    for name, field in item.form.fields.items():
        many = [one for one in field.about if _is_many(item.subjects, one)]
        if many and field.type not in ("table", "note"):
            yield f"{PROPERTIES}/{name}/about", {"field": field.title, "subject": many[0]}


def _is_many(subjects: Mapping[str, Subject], name: str) -> bool:
    return name in subjects and subjects[name].many


@check("item", "definition.two_tables_of_many")
def a_many_subject_has_one_table(item: Item, library: Library) -> Findings:
    """Two tables of the same people would ask twice who they are."""
    seen: dict[str, str] = {}
    for name, field in item.form.fields.items():
        if field.type != "table":
            continue
        for one in field.about:
            if _is_many(item.subjects, one) and seen.setdefault(one, name) != name:
                yield f"{PROPERTIES}/{name}/about", {"subject": one, "other": seen[one]}


@check("item", "definition.required_but_shown")
def what_a_rule_shows_is_not_always_required(item: Item, library: Library) -> Findings:
    """`required` means always; the rule that shows a field requires it."""
    conditional = shown(item.form.rules)
    for name, field in item.form.fields.items():
        if field.required and name in conditional:
            yield "/form/schema/required", {"field": name}
        row = shown(field.rules)
        for column_name, column in field.columns.items():
            if column.required and column_name in row:
                yield f"{PROPERTIES}/{name}/items/required", {"field": column_name}


@check("item", "definition.required_but_calculated")
def what_a_rule_calculates_is_not_required(item: Item, library: Library) -> Findings:
    """A calculated field takes no typed answer."""
    worked_out = calculated(item.form.rules)
    for name, field in item.form.fields.items():
        if field.required and (name in worked_out or field.type in ("computed", "note")):
            yield "/form/schema/required", {"field": name}
        row = calculated(field.rules)
        for column_name, column in field.columns.items():
            if column.required and column_name in row:
                yield f"{PROPERTIES}/{name}/items/required", {"field": column_name}
    for rule in item.form.rules.values():
        for at, name in enumerate(rule.require):
            if name in worked_out:
                yield f"/form/rules/{rule.id}/require/{at}", {"field": name}


@check("item", "definition.never_calculated", level="warning")
def computed_fields_have_a_rule(item: Item, library: Library) -> Findings:
    """A computed field that no rule sets stays empty."""
    worked_out = calculated(item.form.rules)
    for name, field in item.form.fields.items():
        if field.type == "computed" and name not in worked_out:
            yield f"{PROPERTIES}/{name}", {"field": field.title}


@check("item", "definition.section_unknown_field")
def sections_hold_fields(item: Item, library: Library) -> Findings:
    """A section names fields of its form, each once over all sections."""
    counts = Counter(name for section in item.form.sections for name in section.fields)
    for at, section in enumerate(item.form.sections):
        for place, name in enumerate(section.fields):
            if name not in item.form.fields or counts[name] > 1:
                yield f"/form/sections/{at}/fields/{place}", {"field": name}


@check("item", "definition.no_such_required")
def required_names_fields(item: Item, library: Library) -> Findings:
    """`required` lists fields and columns that are there."""
    schema = library.sources[f"item/{item.id}"]["form"]["schema"]
    for name in schema.get("required", ()):
        if name not in item.form.fields:
            yield "/form/schema/required", {"field": name}
    for name, raw in schema["properties"].items():
        row = raw.get("items", {})
        for column in row.get("required", ()):
            if row.get("type") == "object" and column not in item.form.fields[name].columns:
                yield f"{PROPERTIES}/{name}/items/required", {"field": column}


@check("item", "definition.unique_by_unknown")
def unique_by_names_columns(item: Item, library: Library) -> Findings:
    """Rows are told apart by columns of the table."""
    for name, field in item.form.fields.items():
        for at, column in enumerate(field.unique_by):
            if column not in field.columns:
                yield f"{PROPERTIES}/{name}/unique_by/{at}", {"field": column}


@check("item", "definition.options_cover_enum")
def every_choice_has_a_title(item: Item, library: Library) -> Findings:
    """A code without a title can't be shown to a person."""
    for where, field in _item_fields(item):
        if field.type not in ("choice", "multi_choice"):
            continue
        codes = field.schema.get("enum") or field.schema.get("items", {}).get("enum", [])
        missing = [code for code in codes if code not in field.options]
        if missing or not codes:
            yield f"{where}/options", {"codes": missing}


@check("item", "definition.needed_by_unknown")
def needed_by_names_a_step(item: Item, library: Library) -> Findings:
    """A field is first needed by a step of the same item."""
    for where, field in _item_fields(item):
        if field.needed_by and field.needed_by not in item.steps:
            yield f"{where}/needed_by", {"step": field.needed_by}


@check("item", "definition.crossed_limits")
def limits_leave_something(item: Item, library: Library) -> Findings:
    """No number is at least 10 and at most 5."""
    pairs = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"))
    for where, field in _item_fields(item):
        for low, high in pairs:
            least, most = field.schema.get(low), field.schema.get(high)
            if least is not None and most is not None and least > most:
                yield f"{where}/{low}", {"low": least, "high": most}


@check("item", "definition.rule_names_unknown_field")
def rules_name_fields(item: Item, library: Library) -> Findings:
    """What a rule shows, requires or sets is a field beside it."""
    yield from _unknown_names(item.form.rules, item.form.fields, "/form/rules")
    for name, field in item.form.fields.items():
        where = f"{PROPERTIES}/{name}/items/rules"
        yield from _unknown_names(field.rules, field.columns, where)


@check("service", "definition.rule_names_unknown_field")
def situation_rules_name_questions(service: Service, library: Library) -> Findings:
    """A situation rule shows situation questions."""
    questions = service.situation.fields
    yield from _unknown_names(service.situation.rules, questions, "/situation/rules")


def _unknown_names(
    rules: Mapping[str, RuleDefinition], fields: Mapping[str, Field], where: str
) -> Findings:
    for name, rule in rules.items():
        for action in ("show", "require"):
            for at, field in enumerate(getattr(rule, action)):
                if field not in fields:
                    yield f"{where}/{name}/{action}/{at}", {"field": field, "rule": name}
        if rule.set and rule.set not in fields:
            yield f"{where}/{name}/set", {"field": rule.set, "rule": name}


@check("item", "definition.set_twice")
def a_field_is_calculated_once(item: Item, library: Library) -> Findings:
    """Two rules that set one field would leave its value to chance."""
    seen: dict[str, str] = {}
    for name, rule in item.form.rules.items():
        if rule.set and seen.setdefault(rule.set, name) != name:
            yield f"/form/rules/{name}/set", {"field": rule.set, "other": seen[rule.set]}
