"""Signing and sending: what exactly is signed, what keeps it from being sent, and the receipt.

What is signed is one record: each department's slice, how each paper is satisfied, and every text
that was accepted. The signature is over the SHA-256 of its canonical JSON (RFC 8785), and the
record's digest is on the page, so that nobody signs what they were not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from definitions import canonical
from definitions.model import Commitment
from definitions.problems import Problem, errors
from plugins.asking import Silent
from runtime.engine.materials import Paper
from runtime.journey import cases, parties, recheck
from runtime.journey.draft import Draft
from runtime.journey.offices import office
from runtime.journey.papers import HandIn, following, hand_ins, missing
from runtime.store import Receipt, Slice

DECLARATION = Commitment(
    id="declaration",
    version="2026-1",
    title={"zh-CN": "申请人声明", "en": "Declaration"},
    text={
        "zh-CN": (
            "以上内容和所交材料真实、完整。我同意平台把各部门所需的内容分别发送给这些部门，"
            "用于办理本次申请。如有不实，我愿意承担相应的法律责任。"
        ),
        "en": (
            "What I have given is true and complete. I agree that each department is sent what it "
            "needs to decide on this application. I know that false statements have legal "
            "consequences."
        ),
    },
)
"""What the applicant declares; a changed text gets a new version."""


@dataclass(frozen=True, slots=True)
class Checked:
    """An application as it stands before it is sent."""

    draft: Draft
    papers: tuple[HandIn, ...]
    parties: tuple[parties.Needed, ...]
    record: Mapping[str, Any]
    digest: str

    @property
    def problems(self) -> list[Problem]:
        """What keeps it from being sent, in the order of the pages."""
        form = errors(list(self.draft.state.problems))
        return [
            *self.draft.unreadable(),
            *form,
            *missing(self.papers),
            *parties.unconfirmed(self.parties),
        ]


@dataclass(frozen=True, slots=True)
class Signature:
    """What came with the button: the digest of the page, the typed name, the tick."""

    digest: str
    name: str
    declared: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why it was not sent. `draft` is as it is now: licences may have changed what it holds."""

    problems: tuple[Problem, ...]
    draft: Draft


@dataclass(frozen=True, slots=True)
class Sent:
    """The receipt, and which sources could not be asked again."""

    receipt: Receipt
    silent: tuple[Silent, ...] = ()


def check(draft: Draft) -> Checked:
    """The draft with all that submission needs to know."""
    papers = tuple(hand_ins(draft))
    record = signed_record(draft, papers)
    return Checked(draft, papers, tuple(parties.needed(draft)), record, canonical.digest(record))


def submit(draft: Draft, signature: Signature) -> Sent | Refusal:
    """The receipt; sending again gives the same one. A refusal says everything that is missing.

    Raises:
        Conflict: somebody changed the application at this very moment.
        Refused: it was withdrawn.
    """
    store, actor = draft.installation.store, draft.actor
    if draft.application.status != "draft":
        return Sent(store.submissions.submit(actor, draft.application, (), {}, draft.now))
    checked = check(draft)
    problems = [*checked.problems, *_unsigned(checked, signature)]
    if problems:
        return Refusal(tuple(problems), draft)
    again = recheck.recheck(draft, checked.papers)
    if again.change is not None:
        mended = _mended(draft, again)
        return Refusal((*again.problems, *check(mended).problems), mended)
    kept, move = _kept(checked, signature, again), cases.beginning(draft, _signed(checked))
    receipt = store.submissions.submit(
        actor, draft.application, slices(draft), kept, draft.now, move
    )
    draft.installation.wake()
    return Sent(receipt, again.silent)


def _signed(checked: Checked) -> dict[str, dict[str, str]]:
    """What the applicant signs with this, and what the parties have confirmed: by their steps."""
    identity = checked.draft.identity
    confirmed = [one.key for one in checked.parties if one.confirmed]
    return cases.signatures(checked.draft, (identity.id_number, identity.credit_code, *confirmed))


def unsigned(name: str, signer: str, *, declared: bool) -> list[Problem]:
    """What a signature lacks: the tick, the name, or the name of who has signed in."""
    found = [] if declared else [Problem("application.not_declared", "/declared")]
    if not _plain(name):
        found.append(Problem("application.name_missing", "/name"))
    elif _plain(name) != _plain(signer):
        found.append(Problem("application.name_differs", "/name"))
    return found


def slices(draft: Draft) -> tuple[Slice, ...]:
    """What each department gets: an item's view of the answers, for the office that handles it."""
    return tuple(
        Slice(use, draft.plan.items[use].item.id, office(draft, use).id, draft.state.slices(use))
        for use in draft.state.active
    )


def signed_record(draft: Draft, papers: Sequence[HandIn]) -> dict[str, Any]:
    """Exactly what is signed, as JSON."""
    return {
        "application": draft.application.id,
        "release": draft.plan.id,
        "slices": {one.use: dict(one.data) for one in slices(draft)},
        "papers": {one.paper.id: _paper(draft, one) for one in papers},
        "texts": [_text(DECLARATION)],
    }


def _paper(draft: Draft, one: HandIn) -> dict[str, Any]:
    paper = one.paper
    record: dict[str, Any] = {"material": paper.material, "state": paper.state}
    record["licenses"] = [{"type": it.type, "number": it.number} for it in paper.licenses]
    if paper.state == "upload":
        record["files"] = [{"id": it.id, "sha256": it.sha256} for it in one.files]
    if paper.state == "commitment":
        record["commitments"] = one.record.get("commitments", {})
    if paper.state == "may_follow":
        record["due"] = _due(draft, paper)
    return record


def _due(draft: Draft, paper: Paper) -> list[dict[str, Any]]:
    return [
        {"use": one.use, "day": one.day.isoformat() if one.day else None,
         "step": dict(one.step) if one.step else None}
        for one in following(draft, paper)
    ]  # fmt: skip


def _text(one: Commitment) -> dict[str, Any]:
    return {"id": one.id, "version": one.version, "text": dict(one.text)}


def _unsigned(checked: Checked, signature: Signature) -> list[Problem]:
    found = unsigned(signature.name, checked.draft.person.name, declared=signature.declared)
    if not found and signature.digest != checked.digest:
        found.append(Problem("application.changed_since_shown", "/declared"))
    return found


def _kept(checked: Checked, signature: Signature, again: recheck.Recheck) -> dict[str, Any]:
    """What is kept of a signature. The slices are frozen on their own; their hashes are enough."""
    record = checked.record
    return {
        "name": _plain(signature.name),
        "digest": checked.digest,
        "papers": record["papers"],
        "texts": record["texts"],
        "parties": {one.id: one.party.record for one in checked.parties if one.party},
        "checked": {"licenses": again.checked, "silent": [one.source for one in again.silent]},
    }


def _mended(draft: Draft, again: recheck.Recheck) -> Draft:
    application = draft.application
    if again.change is None:
        return draft
    saved = draft.installation.store.applications.save(
        draft.actor, application, application.version, again.change, draft.now
    )
    return draft.with_application(saved)


def _plain(name: str) -> str:
    """A name for comparing: how it is spaced doesn't matter."""
    return "".join(name.split())
