"""What a form's page shows, beside the form itself: state, sources, problems, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from definitions.model import Provenance
from runtime.engine.form import FormState
from runtime.engine.prefill import Offer, Unusable

Typed = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file that was handed in, as its row says it; `state` is ok, checking or refused."""

    id: str
    name: str
    size: str
    state: str = "ok"
    words: str = ""
    href: str = ""


@dataclass(slots=True)
class FormView:
    """One applicant's form at one moment. Names are controls: a question, or a cell of a table.

    `problems` are sentences. `typed` is what a person typed and could not be read: it is shown
    as it was typed. `editing` are known values whose "this is wrong" was pressed. `offers` may be
    taken over; `conflicts` are what several sources say; `unusable` is what a source says and
    can't be used. `files` are by id. `offices` are the sources' names by their ids, told where
    they disagree. `today` (ISO) tells what has gone stale.
    `needed`, `rare` and `special` are derived: what is required, and the controls that need more
    than the quick way, all of them or those that don't just have a source.
    """

    state: FormState
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Typed] = field(default_factory=dict)
    editing: frozenset[str] = frozenset()
    offers: Mapping[str, Sequence[Offer]] = field(default_factory=dict)
    conflicts: Mapping[str, Sequence[Offer]] = field(default_factory=dict)
    unusable: Mapping[str, Sequence[Unusable]] = field(default_factory=dict)
    files: Mapping[str, FileShown] = field(default_factory=dict)
    offices: Mapping[str, str] = field(default_factory=dict)
    today: str = ""
    needed: Set[str] = field(init=False)
    rare: Set[str] = field(init=False)
    special: Set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.needed = self.state.required
        named = (self.problems, self.typed, self.offers, self.conflicts, self.unusable)
        self.rare = self.editing.union(*named)
        self.special = self.rare.union(self.provenance)
