"""What can be said to an application: by officers, the applicant, others who sign, systems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from runtime.engine.approvals.facts import By


@dataclass(frozen=True, slots=True, kw_only=True)
class OnStep:
    """Something about one opening of a step. About another run it decides nothing (rule 3)."""

    step: str
    run: int
    by: By


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(OnStep):
    """Approve or reject; `form` is what the step records."""

    yes: bool
    opinion: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(OnStep):
    """受理: accept the application, or refuse that with a reason (不予受理)."""

    yes: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSupplement(OnStep):
    """补正: which fields and papers are missing or wrong, each with a reason. `send` sends it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    send: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(OnStep):
    """Back to a step above, which is done: `redo` it and all below, or it alone (`direct`)."""

    to: str
    mode: Literal["redo", "direct"] = "redo"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(OnStep):
    """转办: somebody else does it."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate(OnStep):
    """委派: somebody else looks at it and gives it back; who delegated decides."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack(OnStep):
    """What a delegate may do: give it back with an opinion."""

    opinion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSigner(OnStep):
    """加签: one more who decides, before or after oneself."""

    person: str
    place: Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOffSigner(OnStep):
    """减签: one less, who hasn't voted."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTo(OnStep):
    """抄送: somebody may look."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(OnStep):
    """催办: whoever has to act is told again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(OnStep):
    """特别程序: the item stands still for a hearing, an expert's report and the like."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(OnStep):
    """The special procedure is over."""

    pause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(OnStep):
    """A note, maybe with files."""

    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(OnStep):
    """Fields of the item's form that an officer has changed, where the step lets them."""

    fields: tuple[str, ...]
    changes: Mapping[str, frozenset[str]]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint(OnStep):
    """When a visit is; proposed by one side, agreed to by the other."""

    at: str
    agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(OnStep):
    """An objection to what a notice says."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(OnStep):
    """One party's signature over what has this hash, or that they decline."""

    digest: str
    yes: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(OnStep):
    """What a system said to a call: done with data, refused for good, or not to be had."""

    result: Literal["done", "rejected", "not_found"]
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone(OnStep):
    """What a system said to an undo: whether the effect is gone."""

    gone: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(OnStep):
    """A person says what became of a call that failed or of an effect that couldn't be undone.

    `done`: as the system should have said, with `data`; `gone`: there is no effect (any more);
    `again`: call once more with the same key.
    """

    how: Literal["done", "gone", "again"]
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """These lines of a bill were paid."""

    bill: str
    lines: tuple[str, ...]
    by: By


@dataclass(frozen=True, slots=True)
class Refunded:
    """These lines of a bill were paid back."""

    bill: str
    lines: tuple[str, ...]
    by: By


@dataclass(frozen=True, slots=True)
class Supply:
    """The applicant's answer to a supplement.

    `changes` are by use the own names of the fields that are different now (a question may be
    several items'), `digests` the hashes of the new views.
    """

    use: str
    changes: Mapping[str, frozenset[str]]
    digests: Mapping[str, str]
    by: By


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The applicant takes items back; none named: all that still can be."""

    uses: tuple[str, ...]
    by: By
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """The applicant says that a prefilled value is wrong, and why."""

    use: str
    field: str
    words: str
    by: By


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock: reminders, what lapses, notices that are over."""

    by: By


Command = (
    Decide | Accept | AskSupplement | Return | Transfer | Delegate | GiveBack | AddSigner
    | TakeOffSigner | CopyTo | Remind | Hold | Resume | Comment | Write | Appoint | Object | Sign
    | Answer | Undone | Settle | Paid | Refunded | Supply | Withdraw | Dispute | Tick
)  # fmt: skip
