"""A release as a zip of JSON files: written the same each time, read all or not at all."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from definitions.canonical import digest
from definitions.problems import Problem, errors
from definitions.reader import read_bundle
from definitions.reader.text import MAX_BYTES, parse
from definitions.release import FORMAT, Release
from definitions.writer import write

MAX_FILES = 2_000
MAX_UNPACKED = 50_000_000
"""Bytes of all files together, counted while unpacking: a header can say anything."""

MANIFEST = "release.json"
_PATH = re.compile(r"definitions/([a-z]{1,20})/([a-z][a-z0-9_]{0,59})\.json")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError)
"""What reading a damaged, encrypted or forged archive raises."""

_EPOCH = (1980, 1, 1, 0, 0, 0)


class RefusedArchiveError(ValueError):
    """Nothing of the archive was taken; `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(sorted({problem.code for problem in problems})))
        self.problems = problems


def export_zip(release: Release) -> bytes:
    """The release as a zip: `release.json` and a file for each definition."""
    content = release.content
    manifest = {"format": content["format"], "service": content["service"], "id": release.id}
    files = {MANIFEST: manifest}
    for name, raw in sorted(content["definitions"].items()):
        files[f"definitions/{name}.json"] = raw
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, value in files.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), write(value), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def import_zip(data: bytes) -> Release:
    """The release in a zip, its hash verified and every definition read.

    Raises RefusedArchiveError with every problem found: paths that lead elsewhere, too many or
    too large files, what isn't a definition, or a hash that isn't that of the content.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            values = _values(archive)
    except RefusedArchiveError:
        raise
    except _BROKEN as error:
        raise RefusedArchiveError([Problem("archive.not_a_zip")]) from error
    return _release(values)


def _values(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Every file's JSON value by its path."""
    entries = archive.infolist()
    _refuse(_listing_problems(entries))
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for path, text in _unpacked(archive, entries):
        values[path], found = parse(text)
        problems += [problem.under(f"{path}#") for problem in found]
    _refuse(problems)
    return values


def _listing_problems(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    if len(entries) > MAX_FILES:
        yield Problem("archive.too_many_files", "", {"limit": MAX_FILES})
        return
    seen: set[str] = set()
    for entry in entries:
        path = entry.orig_filename
        if path != MANIFEST and not _PATH.fullmatch(path):
            yield Problem("archive.path", path[:200])
        elif path in seen:
            yield Problem("archive.file_twice", path)
        elif entry.compress_type not in _METHODS or entry.flag_bits & 1:
            yield Problem("archive.not_a_zip", path)
        seen.add(path)
    if MANIFEST not in seen:
        yield Problem("archive.no_manifest", MANIFEST)


def _unpacked(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> Iterator[tuple[str, bytes]]:
    total = 0
    for entry in entries:
        with archive.open(entry) as stream:
            text = stream.read(MAX_BYTES + 1)
        total += len(text)
        if len(text) > MAX_BYTES or total > MAX_UNPACKED:
            raise RefusedArchiveError([Problem("archive.too_large", entry.filename)])
        yield entry.filename, text


def _release(values: Mapping[str, Any]) -> Release:
    manifest = values[MANIFEST]
    if not isinstance(manifest, Mapping) or manifest.get("format") != FORMAT:
        raise RefusedArchiveError([Problem("archive.format", MANIFEST)])
    definitions = {
        path.removeprefix("definitions/").removesuffix(".json"): value
        for path, value in sorted(values.items())
        if path != MANIFEST
    }
    _refuse(errors(list(read_bundle(definitions).problems)))
    content = {
        "format": FORMAT,
        "service": manifest.get("service"),
        "definitions": definitions,
    }
    if f"service/{content['service']}" not in definitions:
        raise RefusedArchiveError([Problem("archive.no_service", MANIFEST)])
    release = Release(digest(content), content)
    if release.id != manifest.get("id"):
        raise RefusedArchiveError([Problem("archive.hash", MANIFEST)])
    return release


def _refuse(problems: Iterator[Problem] | list[Problem]) -> None:
    found = list(problems)
    if found:
        raise RefusedArchiveError(found)
