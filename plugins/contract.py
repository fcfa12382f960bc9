"""The contract between the platform and everything outside: four kinds of plugin on one page.

A plugin is a class in `plugins/<kind>_<name>/__init__.py` (or behind an entry point of the group
`yibiao.plugins`) that the module calls `PLUGIN`. It is made once per configured instance, called
from several threads at once, and sees nothing of the platform but this page and `definitions`.

A method returns a *result* when the other side has spoken, and raises an *error* when it has not
or makes no sense. Plugins never retry: the platform does, with one set of rules for all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from definitions.model import License, Schema, Text

CONTRACT = 1
"""The version of this page. A plugin made for another one is reported and stays off."""

Kind = Literal["license_source", "connector", "identity", "notifier"]
Config = Mapping[str, Any]
T = TypeVar("T")


# What a plugin says of itself


@dataclass(frozen=True, slots=True)
class Spec:
    """Who a plugin is and what it needs.

    `config` is a JSON Schema; a property with `"secret": true` is encrypted at rest and never
    shown again. `hosts` are the hosts it may talk to; `{key}` stands for a configured address.
    `data_classes` are the sensitivities it handles: public, personal, sensitive.
    """

    id: str
    kind: Kind
    version: str
    title: Text
    config: Schema
    hosts: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    contract: int = CONTRACT
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One plain sentence of `check`, e.g. "The office answers" (ok) or "The key is refused"."""

    state: Literal["ok", "warning", "failed"]
    text: Text


# Results: the other side has spoken


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """It worked; this came back."""

    data: T


@dataclass(frozen=True, slots=True)
class Pending:
    """It takes time: ask again with `handle` after some seconds, at the latest until a moment."""

    handle: str
    ask_again_after: float
    until: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The other side knows nothing of it. An answer, not an error."""


@dataclass(frozen=True, slots=True)
class Denied:
    """The other side refuses, for a reason that can be shown to the person."""

    reason: Text


# Errors: it has not spoken, or makes no sense


class PluginError(Exception):
    """Any of the five below. Its text is for the log: no secrets, no personal data."""


class Unavailable(PluginError):
    """No answer now; try again, not before `retry_after` seconds where it is known."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Rejected(PluginError):
    """A final no that a person must look at, with the other side's own code and words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class BadReply(PluginError):
    """An answer came that breaks the agreement: wrong shape, wrong person, wrong signature.

    After a write it is open whether that was done, as with `OutcomeUnknown`.
    """


class Misconfigured(PluginError):
    """It can't work as configured: an admin must look."""


class OutcomeUnknown(PluginError):
    """A write was sent and no answer came: reconcile, or repeat with this same key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"outcome unknown of {key}")
        self.key = key


# The four kinds


class Plugin(ABC):
    """What every plugin has; `config` has passed the schema of `spec()`."""

    kind: ClassVar[Kind]

    def __init__(self, config: Config) -> None:
        self.config = config

    @classmethod
    @abstractmethod
    def spec(cls) -> Spec:
        """Who it is and what it needs."""

    @classmethod
    @abstractmethod
    def check(cls, config: Config) -> list[Finding]:
        """Try a configuration now and say in sentences what works and what doesn't."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why a licence is asked for (用证): every source records it with each request."""

    items: tuple[str, ...]
    case: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A document: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


class LicenseSource(Plugin):
    """Knows licences: an e-license service, or a document that the applicant brings."""

    kind = "license_source"

    @abstractmethod
    def find(
        self, holder: str, types: Sequence[str], purpose: Purpose
    ) -> Done[tuple[License, ...]] | NotFound | Denied:
        """The licences of these types that name exactly this holder, in any state.

        `holder` is a citizen number or a unified social credit code.
        """

    @abstractmethod
    def verify(self, license: License, purpose: Purpose) -> Done[License] | NotFound | Denied:
        """The same licence as it stands now."""

    @abstractmethod
    def file(self, license: License, purpose: Purpose) -> Done[File] | NotFound | Denied:
        """The licence as a document."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What a connector can do: what goes in and out (JSON Schema), and whether it changes.

    `timeout` is for one attempt, in seconds. One that `undoes` another is given that call's `key`,
    what was `sent` and its `answer`.
    """

    input: Schema
    output: Schema
    effect: Literal["read", "write"]
    timeout: float
    undoes: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Who calls and why; `key` is the same for every attempt at the same effect."""

    key: str
    item: str
    case: str
    district: str


@dataclass(frozen=True, slots=True)
class Request:
    """A callback as it came in: signatures are checked over the raw body."""

    headers: Mapping[str, str]
    body: bytes


Answered = Done[Mapping[str, Any]] | Pending | NotFound | Denied
"""What an operation can come to."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What a callback says of `handle`. A repeated message has the same `id`: act on it once."""

    id: str
    handle: str
    result: Done[Mapping[str, Any]] | Denied


class Connector(Plugin):
    """Does things elsewhere: tax, water, power, gas, real estate, payment."""

    kind = "connector"

    @abstractmethod
    def operations(self) -> Mapping[str, Operation]:
        """What it can do, by name."""

    @abstractmethod
    def call(self, operation: str, payload: Mapping[str, Any], context: Context) -> Answered:
        """Do it, or start it. A write with a key that was used has its first answer again."""

    @abstractmethod
    def poll(self, handle: str) -> Answered:
        """How a pending call stands."""

    @abstractmethod
    def on_callback(self, request: Request) -> Callback:
        """What a callback says; BadReply if it is not genuine or not of now."""

    @abstractmethod
    def reconcile(self, key: str) -> Answered:
        """What became of a write whose answer was lost. NotFound: it was never done."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One person to sign in as, where the plugin lets people pick; `staff` works in an office."""

    id: str
    title: str
    note: Text
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """How sign-in begins: an address to go to, or choices to show.

    `keep` stays in the session, on the server, until `complete`.
    """

    address: str = ""
    choices: tuple[Choice, ...] = ()
    keep: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """A natural person as the identity provider vouches for."""

    id_number: str
    name: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An enterprise that a person may act for, and in which role."""

    credit_code: str
    name: str
    role: Literal["legal_representative", "agent"]


@dataclass(frozen=True, slots=True)
class Position:
    """A role that somebody holds in a unit of the organisations' tree."""

    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in, for whom they may act beside themselves, and where they work."""

    person: Person
    enterprises: tuple[Enterprise, ...] = ()
    positions: tuple[Position, ...] = ()


class Identity(Plugin):
    """Says who somebody is."""

    kind = "identity"

    @abstractmethod
    def login(self, return_to: str) -> Login:
        """Begin; the browser comes back to the address `return_to`."""

    @abstractmethod
    def complete(self, query: Mapping[str, str], keep: Mapping[str, str]) -> SignedIn | Denied:
        """End: `query` is what the browser brought back, `keep` what `login` gave."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one person; `key` is the same for every attempt."""

    key: str
    to: str
    title: str
    body: str


class Notifier(Plugin):
    """Reaches people: SMS, e-mail, the site's inbox."""

    kind = "notifier"

    @abstractmethod
    def send(self, message: Message) -> Done[str] | Denied:
        """Hand it over; what comes back is the other side's name for it."""
