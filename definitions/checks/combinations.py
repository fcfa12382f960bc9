"""Can the items of a service be one form? Asked only of services that are otherwise sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from definitions.combine import combine
from definitions.model import Library, Service
from definitions.problems import Problem


def combinations(library: Library, found: Iterable[Problem]) -> Iterator[Problem]:
    """The problems of combining, for each service in whose definitions none was found before."""
    broken = {one.where.partition("#")[0] for one in found if one.level == "error"}
    for service in library.services.values():
        if broken.isdisjoint(_files(library, service)):
            yield from combine(library, service.id).problems


def _files(library: Library, service: Service) -> set[str]:
    """The files that a combination reads: the service, its items, the dictionary, the licences."""
    names = {f"service/{service.id}", *(f"item/{use.item}" for use in service.uses.values())}
    kinds = ("elements/", "license/")
    names |= {name for name in library.files if name.startswith(kinds)}
    return {library.files.get(name, name) for name in names}
