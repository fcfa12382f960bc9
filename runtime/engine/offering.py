"""Collects what sources say: parses, checks, compares, and keeps the better of two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from definitions.fieldtypes import REGISTRY, Unreadable, compile_check
from definitions.model import Field, License, LicenseField, Provenance
from definitions.plan import Plan
from runtime.engine import places
from runtime.engine.form import FormState
from runtime.engine.meaning import (
    Answers,
    Binding,
    Controls,
    Keys,
    Thing,
    Who,
    bind,
    compatible,
    follow,
    is_other,
    key_element,
    known_keys,
    name_element,
    same_key,
    told_by_key,
    unbound_things,
)
from runtime.engine.offers import Candidate, Identity, Offer, Pick, Prefill, RowOffer, Unusable
from runtime.engine.validity import provenance, why_not

AGENT = "agent"
"""The relation of whoever acts for an applicant."""
_TRUST = "ABCD"
_SEPARATORS = re.compile("[;；、]")
"""What stands between the parts of a printed list."""
_MOST_ROUNDS = 6
PHONE = "party.phone"
"""The element of a number that an account has verified."""


class Collector:
    """One look at all sources for one form."""

    def __init__(
        self,
        plan: Plan,
        answers: Answers,
        licenses: list[License],
        today: date,
        identity: Identity | None,
    ) -> None:
        self.plan = plan
        self.answers = answers
        self.identity = identity
        self.controls = Controls.of(plan)
        self.identities = {one.identity for one in plan.library.dictionary.kinds.values()}
        reasons = [(one, why_not(one, plan.library, today)) for one in licenses]
        self.usable = [one for one, reason in reasons if reason is None]
        self.refused = tuple((one, reason) for one, reason in reasons if reason)
        self.offers: dict[str, list[Offer]] = {}
        self.unusable: dict[str, list[Unusable]] = {}
        self.rows: dict[str, dict[str, dict[str, Offer]]] = {}

    def collect(self) -> list[Binding]:
        """Bind licenses until no key comes to light any more; what they say is in `offers`."""
        keys = known_keys(self.plan, self.answers)
        self._introduce(keys)
        bindings: list[Binding] = []
        for _ in range(_MOST_ROUNDS):
            before = dict(keys)
            bindings = [bind(self.plan, one, keys) for one in self.usable]
            self._learn(bindings, keys)
            places.recognise(self.plan, bindings, keys)
            follow(self.plan, self.answers, keys)
            if keys == before:
                break
        for binding in bindings:
            for printed, about in binding.statements():
                self._state(binding.license, printed, printed.element, about)
            for printed, element, about in places.statements(self.plan, binding, keys):
                self._state(binding.license, printed, element, about)
            self._rows_of_holders(binding)
        for binding in bindings:
            self._rows_of_owners(binding)
        self._told_by_keys(keys)
        self.keys = keys
        return bindings

    def _introduce(self, keys: Keys) -> None:
        """What signing in says: who someone is, and whom they act for."""
        for name, values in self._introduced():
            who, element = Who(name), key_element(self.plan, name)
            key = values.get(element or "")
            told = Provenance(origin="account", trust="A")
            offers = {one: Offer(value, told) for one, value in values.items() if value}
            if self.plan.service.subjects[name].many:
                if key and not any(
                    same_key(key, known) for one, known in keys.items() if one.subject == name
                ):
                    self._offer_row(name, key, offers, told)
                continue
            if key and not same_key(keys.setdefault(who, key), key):
                continue
            for one, offer in offers.items():
                self._offer(self.controls.find(one, (who,)), offer)
        self._recognise_agent()

    def _recognise_agent(self) -> None:
        """Who fills the form is its agent: if their role makes them another subject, it is said."""
        role = self.identity.role if self.identity else ""
        subjects = self.plan.service.subjects
        for agent in subjects.values():
            same = [one for one in agent.may_be if role and subjects[one].relation == role]
            if agent.relation == AGENT and same:
                told = Provenance(origin="account", trust="A")
                self._offer(f"may_be.{agent.id}", Offer(same[0], told))

    def _introduced(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Subjects that the account speaks about, with values by element."""
        identity, subjects = self.identity, self.plan.service.subjects
        applicants = self.plan.service.applicant
        if identity is None:
            return
        name = identity.subject or (applicants[0] if len(applicants) == 1 else "")
        if name not in subjects:
            return
        if identity.credit_code:
            yield name, self._named(name, identity.credit_code, identity.enterprise_name)
        elif compatible(self.plan, subjects[name].kind, "person"):
            yield name, self._person(name, identity)
            return
        for other in subjects.values():
            if other.of != name or other.many:
                continue
            if other.relation == AGENT:
                who = is_other(self.plan, self.answers, other.id) or other.id
                yield who, self._person(who, identity)
            elif other.relation == identity.role:
                yield other.id, self._person(other.id, identity)

    def _person(self, subject: str, identity: Identity) -> dict[str, str]:
        return {**self._named(subject, identity.id_number, identity.name), PHONE: identity.phone}

    def _named(self, subject: str, key: str, name: str) -> dict[str, str]:
        """Key and name under the elements that the subject's kind says they are."""
        elements = key_element(self.plan, subject), name_element(self.plan, subject)
        return {one: value for one, value in zip(elements, (key, name), strict=True) if one}

    def _learn(self, bindings: list[Binding], keys: Keys) -> None:
        """Keys that licenses print about subjects that had none."""
        for binding in bindings:
            for printed, about in binding.statements():
                if len(about) != 1 or about[0] in keys:
                    continue
                if printed.element == key_element(self.plan, about[0].subject):
                    keys[about[0]] = str(binding.license.data[printed.label])

    def _state(
        self, license_: License, printed: LicenseField, element: str, about: tuple[Who, ...]
    ) -> None:
        control = self.controls.find(element, about)
        if control is None:
            return
        told = provenance(license_, self.plan.library, printed.label)
        raw = license_.data[printed.label]
        found = usable(self.plan.question(control).field, printed, raw, told)
        if isinstance(found, Unusable):
            self.unusable.setdefault(control, []).append(found)
        else:
            self._offer(control, found)

    def _told_by_keys(self, keys: Keys) -> None:
        """What the form of a key says by itself: a citizen number is on an identity card."""
        for who, key in keys.items():
            for element, value in told_by_key(self.plan, who.subject, key):
                offer = Offer(value, Provenance(origin="derived"))
                self._offer(self.controls.find(element, (who,)), offer)

    def _offer(self, control: str | None, offer: Offer) -> None:
        if control is not None:
            self.offers.setdefault(control, []).append(offer)

    def _rows_of_holders(self, binding: Binding) -> None:
        """A license on a thing of the form, held by someone who isn't a row yet: offer the row."""
        if binding.whos.get("holder"):
            return
        things = [who.subject for whos in binding.whos.values() for who in whos]
        for table in filter(None, map(self._table_of_holders, things)):
            told = provenance(binding.license, self.plan.library, "holder")
            offers = self._about_holder(table, binding, told)
            self._offer_row(table, binding.license.holder, offers, told)

    def _table_of_holders(self, thing: str) -> str | None:
        """The subject whose rows hold a thing of the form; None when one holds it, or nobody."""
        holders = self.plan.service.subjects[thing].held_by
        return holders if holders and self.plan.service.subjects[holders].many else None

    def _rows_of_owners(self, binding: Binding) -> None:
        """A license on a thing names all who hold it: offer a row for each who has none yet.

        A name alone is no key: it is what the row is known by until its key is typed.
        """
        subjects = binding.type.subjects
        for printed in binding.type.fields.values():
            raw = binding.license.data.get(printed.label)
            if len(printed.about) != 1 or not subjects[printed.about[0]].many or not raw:
                continue
            things = [one for one in subjects.values() if one.held_by == printed.about[0]]
            whos = [who for thing in things for who in binding.whos[thing.id]]
            for table in filter(None, [self._table_of_holders(who.subject) for who in whos]):
                if printed.element == name_element(self.plan, table):
                    self._offer_names(table, binding.license, printed)

    def _offer_names(self, table: str, license_: License, printed: LicenseField) -> None:
        column = self._column(table, printed.element)
        if column is None:
            return
        offered = self.rows.get(table, {})
        named = [row.get(column) for row in self.answers.get(table) or []]
        named += [columns[column].value for columns in offered.values() if column in columns]
        told = provenance(license_, self.plan.library, printed.label)
        for name in _parts(license_.data[printed.label]):
            if not any(same_key(name, other) for other in named):
                self.rows.setdefault(table, {})[name] = {column: Offer(name, told)}

    def _about_holder(self, table: str, binding: Binding, told: Provenance) -> dict[str, Offer]:
        """What a license prints about its holder, by element, as far as the table can hold it."""
        license_, offers = binding.license, {}
        for printed in binding.type.fields.values():
            column = self._column(table, printed.element)
            raw = license_.data.get(printed.label)
            if printed.about == ("holder",) and column and raw not in (None, ""):
                source = provenance(license_, self.plan.library, printed.label)
                field = self.plan.questions[table].columns[column].field
                found = usable(field, printed, raw, source)
                if isinstance(found, Offer):
                    offers[printed.element] = found
        name = name_element(self.plan, table)
        if license_.holder_name and name:
            offers.setdefault(name, Offer(license_.holder_name, told))
        return offers

    def _offer_row(self, table: str, key: str, offers: dict[str, Offer], told: Provenance) -> None:
        """Offer a row for who has this key; `told` is where the key is from."""
        element = key_element(self.plan, table)
        if element:
            offers = {element: Offer(key, told), **offers}
        columns = {
            column: offer for one, offer in offers.items() if (column := self._column(table, one))
        }
        if columns:
            self.rows.setdefault(table, {}).setdefault(key, {}).update(columns)

    def _column(self, table: str, element: str) -> str | None:
        """The column of a table that answers an element about its rows; None for none."""
        found = self.controls.columns.get((element, frozenset((table,))))
        return found[1] if found else None

    def prefill(self, bindings: list[Binding], state: FormState) -> Prefill:
        """What concerns the questions that the form asks now."""
        values: dict[str, Offer] = {}
        proposals: dict[str, Offer] = {}
        conflicts: dict[str, tuple[Offer, ...]] = {}
        for control, offers in self.offers.items():
            if control.partition("/")[0] not in state.asked:
                continue
            different = self._different(offers)
            into = proposals if self._of_situation(control) else values
            into[control] = different[0]
            if len(different) > 1:
                conflicts[control] = tuple(different)
        return Prefill(
            values,
            proposals,
            conflicts,
            {
                control: tuple(found)
                for control, found in self.unusable.items()
                if control.partition("/")[0] in state.asked
            },
            tuple(self._picks(bindings, state)),
            {
                table: tuple(RowOffer(key, columns) for key, columns in rows.items())
                for table, rows in self.rows.items()
                if table in state.asked
            },
            self.refused,
        )

    def _different(self, offers: list[Offer]) -> list[Offer]:
        """One offer per value, the best first: more trusted, then from proof of identity, newer."""
        ranked = sorted(offers, key=lambda one: one.provenance.issued_on or "", reverse=True)
        ranked.sort(key=lambda one: one.provenance.license_type not in self.identities)
        ranked.sort(key=lambda one: _TRUST.index(one.provenance.trust))
        different: list[Offer] = []
        for offer in ranked:
            if all(offer.value != other.value for other in different):
                different.append(offer)
        return different

    def _of_situation(self, control: str) -> bool:
        return self.plan.questions[control.partition("/")[0]].role == "situation"

    def _picks(self, bindings: list[Binding], state: FormState) -> Iterator[Pick]:
        """What is left to pick; of two things in one place only the one that the other names."""
        found: dict[tuple[str, str], dict[str, Candidate]] = {}
        for binding in bindings:
            for thing in unbound_things(self.plan, binding, self.keys):
                candidate = Candidate(binding.license, thing.key, _label(thing), thing.printed)
                place = thing.subject, f"{thing.subject}.{thing.element}"
                found.setdefault(place, {}).setdefault(thing.key, candidate)
        open_ = {subject for subject, question in found if question in state.asked}
        for (subject, question), candidates in found.items():
            if self.plan.service.subjects[subject].same_place not in open_:
                yield Pick(subject, question, tuple(candidates.values()))


def usable(
    form_field: Field, printed: LicenseField, raw: Any, told: Provenance
) -> Offer | Unusable:
    """The value that raw text stands for, or what is wrong with it; `told` is where it is from."""
    if form_field.type != "multi_choice" and isinstance(raw, str) and raw in printed.values:
        value = printed.values[raw]
    else:
        try:
            typed = _typed(form_field, printed, raw)
            value = REGISTRY[form_field.type].parse(typed, form_field)
        except Unreadable as unreadable:
            return Unusable(raw, told, unreadable.problem.code, dict(unreadable.problem.params))
    if value is None:
        return Unusable(raw, told, "answer.missing")
    fault = compile_check(form_field)(value)
    if fault is not None:
        return Unusable(raw, told, fault[0], dict(fault[1]))
    return Offer(value, told)


def _typed(form_field: Field, printed: LicenseField, raw: Any) -> str | list[str]:
    """Raw text as a person would type it; of several choices each is translated by itself."""
    if form_field.type == "multi_choice":
        return [str(printed.values.get(part, part)) for part in _parts(raw)]
    return [str(part) for part in raw] if isinstance(raw, list | tuple) else str(raw)


def _parts(raw: Any) -> list[str]:
    """The parts of a printed list, empty ones left out."""
    parts = raw if isinstance(raw, list | tuple) else _SEPARATORS.split(str(raw))
    return [part for part in (str(one).strip() for one in parts) if part]


def _label(thing: Thing) -> str:
    """Words to tell a thing by: what a license calls it, and its key."""
    return f"{thing.name} ({thing.key})" if thing.name and thing.name != thing.key else thing.key
