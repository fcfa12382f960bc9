"""Whether a license may be used: in force, of good signature, and asked for recently enough."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from definitions.model import Library, License, Provenance, Span

CHINA = timezone(timedelta(hours=8), "CST")
"""Where days are counted: what was fetched at 17:00 UTC was fetched on the next day."""

_BY_STATUS = {
    "expired": "source.license_expired",
    "revoked": "source.license_revoked",
    "suspended": "source.license_suspended",
}


def why_not(license_: License, library: Library, today: date) -> str | None:
    """The code of what keeps a license from being used today; None when nothing does."""
    day = today.isoformat()
    until = fresh_until(license_, library)
    if license_.type not in library.licenses:
        return "source.license_unknown"
    if license_.status in _BY_STATUS:
        return _BY_STATUS[license_.status]
    if license_.valid_to is not None and license_.valid_to < day:
        return "source.license_expired"
    if license_.valid_from is not None and license_.valid_from > day:
        return "source.license_not_yet_valid"
    if license_.signature == "invalid":
        return "source.license_signature"
    if until is not None and until < day:
        return "source.license_stale"
    return None


def fresh_until(license_: License, library: Library) -> str | None:
    """The last day on which what was fetched still counts as fresh; None when it always does."""
    kind = library.licenses.get(license_.type)
    if kind is None or kind.fresh_for is None or license_.fetched_at is None:
        return None
    return _after(_day(license_.fetched_at), kind.fresh_for).isoformat()


def _day(fetched_at: str) -> date:
    """The day in China of a moment; of one without a time zone, the day that it says."""
    moment = datetime.fromisoformat(fetched_at)
    return (moment.astimezone(CHINA) if moment.tzinfo else moment).date()


def _after(start: date, span: Span) -> date:
    """Freshness is counted in calendar days; a working day stands for seven fifths of one."""
    days = span.n if span.unit == "calendar" else span.n * 7 / 5
    return start + timedelta(days=int(days))


def provenance(license_: License, library: Library, label: str) -> Provenance:
    """Where a value printed under `label` is from. Documents people bring have trust C or D."""
    own = license_.trust in ("C", "D")
    return Provenance(
        origin="own_document" if own else "authority",
        source=license_.source,
        license_type=license_.type,
        license_number=license_.number,
        license_field=label,
        request_id=license_.request_id,
        issued_on=license_.issued_on,
        fetched_at=license_.fetched_at,
        fresh_until=fresh_until(license_, library),
        signature=license_.signature,
        trust=license_.trust,
    )
