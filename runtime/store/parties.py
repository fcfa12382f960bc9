"""Other parties: invited by a link, they confirm, sign or decline what concerns them.

A signature is over the hash of the answers that the party was shown and of the texts that it
declared. It needs no cancelling: when one of them changes, the hash of what is there now is another
one, and the signature doesn't stand.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from definitions import canonical
from definitions.model import Text
from definitions.problems import Problem
from runtime.store import access
from runtime.store.actor import Actor
from runtime.store.application import Answers, Application
from runtime.store.changes import value_at
from runtime.store.database import first
from runtime.store.errors import Conflict, NotFound, Refused
from runtime.store.ground import Ground
from runtime.store.history import advance, find
from runtime.store.ids import new_id
from runtime.store.instants import from_text, maybe, to_text
from runtime.store.people import read_person
from runtime.store.prepared import Parameter

INVITED_FOR = timedelta(days=7)
ATTEMPTS = 20

State = Literal["invited", "confirmed", "signed", "declined"]
DECIDES: Mapping[str, State] = {"confirm": "confirmed", "sign": "signed", "decline": "declined"}


@dataclass(frozen=True, slots=True)
class Invitee:
    """Whom to invite, and to what.

    `key` is their citizen number, or their credit code when `kind` says so: nobody else can open
    the invitation then. `places` are question ids, `table/row`, or a beginning that ends in a dot
    (`buyer.`) for every question about a subject. `texts` are what they are to declare.
    """

    subject: str
    name: str
    places: tuple[str, ...]
    row: str = ""
    key: str | None = None
    kind: Literal["person", "enterprise"] = "person"
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """An invited party and where it stands.

    `standing` is false when the answers at its `places`, or the `texts` that it declares, have
    changed since its word.
    """

    id: str
    application: str
    subject: str
    row: str
    name: str
    invited_by: str
    places: tuple[str, ...]
    texts: tuple[Text, ...]
    state: State
    standing: bool
    person: str | None
    record: Mapping[str, Any]
    expires_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invited party sees: its part of the answers and the hash that it signs."""

    party: Party
    release: str
    service: str
    district: str
    status: str
    part: Answers
    digest: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A party's word. `digest` is that of the part as it was shown."""

    kind: Literal["confirm", "sign", "decline"]
    digest: str
    signature: str = ""
    reason: str = ""


class Parties:
    """The invited parties of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._table = ground.tables.party

    def invite(self, actor: Actor, held: Application, invitee: Invitee, now: datetime) -> str:
        """The token of the link for an invited party; an earlier link of theirs ends.

        Raises:
            NotFound: the application isn't the actor's, or it is a draft past its days.
            Refused: it was withdrawn (`application.withdrawn`).
        """
        access.demand_over(actor, "party.invite", held)
        token = secrets.token_urlsafe(32)
        data = {"subject": invitee.subject, "row": invitee.row, "name": invitee.name}

        def write() -> None:
            self._replace(held.id, actor.name, invitee, token, now)

        self._command(actor, held.id, "invited", lambda _: data, write, now)
        return token

    def of(self, actor: Actor, held: Application) -> list[Party]:
        """The invited parties of an application.

        Raises:
            NotFound: it isn't the actor's.
        """
        access.demand_over(actor, "party.list", held)
        rows = self._ground.prepared("parties of", self._of).all(application=held.id)
        return [self._read(row, held) for row in rows]

    def open(self, actor: Actor, token: str, now: datetime) -> Invitation:
        """The invitation behind a link, from now on that of the person who opened it first.

        Raises:
            NotFound: there is none, it has ended, or it is for somebody else.
        """
        access.demand(actor, "party.open")
        row = first(self._table.select().where(self._table.c.token_hash == _hash(token)))
        if row is None or from_text(row["expires_at"]) <= now or not self._meant_for(actor, row):
            raise NotFound
        table = self._table
        unclaimed = (table.c.id == row["id"]) & table.c.person_id.is_null()
        table.update(person_id=actor.person).where(unclaimed).execute()
        return self.get(actor, row["id"])

    def get(self, actor: Actor, record: str) -> Invitation:
        """An invitation that the actor has opened before.

        Raises:
            NotFound: there is none, or it is somebody else's.
        """
        row = self._row(actor, record)
        return self._invitation(row, find(self._ground, row["application_id"]))

    def joined(self, actor: Actor, application: str) -> list[Invitation]:
        """The actor's own invitations to an application: from the list to their part."""
        access.demand(actor, "party.open")
        table = self._table
        own = (table.c.application_id == application) & (table.c.person_id == actor.person)
        rows = list(table.select().where(own).order_by(table.c.id).dicts())
        return [self._invitation(row, find(self._ground, application)) for row in rows]

    def follow(
        self, actor: Actor, invitation: Invitation, places: tuple[str, ...], texts: tuple[Text, ...]
    ) -> Invitation:
        """The invitation, about these places and texts from now on: the form has moved on.

        Raises:
            NotFound: the actor isn't the system, or it is gone.
        """
        access.demand(actor, "party.follow")
        party = invitation.party
        vault, row = self._ground.vault, self._known(party.id)
        known = vault.open("party", party.id, "details", row["details"])
        known.pop("texts", None)
        details = {**known, "places": list(places), **_declared(texts)}
        sealed = self._ground.seal("party", party.id, details=details)
        self._table.update(**sealed).where(self._table.c.id == party.id).execute()
        row = self._known(party.id)
        return self._invitation(row, find(self._ground, row["application_id"]))

    def answer(self, actor: Actor, record: str, decision: Decision, now: datetime) -> Invitation:
        """The invitation after the party has confirmed, signed or declined.

        Raises:
            NotFound: it is somebody else's, or part of a draft past its days.
            Refused: the answers are not what was shown any more (`application.part_changed`),
                or the application was withdrawn.
        """
        row = self._row(actor, record)

        def said(held: Application) -> dict[str, Any]:
            if self._invitation(row, held).digest != decision.digest:
                raise Refused(Problem("application.part_changed"))
            about = {"party": record, "subject": row["subject"], "row": row["row"]}
            return about | asdict(decision) | _declared(self._read(row, held).texts)

        def write() -> None:
            sealed = self._ground.seal("party", record, record=asdict(decision))
            changed = {"state": DECIDES[decision.kind], "decided_at": to_text(now), **sealed}
            self._table.update(**changed).where(self._table.c.id == record).execute()

        self._command(actor, row["application_id"], DECIDES[decision.kind], said, write, now)
        return self.get(actor, record)

    def _command(
        self,
        actor: Actor,
        application: str,
        kind: str,
        said: Callable[[Application], Mapping[str, Any]],
        write: Callable[[], None],
        now: datetime,
    ) -> None:
        """One event with what it writes; tried again when the owner saves at this moment."""
        for _ in range(ATTEMPTS):
            with self._ground.deciding():
                held = find(self._ground, application)
                if held.is_past(now):
                    raise NotFound
                if held.status == "withdrawn":
                    number = {"number": held.number or ""}
                    raise Refused(Problem("application.withdrawn", params=number))
                if advance(self._ground, actor, held, kind, said(held), now):
                    write()
                    return
        raise Conflict(held)

    def _replace(
        self, application: str, inviter: str, invitee: Invitee, token: str, now: datetime
    ) -> None:
        table = self._table
        same = (
            (table.c.application_id == application)
            & (table.c.subject == invitee.subject)
            & (table.c.row == invitee.row)
        )
        table.delete().where(same).execute()
        record = new_id(now)
        details = _details(invitee, inviter)
        row = {
            "id": record,
            "application_id": application,
            "subject": invitee.subject,
            "row": invitee.row,
            "key_index": key_index(self._ground, details),
            "token_hash": _hash(token),
            "expires_at": to_text(now + INVITED_FOR),
            "state": "invited",
            "created_at": to_text(now),
            **self._ground.seal("party", record, details=details),
        }
        self._ground.insert("party", row)

    def _meant_for(self, actor: Actor, row: Mapping[str, Any]) -> bool:
        if row["person_id"] is not None:
            return bool(access.over_party(actor, row["person_id"]))
        return row["key_index"] is None or row["key_index"] in self._keys_of(actor)

    def _keys_of(self, actor: Actor) -> set[str]:
        person = self._ground.tables.person
        row = first(person.select().where(person.c.id == actor.person))
        if row is None:
            return set()
        vault = self._ground.vault
        keys = set(vault.indexes("person", read_person(self._ground, row).number))
        return keys | set(vault.indexes("enterprise", actor.acting_for or ""))

    def _of(self) -> Any:
        table = self._table
        same = table.c.application_id == Parameter("application")
        return table.select().where(same).order_by(table.c.id)

    def _row(self, actor: Actor, record: str) -> dict[str, Any]:
        row = self._known(record)
        access.demand(actor, "party.answer", access.over_party(actor, row["person_id"]))
        return row

    def _known(self, record: str) -> dict[str, Any]:
        row = first(self._table.select().where(self._table.c.id == record))
        if row is None:
            raise NotFound
        return row

    def _read(self, row: Mapping[str, Any], held: Application) -> Party:
        vault = self._ground.vault
        details = vault.open("party", row["id"], "details", row["details"])
        places, texts = tuple(details["places"]), tuple(details.get("texts", ()))
        record = vault.open("party", row["id"], "record", row["record"]) if row["record"] else {}
        now_is = digest(held, row["subject"], row["row"], places, texts)
        return Party(
            id=row["id"],
            application=row["application_id"],
            subject=row["subject"],
            row=row["row"],
            name=details["name"],
            invited_by=details["invited_by"],
            places=places,
            texts=texts,
            state=row["state"],
            standing=record.get("digest") == now_is,
            person=row["person_id"],
            record=record,
            expires_at=from_text(row["expires_at"]),
            decided_at=maybe(row["decided_at"]),
        )

    def _invitation(self, row: Mapping[str, Any], held: Application) -> Invitation:
        party = self._read(row, held)
        return Invitation(
            party=party,
            release=held.release,
            service=held.service,
            district=held.district,
            status=held.status,
            part=part_of(held.answers, party.places),
            digest=digest(held, party.subject, party.row, party.places, party.texts),
        )


def part_of(answers: Answers, places: tuple[str, ...]) -> dict[str, Any]:
    """The answers at these places, by place."""
    part: dict[str, Any] = {}
    for place in places:
        if place.endswith("."):
            part |= {name: value for name, value in answers.items() if name.startswith(place)}
        elif (value := value_at(answers, place)) is not None:
            part[place] = value
    return part


def digest(
    held: Application,
    subject: str,
    row: str,
    places: tuple[str, ...],
    texts: tuple[Text, ...] = (),
) -> str:
    """What a party signs: the hash of its part and texts, bound to the application and to it."""
    part = part_of(held.answers, places)
    signed = {"application": held.id, "subject": subject, "row": row, "part": part}
    return canonical.digest(signed | _declared(texts))


def _declared(texts: tuple[Text, ...]) -> dict[str, Any]:
    return {"texts": [dict(one) for one in texts]} if texts else {}


def _details(invitee: Invitee, inviter: str) -> dict[str, Any]:
    about = {"name": invitee.name, "invited_by": inviter, "places": list(invitee.places)}
    meant = {"key": invitee.key, "kind": invitee.kind} if invitee.key is not None else {}
    return about | meant | _declared(invitee.texts)


def key_index(ground: Ground, details: Mapping[str, Any]) -> str | None:
    """The blind index of whom an invitation is for, by its details; None where they don't say."""
    if "key" not in details:
        return None
    return ground.vault.index(details["kind"], details["key"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
