"""A hostile definition gets a problem: never a hang, never a crash."""

from __future__ import annotations

import copy
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions.checks import check
from definitions.patterns import compile_pattern, pattern_problem
from definitions.reader import read
from definitions.reader.hazards import MAX_PROBLEMS
from definitions.reader.text import MAX_BYTES
from definitions.wording import say
from tests.definitions.factory import World, changed, problems, text, world

SECONDS = 2.0
"""Of the processor, not of the clock on the wall: a busy machine hangs on nothing."""
NAME = "/form/schema/properties/name"


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < SECONDS * 10


def _read(tmp_path: Path, data: bytes) -> set[str]:
    (tmp_path / "one.json").write_bytes(data)
    start = time.process_time()
    library = read([tmp_path])
    found = [*library.problems, *check(library)]
    assert time.process_time() - start < SECONDS
    assert all(one.where.startswith("one.json") for one in found)
    assert all(f"{one.where} {say(one, 'en')}".encode() for one in found)
    return {one.code.removeprefix("definition.") for one in found}


def _codes(definitions: World) -> set[str]:
    start = time.process_time()
    found = {one.code.removeprefix("definition.") for one in problems(definitions)}
    assert time.process_time() - start < SECONDS
    return found


ITEM_HEAD = b'{"kind": "item", "id": "a", "title": {"zh-CN": "a"}, "x": '


def _keys(count: int) -> bytes:
    """The beginning of an object with so many keys."""
    return b"{" + b",".join(b'"k%d":1' % number for number in range(count))


FILES = {
    "deep lists": (b"[" * 10_000 + b"]" * 10_000, "too_deep"),
    "deep objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too_deep"),
    "deeper than the stack": (b"[" * 900_000, "too_deep"),
    "deeper than allowed": (ITEM_HEAD + b"[" * 70 + b"]" * 70 + b"}", "too_deep"),
    "a key twice": (b'{"kind": "item", "kind": "service", "id": "a"}', "key_twice"),
    "one key of very many twice": (ITEM_HEAD + _keys(150_000) + b',"k0": 2}}', "key_twice"),
    "very many keys twice": (
        ITEM_HEAD + _keys(70_000) + b"," + _keys(70_000)[1:] + b"}}",
        "key_twice",
    ),
    "NaN": (ITEM_HEAD + b"NaN}", "not_a_number"),
    "Infinity": (ITEM_HEAD + b"-Infinity}", "not_a_number"),
    "a number beyond floats": (ITEM_HEAD + b"1e999}", "number_too_large"),
    "an integer beyond floats": (ITEM_HEAD + b"9007199254740993}", "number_too_large"),
    "an integer of 5 000 digits": (ITEM_HEAD + b"9" * 5_000 + b"}", "number_too_large"),
    "GB 18030": ('{"kind": "item", "id": "表"}'.encode("gb18030"), "not_utf8"),
    "UTF-16": ('{"kind": "item"}'.encode("utf-16"), "not_utf8"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "byte_order_mark"),
    "half a character": (b'{"kind": "item", "id": "\\ud800"}', "half_a_character"),
    "half a character in a name": (
        b'{"kind": "item", "id": "a", "\\ud800": 1, "\\ud800": 1}',
        "half_a_character",
    ),
    "nothing": (b"", "not_json"),
    "cut off": (b'{"kind": "item"', "not_json"),
    "two values": (b"{} {}", "not_json"),
    "a list": (b"[]", "wrong_type"),
    "too large": (b'"' + b"x" * MAX_BYTES + b'"', "file_too_large"),
    "an unknown kind": (b'{"kind": "spell", "id": "a"}', "unknown_kind"),
    "a kind that is a list": (b'{"kind": ["item"], "id": "a"}', "unknown_kind"),
    "no id": (b'{"kind": "item"}', "missing_key"),
    "no kind": (b'{"id": "a"}', "missing_key"),
    "an id that is a number": (b'{"kind": "item", "id": 1}', "wrong_type"),
    "a kind of a million letters": (
        b'{"kind": "' + b"x" * 1_000_000 + b'", "id": "a"}',
        "unknown_kind",
    ),
    "__proto__": (b'{"kind": "item", "id": "a", "__proto__": {}}', "forbidden_name"),
    "__class__": (b'{"kind": "item", "id": "a", "__class__": {}}', "forbidden_name"),
    "constructor": (b'{"kind": "item", "id": "a", "constructor": {}}', "forbidden_name"),
    "a million codes": (
        ITEM_HEAD + b'{"enum": [' + b",".join(b"%d" % n for n in range(1_000_000))[:1_900_000],
        "not_json",
    ),
    "as many codes as fit a file": (
        ITEM_HEAD + json.dumps({"enum": list(range(250_000))}).encode() + b"}",
        "list_too_long",
    ),
    "as many keys as fit a file": (
        ITEM_HEAD + json.dumps({f"k{n}": 0 for n in range(150_000)}).encode() + b"}",
        "unknown_key",
    ),
    "as many misspelt keys as fit a file": (
        json.dumps({"kind": "item", "id": "a", **{f"titl{n}": 0 for n in range(90_000)}}).encode(),
        "misspelt_key",
    ),
    "as many forbidden names as fit a file": (
        ITEM_HEAD + json.dumps({f"__{n}": 0 for n in range(120_000)}).encode() + b"}",
        "forbidden_name",
    ),
    "tags that never end": (
        b'{"kind": "item", "id": "a", "title": {"zh-CN": "' + b"<a" * 900_000 + b'"}}',
        "too_long",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_gets_its_problem(tmp_path: Path, name: str) -> None:
    data, code = FILES[name]
    assert code in _read(tmp_path, data)


def test_a_file_that_is_no_object_is_told_what_it_is(tmp_path: Path) -> None:
    for value, name in (("1", "integer"), ('"x"', "string"), ("null", "null"), ("[]", "array")):
        (tmp_path / "one.json").write_text(value, "utf-8")
        assert [one.params["got"] for one in read([tmp_path]).problems] == [name]


def test_nobody_is_told_more_than_a_thousand_problems_of_a_file(tmp_path: Path) -> None:
    names = {f"__{number}": 0 for number in range(5_000)}
    (tmp_path / "one.json").write_text(json.dumps({"kind": "item", "id": "a", **names}), "utf-8")
    found = Counter(one.code for one in read([tmp_path]).problems)
    assert max(found.values()) == MAX_PROBLEMS


def test_what_keeps_a_value_from_being_read_is_told_before_a_thousand_others() -> None:
    names = {f"__{number}": 0 for number in range(5_000)}
    definitions = changed("item/food", "/summary", {**names, "long": list(range(1_001))})
    assert "list_too_long" in _codes(definitions)


def test_a_million_codes_handed_over_in_memory_are_refused() -> None:
    field = {"type": "string", "title": text("选"), "enum": [str(n) for n in range(1_000_000)]}
    assert "list_too_long" in _codes(changed("item/food", "/form/schema/properties/x", field))


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    found = read([tmp_path / "nowhere.json"]).problems
    assert [one.code for one in found] == ["definition.unreadable"]


def test_what_is_no_json_value_in_a_bundle_is_a_problem() -> None:
    assert "not_json_value" in _codes(changed("item/food", "/summary", object()))
    assert "key_not_text" in _codes(changed("item/food", "/summary", {1: "x"}))


CHANGES: list[tuple[str, str, Any, str]] = [
    ("item/food", f"{NAME}/$ref", "https://example.org/name.json", "remote_reference"),
    ("item/food", f"{NAME}/$ref", "file:///etc/passwd", "remote_reference"),
    ("item/food", f"{NAME}/$ref", "#/$defs/name", "wrong_form"),
    ("item/food", f"{NAME}/oneOf", [], "say_it_with_a_rule"),
    ("item/food", f"{NAME}/if", {}, "say_it_with_a_rule"),
    ("item/food", f"{NAME}/default", "x", "say_it_with_a_rule"),
    ("item/food", f"{NAME}/patternProperties", {}, "say_it_with_a_rule"),
    ("item/food", f"{NAME}/$defs", {}, "no_references"),
    ("item/food", f"{NAME}/titel", text("名"), "misspelt_key"),
    ("item/food", f"{NAME}/minLength", 1, "widens_element"),
    ("item/food", "/title/zh-CN", "<b>许可</b>", "markup"),
    ("item/food", "/title/zh-CN", "<img src=x onerror=alert(1)>", "markup"),
    ("item/food", "/title/zh-CN", "许可\u202e", "invisible_character"),
    ("item/food", "/title", {"zh-CN": "许可"}, "no_english"),
    ("item/food", "/title", {"en": "Permit"}, "missing_key"),
    ("item/food", "/subjects/Applicant", {"kind": "person"}, "bad_id"),
    ("item/food", "/subjects/аpplicant", {"kind": "person"}, "bad_id"),
    ("item/food", "/subjects/app_licant", {"kind": "person"}, "look_alike"),
    ("item/food", "/subjects/app1icant", {"kind": "person"}, "look_alike"),
    ("item/food", "/subjects/boss/kind", "ghost", "unknown_subject_kind"),
    ("item/food", "/subjects/boss/relation", "ghost", "unknown_relation"),
    ("item/food", "/materials/lease/$ref", "material:ghost", "unknown_material"),
    ("item/food", "/id", "../../etc/passwd", "wrong_name"),
    ("item/food", "/form/rules/too_big/when", {"exec": [1]}, "rule_unknown_operator"),
    ("item/food", "/form/rules/too_big/when", {">": [1, 2], "<": [1, 2]}, "too_many"),
    ("item/food", "/form/rules/too_big", {"refuse": text("太大")}, "too_few"),
    ("item/food", "/process/steps/accept/kind", "spell", "not_one_of"),
    ("item/food", "/process/steps/accept/operation", "a.b", "not_one_of"),
    ("item/food", "/fees/permit/amount", {"yuan": "1.234"}, "rule_unknown_operator"),
    ("item/food", "/summary", text("长" * 20_001), "string_too_long"),
    ("elements/party", "/subject_kinds/person/is_a", "person", "kind_circle"),
    ("variant/food_here", "/patch", {"kind": "service"}, "variant_clash"),
]


@pytest.mark.parametrize(("name", "pointer", "value", "code"), CHANGES)
def test_a_hostile_part_gets_its_problem(name: str, pointer: str, value: Any, code: str) -> None:
    assert code in _codes(changed(name, pointer, value))


def test_two_files_of_one_id_are_a_problem(tmp_path: Path) -> None:
    for file in ("a.json", "b.json"):
        (tmp_path / file).write_text(json.dumps(world()["calendar/cn_2026"]), "utf-8")
    assert [one.code for one in read([tmp_path]).problems] == ["definition.same_id"]


def test_definitions_whose_ids_look_alike_are_a_problem() -> None:
    definitions = world()
    definitions["item/f0od"] = {**copy.deepcopy(definitions["item/food"]), "id": "f0od"}
    assert "look_alike" in _codes(definitions)


PATTERNS = {
    "^(a+)+$": None,  # catastrophic elsewhere, linear here
    r"^(a)\1$": "pattern_escape",
    "^(?=a)a$": "pattern_group",
    "^(?<n>a)$": "pattern_group",
    r"^\d+$": "pattern_escape",
    r"^[\w]+$": "pattern_class",
    "^[[:alpha:]]+$": "pattern_class",
    "a+": "pattern_not_anchored",
    "^a|b$": "pattern_not_anchored",
    r"^a\$": "pattern_not_anchored",
    "^(?:a|b)$": None,
    "^[0-9]{1,1000}{1,1000}$": "pattern_refused",
    "^((((a{1,100}){1,100}){1,100}){1,100})$": "pattern_refused",
    "^(a$": "pattern_refused",
    "^[一-龥]{2,4}$": None,
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_only_patterns_of_linear_time_pass(pattern: str) -> None:
    code, problem = PATTERNS[pattern], pattern_problem(pattern)
    assert (problem.code if problem else None) == (f"definition.{code}" if code else None)


def test_a_pattern_that_is_catastrophic_elsewhere_is_matched_at_once() -> None:
    start = time.process_time()
    assert compile_pattern("^(a+)+$").search("a" * 50_000 + "!") is None
    assert time.process_time() - start < 0.5


CATASTROPHIC = {"type": "string", "pattern": "^(a+)+$"}
UNLIKE_IT = "a" * 60 + "!"


def test_an_example_is_held_to_its_pattern_at_once() -> None:
    element = {"title": text("码"), "type": "text", "schema": CATASTROPHIC}
    sound = changed("elements/party", "/elements/code_of_a", {**element, "examples": ["aaa"]})
    assert "example_fails" not in _codes(sound)
    broken = changed("elements/party", "/elements/code_of_a", {**element, "examples": [UNLIKE_IT]})
    assert "example_fails" in _codes(broken)


def test_an_example_of_a_pattern_that_is_none_is_no_crash() -> None:
    element = {"title": text("码"), "type": "text", "schema": {"type": "string", "pattern": "^(a$"}}
    broken = changed("elements/party", "/elements/code_of_a", {**element, "examples": ["a"]})
    assert "pattern_refused" in _codes(broken)


def test_a_fixed_answer_is_held_to_its_pattern_at_once() -> None:
    definitions = changed("item/food", f"{NAME}_code", {**CATASTROPHIC, "title": text("码")})
    use = definitions["service/restaurant"]["items"]["food_license"]
    use["fixed"] = {"name_code": UNLIKE_IT}
    assert "fixed_value" in _codes(definitions)
    use["fixed"] = {"name_code": "aaa"}
    assert "fixed_value" not in _codes(definitions)


def _places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        yield (*path, key)
        if isinstance(child, dict | list):
            yield from _places(child, (*path, key))


PLACES = [(name, path) for name, definition in world().items() for path in _places(definition)]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["ghost", "food", "party.name", "element:party.name", {}, [], [[]], {"var": 1}]
    ),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.sampled_from([{"==": [{"var": "area"}, {"var": ""}]}, {"yuan": "x"}, {"zh-CN": "<i>"}]),
)


@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_mutation_of_a_sound_world_crashes(mutations: list[tuple[Any, Any]]) -> None:
    definitions = world()
    for (name, path), value in mutations:
        node: Any = definitions[name]
        try:
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took the place away
    found = problems(definitions)
    assert all(one.code.startswith(("definition.", "combination.")) for one in found)


@given(st.recursive(JUNK, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
@settings(max_examples=150, deadline=None)
def test_no_value_at_all_crashes_the_reader(value: Any) -> None:
    for kind in ("item", "service", "elements", "variant"):
        wrapped = {**value, "kind": kind, "id": "a"} if isinstance(value, dict) else value
        assert problems({f"{kind}/a": wrapped})
