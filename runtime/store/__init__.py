"""The database: releases, applications with their history, people, parties and files.

Every method of a repository takes the actor first and the moment last, and answers a stranger as
if there were nothing (`access` says who may do what). What is personal is encrypted (`crypto`).
`Store` is the way in.
"""

from runtime.store.actor import SYSTEM, Actor
from runtime.store.application import Application
from runtime.store.changes import Change
from runtime.store.errors import (
    Conflict,
    NotFound,
    Refused,
    StoreError,
    StoreNotReady,
    Unreadable,
)
from runtime.store.files import Limits, StoredFile, Upload
from runtime.store.keys import open_ring
from runtime.store.parties import Decision, Invitee
from runtime.store.people import Enterprise, Person, Preferences
from runtime.store.sessions import Session
from runtime.store.store import Store
from runtime.store.submissions import Receipt, Slice

__all__ = [
    "SYSTEM",
    "Actor",
    "Application",
    "Change",
    "Conflict",
    "Decision",
    "Enterprise",
    "Invitee",
    "Limits",
    "NotFound",
    "Person",
    "Preferences",
    "Receipt",
    "Refused",
    "Session",
    "Slice",
    "Store",
    "StoreError",
    "StoreNotReady",
    "StoredFile",
    "Unreadable",
    "Upload",
    "open_ring",
]
