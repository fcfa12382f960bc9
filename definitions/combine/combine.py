"""Items, bindings and a dictionary become one form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from definitions.combine.aliases import aliases, circles
from definitions.combine.clash import empty, intersection
from definitions.combine.groups import Groups, join_same, why
from definitions.combine.identity import SITUATION, Binder
from definitions.combine.later import later
from definitions.combine.layout import sections, situation_order
from definitions.combine.model import (
    Alias,
    Asked,
    Calculated,
    Combination,
    Fixed,
    Merge,
    OneRow,
    Picked,
    Question,
    Reading,
    Rows,
)
from definitions.combine.places import Place, picked, places
from definitions.combine.questions import fixed, may_be, own_table, pick, single, subject_table
from definitions.combine.tables import column_of, gather, rows_subject
from definitions.fieldtypes import compile_check
from definitions.model import Field, Library, RuleDefinition, Service
from definitions.problems import Level, Problem


def combine(library: Library, service_id: str) -> Combination:
    """The one form of a service. Raises KeyError for an unknown id."""
    return Combiner(library, library.services[service_id]).combination()


class Combiner:
    """One combination in the making."""

    def __init__(self, library: Library, service: Service) -> None:
        self.library = library
        self.service = service
        self.binder = Binder(library, service)
        self.where = library.files.get(f"service/{service.id}", f"services/{service.id}.json")
        self.tables = gather(self.binder)
        self.questions: dict[str, Question] = {}
        self.merges: list[Merge] = []
        self.singles: dict[tuple[str, str], Asked | Picked | Calculated] = {}

    def combination(self) -> Combination:
        """Everything that combining gives; its problems are collected, none stops it."""
        all_places = list(places(self.binder))
        problems = self._read_singles(all_places)
        self._add_tables()
        found = aliases(self.binder, self.questions, self.tables)
        self._add_may_be(found)
        self._add_picks(found)
        readings = {use: dict(self._readings(use)) for use in self.binder.items}
        fields = self._fields()
        situation = {name: fields[SITUATION, name] for name in self.service.situation.fields}
        laid_out = sections(self.binder, self.questions, fields)
        order = [name for section in laid_out for name in section.questions]
        order = [*situation_order(self.binder, situation), *order]
        return Combination(
            self.library,
            self.service,
            self.binder.items,
            {name: self.questions[name] for name in order},
            laid_out,
            readings,
            situation,
            found,
            later(self.binder, all_places),
            tuple(self.merges),
            (*problems, *self._circles(), *self._one_rows(), *self._fixed(), *self._clashes()),
        )

    def _read_singles(self, all_places: list[Place]) -> list[Problem]:
        """Give every single value its question, or the column of the row that is picked."""
        standing = [place for place in all_places if not self._read_picked(place)]
        groups = Groups(standing)
        problems = join_same(groups, self.service.same, self.where)
        for name, members in groups.groups():
            question = single(name, members)
            self.questions[name] = question
            for place in members:
                reading = Calculated(name) if place.calculated else Asked(name)
                self.singles[place.use, place.path] = reading
            if len(members) > 1:
                reason = why(members)
                self.merges.append(
                    Merge(name, question.fields, reason, question.element, question.subjects)
                )
        return problems

    def _read_picked(self, place: Place) -> bool:
        if place.key is None or place.use == SITUATION:
            return False
        found = picked(self.binder, place.key, self.tables)
        if found is None:
            return False
        subject, table, column = found
        self.singles[place.use, place.path] = Picked(subject, table, column)
        self.questions.setdefault(
            f"pick.{subject}", pick(self.binder, self.binder.subject(subject), table)
        )
        return True

    def _add_tables(self) -> None:
        for subject, table in self.tables.items():
            question = subject_table(self.binder, table)
            self.questions[subject] = question
            for column in question.columns.values():
                if len(column.fields) > 1:
                    name = f"{subject}/{column.id}"
                    merge = Merge(name, column.fields, "table", column.element, column.subjects)
                    self.merges.append(merge)
        for use, item in self.binder.items.items():
            for name, form_field in item.form.fields.items():
                if name in self.service.uses[use].fixed:
                    question = fixed(use, form_field)
                elif form_field.type == "table" and not self.binder.many_of(use, form_field):
                    question = own_table(use, form_field)
                else:
                    continue
                self.questions[question.id] = question

    def _add_may_be(self, found: Mapping[str, Alias]) -> None:
        others: dict[str, dict[str, None]] = {}
        for alias in found.values():
            others.setdefault(alias.control, {}).update(dict.fromkeys(alias.others))
        for control, names in others.items():
            subject = self.binder.subject(control.partition(".")[2])
            self.questions[control] = may_be(self.binder, subject, list(names))

    def _add_picks(self, found: Mapping[str, Alias]) -> None:
        """A subject that may be one of many can lead to a pick that nothing else asks for."""
        for alias in found.values():
            for reading in alias.others.values():
                if isinstance(reading, Picked):
                    subject = self.binder.subject(reading.subject)
                    question = pick(self.binder, subject, reading.table)
                    self.questions.setdefault(question.id, question)

    def _readings(self, use: str) -> Iterator[tuple[str, Reading]]:
        for name, form_field in self.binder.items[use].form.fields.items():
            yield name, self._reading(use, form_field)

    def _reading(self, use: str, form_field: Field) -> Reading:
        given = self.service.uses[use].fixed
        if form_field.id in given:
            return Fixed(f"{use}.{form_field.id}", given[form_field.id])
        if form_field.type != "table":
            return self.singles[use, form_field.id]
        if self.binder.many_of(use, form_field) is None:
            return Rows(f"{use}.{form_field.id}", {name: name for name in form_field.columns})
        subject = rows_subject(self.binder, use, form_field)
        if subject is None:
            return OneRow(
                {name: self.singles[use, f"{form_field.id}.{name}"] for name in form_field.columns}
            )
        ids = self.tables[subject].ids()
        columns = {
            name: ids[column_of(self.binder, subject, use, form_field, name)]
            for name in form_field.columns
        }
        return Rows(subject, columns)

    def _fields(self) -> dict[tuple[str, str], str]:
        """The question of every use and field that has one of its own."""
        return {place: name for name, asked in self.questions.items() for place in asked.fields}

    def _circles(self) -> Iterator[Problem]:
        for name in circles(self.binder):
            yield Problem("combination.may_be_circle", f"{self.where}#/subjects/{name}")

    def _one_rows(self) -> Iterator[Problem]:
        """A table that becomes one row can't want more of them."""
        for use, item in self.binder.items.items():
            for name, form_field in item.form.fields.items():
                single = rows_subject(self.binder, use, form_field) is None
                least = form_field.schema.get("minItems", 0)
                if self.binder.many_of(use, form_field) and single and least > 1:
                    params = {"field": f"{use}.{name}", "least": least}
                    yield Problem("combination.one_row", f"{self.where}#/items/{use}", params)

    def _fixed(self) -> Iterator[Problem]:
        """What the service answers has to pass like any answer."""
        for use, item in self.binder.items.items():
            for name, value in self.service.uses[use].fixed.items():
                form_field = item.form.fields.get(name)
                if form_field is not None and compile_check(form_field)(value) is not None:
                    where = f"{self.where}#/items/{use}/fixed/{name}"
                    yield Problem("combination.fixed_wrong", where, {"field": f"{use}.{name}"})

    def _clashes(self) -> Iterator[Problem]:
        """Questions and columns whose fields together accept nothing."""
        for question in self.questions.values():
            for asked in (question, *question.columns.values()):
                if len(asked.fields) > 1 and empty(asked.schema):
                    yield self._clash(asked)

    def _clash(self, asked: Question) -> Problem:
        always = [self._field(*place).schema for place in asked.fields if self._always(*place)]
        level: Level = "error" if empty(intersection(always)) else "warning"
        params = {"question": asked.id, "fields": ", ".join(map(".".join, asked.fields))}
        return Problem("combination.nothing_left", f"{self.where}#/items", params, level)

    def _field(self, use: str, path: str) -> Field:
        if use == SITUATION:
            return self.service.situation.fields[path]
        name, _, column = path.partition(".")
        form_field = self.binder.items[use].form.fields[name]
        return form_field.columns[column] if column else form_field

    def _always(self, use: str, path: str) -> bool:
        """Whether a field is shown whatever is answered: no condition on it, nor on its item."""
        if use == SITUATION:
            return not _shown_by(self.service.situation.rules.values(), path)
        form = self.binder.items[use].form
        name, _, column = path.partition(".")
        if self.service.uses[use].when is not None or _shown_by(form.rules.values(), name):
            return False
        return not column or not _shown_by(form.fields[name].rules.values(), column)


def _shown_by(rules: Iterable[RuleDefinition], name: str) -> bool:
    return any(name in rule.show for rule in rules)
