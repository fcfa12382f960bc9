"""What a license speaks about: its holder, its thing and its relations become the form's subjects.

Keys agree or nothing is said: a certificate for another home is bound to no home of the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from definitions.fieldtypes.matching import matcher
from definitions.model import License, LicenseField, LicenseType, Subject, SubjectKind
from definitions.plan import Plan
from definitions.plan.run import row_id

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Who:
    """A subject of the service; one row of it where it is many."""

    subject: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Controls:
    """Which control answers an element about subjects; built once per look at a plan."""

    plan: Plan
    singles: Mapping[tuple[str, frozenset[str]], str]
    columns: Mapping[tuple[str, frozenset[str]], tuple[str, str]]

    @classmethod
    def of(cls, plan: Plan) -> Controls:
        """The controls of a plan by meaning."""
        singles: dict[tuple[str, frozenset[str]], str] = {}
        columns: dict[tuple[str, frozenset[str]], tuple[str, str]] = {}
        for question in plan.questions.values():
            if question.element is not None and question.takes_answer:
                singles[question.element, frozenset(question.subjects)] = question.id
            for column in question.columns.values():
                if column.element is not None and column.takes_answer and question.subjects:
                    place = column.element, frozenset(column.subjects)
                    columns[place] = (question.id, column.id)
        return cls(plan, singles, columns)

    def find(self, element: str, about: tuple[Who, ...]) -> str | None:
        """The control for an element about these; None when the form doesn't ask."""
        place = element, frozenset(who.subject for who in about)
        row = next((who.row for who in about if who.row), "")
        if not row:
            return self.singles.get(place)
        found = self.columns.get(place)
        return f"{found[0]}/{row}/{found[1]}" if found else None


def value_at(answers: Answers, control: str) -> Any:
    """The answer at a control, a cell's too."""
    table, _, rest = control.partition("/")
    if not rest:
        return answers.get(table)
    name, _, column = rest.partition("/")
    rows = answers.get(table) or []
    for number, row in enumerate(rows, 1):
        if row_id(row, number) == name:
            return row.get(column)
    return None


def key_element(plan: Plan, subject: str) -> str | None:
    """The element that identifies a subject of the service; its kind's, or that kind's parent's."""
    return next((kind.key for kind in _lineage(plan, subject) if kind.key), None)


def name_element(plan: Plan, subject: str) -> str | None:
    """The element that a subject of the service is called by."""
    return next((kind.name for kind in _lineage(plan, subject) if kind.name), None)


def told_by_key(plan: Plan, subject: str, key: str) -> Iterator[tuple[str, str]]:
    """Elements and values that the form of a key tells: whose identity paper the number is of."""
    for kind in _lineage(plan, subject):
        for told in kind.key_tells:
            if matcher(told.pattern)(_plain(key)):
                yield told.element, told.value


def _lineage(plan: Plan, subject: str) -> list[SubjectKind]:
    """The kind of a subject, then what that is a kind of."""
    known = plan.library.dictionary.kinds
    above = _kinds_above(plan, plan.service.subjects[subject].kind)
    return [known[kind] for kind in above if kind in known]


def compatible(plan: Plan, one: str, other: str) -> bool:
    """Whether two kinds of subject can be the same: equal, or one a kind of the other."""
    return other in _kinds_above(plan, one) or one in _kinds_above(plan, other)


def _kinds_above(plan: Plan, kind: str) -> list[str]:
    found: list[str] = []
    known = plan.library.dictionary.kinds
    while kind and kind not in found:
        found.append(kind)
        kind = (known[kind].is_a or "") if kind in known else ""
    return found


def same_key(one: Any, other: Any) -> bool:
    """Whether two keys are one, however they are spaced and capitalised."""
    return bool(one) and bool(other) and _plain(one) == _plain(other)


def _plain(key: Any) -> str:
    return "".join(str(key).split()).upper()


Keys = dict[Who, str]
"""The key of each subject (and row) of the service, as far as it is known."""


def known_keys(plan: Plan, answers: Answers) -> Keys:
    """Keys that the answers give: of single subjects, and of each row of a table about many."""
    keys: Keys = {}
    controls = Controls.of(plan)
    for name, subject in plan.service.subjects.items():
        element = key_element(plan, name)
        if element is None:
            continue
        if subject.many:
            for number, row in enumerate(answers.get(name) or [], 1):
                who = Who(name, row_id(row, number))
                _add(keys, who, value_at(answers, controls.find(element, (who,)) or ""))
        else:
            _add(keys, Who(name), answers.get(f"{name}.{element}"))
    follow(plan, answers, keys)
    return keys


def follow(plan: Plan, answers: Answers, keys: Keys) -> None:
    """A subject that is another one, or the row that was picked, has that one's key."""
    for name, subject in plan.service.subjects.items():
        other = is_other(plan, answers, name)
        if other is not None:
            _add(keys, Who(name), keys.get(Who(other)))
            _add(keys, Who(other), keys.get(Who(name)))
        if subject.one_of:
            rows = [who for who in keys if who.subject == subject.one_of]
            picked = answers.get(f"pick.{name}")
            row = rows[0] if len(rows) == 1 else Who(subject.one_of, str(picked))
            _add(keys, Who(name), keys.get(row))


def is_other(plan: Plan, answers: Answers, subject: str) -> str | None:
    """The subject that this one turned out to be, as the person said."""
    other = answers.get(f"may_be.{subject}")
    known = plan.service.subjects[subject].may_be
    return other if isinstance(other, str) and other in known else None


def _add(keys: Keys, who: Who, value: Any) -> None:
    if value:
        keys.setdefault(who, str(value))


@dataclass(frozen=True, slots=True)
class Binding:
    """A license and whom of the service each of its subjects is."""

    license: License
    type: LicenseType
    whos: Mapping[str, tuple[Who, ...]]

    def statements(self) -> Iterator[tuple[LicenseField, tuple[Who, ...]]]:
        """Every printed field that is about bound subjects only, and about whom."""
        for printed in self.type.fields.values():
            if self.license.data.get(printed.label) in (None, ""):
                continue
            for about in _combinations([self.whos.get(name, ()) for name in printed.about]):
                yield printed, about


def _combinations(choices: list[tuple[Who, ...]]) -> Iterator[tuple[Who, ...]]:
    if not choices:
        return
    first, *others = choices
    for who in first:
        if not others:
            yield (who,)
        for rest in _combinations(others):
            yield (who, *rest)


def bind(plan: Plan, license_: License, keys: Keys) -> Binding:
    """Whom a license speaks about, given the keys that are known."""
    kind = plan.library.licenses[license_.type]
    whos: dict[str, tuple[Who, ...]] = {}
    for name, subject in kind.subjects.items():
        stated = license_.holder if name == "holder" else stated_key(plan, license_, name)
        whos[name] = tuple(
            who
            for who, key in keys.items()
            if same_key(stated, key) and _same_kind(plan, subject, who)
        )
    _through_relations(plan, kind, license_, whos, keys)
    return Binding(license_, kind, whos)


def _same_kind(plan: Plan, subject: Subject, who: Who) -> bool:
    return compatible(plan, subject.kind, plan.service.subjects[who.subject].kind)


def _through_relations(
    plan: Plan,
    kind: LicenseType,
    license_: License,
    whos: dict[str, tuple[Who, ...]],
    keys: Keys,
) -> None:
    """A relation of the holder is the form's subject of that relation, unless the keys disagree."""
    for name, subject in kind.subjects.items():
        if subject.relation is None or subject.of is None or whos[name]:
            continue
        anchors = {who.subject for who in whos.get(subject.of, ())}
        stated = stated_key(plan, license_, name)
        whos[name] = tuple(
            Who(other.id)
            for other in plan.service.subjects.values()
            if other.relation == subject.relation
            and other.of in anchors
            and not other.many
            and _agrees(stated, keys.get(Who(other.id)))
        )


def _agrees(stated: Any, known: str | None) -> bool:
    return known is None or not stated or same_key(stated, known)


def stated_key(plan: Plan, license_: License, subject: str) -> Any:
    """What a license prints as the key of one of its subjects; None when it doesn't."""
    printed = _key_field(plan, license_, subject)
    return license_.data.get(printed.label) if printed else None


def _key_field(plan: Plan, license_: License, subject: str) -> LicenseField | None:
    kind = plan.library.licenses[license_.type]
    known = plan.library.dictionary.kinds.get(kind.subjects[subject].kind)
    return _field(kind, subject, known.key if known else None)


def _field(kind: LicenseType, subject: str, element: str | None) -> LicenseField | None:
    """Where a license prints an element about one of its subjects; None when it doesn't."""
    fields = kind.fields.values()
    about = (one for one in fields if one.about == (subject,) and one.element == element)
    return next(about, None) if element else None


@dataclass(frozen=True, slots=True)
class Thing:
    """What a subject of the form may be: the key and the name that a license prints.

    `printed` is the label under which it prints the key.
    """

    subject: str
    element: str
    key: str
    name: str
    printed: str


def unbound_things(plan: Plan, binding: Binding, keys: Keys) -> Iterator[Thing]:
    """Subjects of the form whose key isn't known and that this license may be about.

    A thing that is held by someone is only looked for among the licenses of that someone.
    """
    holders = {who.subject for who in binding.whos.get("holder", ())}
    for name, subject in binding.type.subjects.items():
        printed = _key_field(plan, binding.license, name) if name != "holder" else None
        stated = binding.license.data.get(printed.label) if printed else None
        if not printed or not stated or binding.whos[name] or not holders:
            continue
        for other in plan.service.subjects.values():
            element = key_element(plan, other.id)
            held = other.held_by is None or other.held_by in holders
            unknown = Who(other.id) not in keys and not other.many and other.one_of is None
            if element and held and unknown and compatible(plan, subject.kind, other.kind):
                named = _field(binding.type, name, name_element(plan, other.id))
                called = binding.license.data.get(named.label) if named else ""
                yield Thing(other.id, element, str(stated), str(called or ""), printed.label)
