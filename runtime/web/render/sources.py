"""Where a value is from, in words and as a chip."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from definitions.fieldtypes import REGISTRY
from definitions.model import Field, LicenseType, Provenance
from runtime.web.render.templates import render
from runtime.web.texts import say, t

KNOWN = frozenset({"authority", "own_document", "derived", "account"})
"""Origins whose values are shown as facts; the others were typed and stay in their box."""

KINDS = {"authority": "verified", "account": "verified", "own_document": "own"}
PLAIN = {
    "authority": "source.authority",
    "own_document": "source.own_document",
    "derived": "source.derived",
    "account": "source.account",
    "staff": "source.staff",
    "typed": "source.typed",
}
NAMED = {"authority": "source.license", "own_document": "source.own_license"}


class Sources:
    """The chips of one form in one language; each is made once.

    `chip_of` gives the HTML of a chip for an origin, a licence type and its date, and says whether
    the value may have gone stale; `calculated` is the chip of what was worked out.
    """

    def __init__(self, licenses: Mapping[str, LicenseType], lang: str) -> None:
        self.lang = lang
        self._titles = {id: say(license.title, lang) for id, license in licenses.items()}
        self.chip_of = lru_cache(maxsize=1024)(self._make_chip)
        self.calculated = self._make_chip("derived", "", None, False)

    def chip(self, source: Provenance, today: str) -> str:
        """The chip's HTML; it says so when the value may have gone stale by `today` (ISO)."""
        stale = source.fresh_until is not None and source.fresh_until < today
        return self.chip_of(source.origin, source.license_type, source.issued_on, stale)

    def name(self, source: Provenance) -> str:
        """The source without its date, e.g. "营业执照"."""
        return self._words(source.origin, source.license_type, None)

    def words(self, source: Provenance) -> str:
        """The source and its date, e.g. "营业执照，2024年3月18日签发"."""
        return self._words(source.origin, source.license_type, source.issued_on)

    def _words(self, origin: str, license_type: str, issued_on: str | None) -> str:
        title = self._titles.get(license_type)
        if title is None or origin not in NAMED:
            return t(PLAIN[origin], self.lang)
        named = t(NAMED[origin], self.lang, title=title)
        if not issued_on:
            return named
        return named + t("source.issued", self.lang, day=day(issued_on, self.lang))

    def _make_chip(self, origin: str, license_type: str, issued_on: str | None, stale: bool) -> str:
        words = self._words(origin, license_type, issued_on)
        kind = KINDS.get(origin, "computed")
        return render("fields/_chip.html", self.lang, words=words, kind=kind, stale=stale).strip()


@cache
def _day_field() -> Field:
    return Field("day", "date", {"zh-CN": ""}, {"type": "string"})


def day(iso: str, lang: str) -> str:
    """A date (or the date of an instant) as people read it."""
    return REGISTRY["date"].show(iso[:10], _day_field(), lang)
