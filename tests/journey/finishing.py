"""Steps that several tests take before they look at one."""

from __future__ import annotations

import io

from runtime.journey import papers
from runtime.journey.draft import Draft
from runtime.journey.sign import Sent, Signature, check, submit
from runtime.store import StoredFile, Upload
from tests.journey.world import PDF, World


def upload(content: bytes = PDF, name: str = "a.pdf") -> Upload:
    """A file as a browser sends it."""
    return Upload(io.BytesIO(content), name, "", "application/pdf")


def hand_in_everything(world: World, draft: Draft) -> Draft:
    """A file for every paper that takes one, and a commitment where only that will do."""
    for one in papers.hand_ins(draft):
        if one.settled:
            continue
        if "upload" in one.paper.choices:
            file = Upload(io.BytesIO(PDF), "a.pdf", one.paper.id, "application/pdf")
            assert isinstance(papers.add_file(draft, one.paper.id, file), StoredFile)
        else:
            papers.choose(draft, one.paper.id, "commitment")
        draft = world.open(draft.actor, draft.application.id)
    return draft


def signature(draft: Draft, name: str = "") -> Signature:
    """The tick and the name, over what the page would show."""
    return Signature(check(draft).digest, name or draft.person.name, declared=True)


def sent(world: World, draft: Draft) -> Sent:
    """The application, sent."""
    outcome = submit(draft, signature(draft))
    assert isinstance(outcome, Sent), outcome
    return outcome
