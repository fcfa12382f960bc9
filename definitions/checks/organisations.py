"""Is an organisation a tree, and does it delegate to those who are in it?"""

from __future__ import annotations

from definitions.checks.known import circles, exists
from definitions.checks.registry import Findings, check
from definitions.model import Library, Organisation


@check("organisation", "definition.unknown_unit")
def units_name_units(organisation: Organisation, library: Library) -> Findings:
    """Parents, city departments and both ends of a delegation are units."""
    known = organisation.units
    for name, unit in known.items():
        for link in ("parent", "of"):
            other = getattr(unit, link)
            if other is not None and other not in known:
                yield f"/units/{name}/{link}", {"unit": other}
    for name, one in organisation.delegations.items():
        for end, other in (("from", one.source), ("to", one.target)):
            if other not in known:
                yield f"/delegations/{name}/{end}", {"unit": other}


@check("organisation", "definition.unit_circle")
def the_tree_has_no_circles(organisation: Organisation, library: Library) -> Findings:
    """Nobody is above the one who is above them."""
    edges = {name: [unit.parent] for name, unit in organisation.units.items() if unit.parent}
    for name, circle in circles(edges):
        yield f"/units/{name}/parent", {"units": circle}


@check("organisation", "definition.two_roots")
def the_tree_has_one_root(organisation: Organisation, library: Library) -> Findings:
    """One unit stands above all others."""
    roots = [name for name, unit in organisation.units.items() if unit.parent is None]
    for name in roots[1:]:
        yield f"/units/{name}", {"unit": name, "other": roots[0]}


@check("organisation", "definition.unknown_item")
def delegations_name_items(organisation: Organisation, library: Library) -> Findings:
    """What is delegated is an item."""
    for name, one in organisation.delegations.items():
        for at, item in enumerate(one.items):
            if library.items and not exists(library, "item", item):
                yield f"/delegations/{name}/items/{at}", {"item": item}


@check("organisation", "definition.unknown_step")
def delegations_name_steps(organisation: Organisation, library: Library) -> Findings:
    """Which steps of an item are delegated are steps of one of the items named."""
    for name, one in organisation.delegations.items():
        items = [library.items[item] for item in one.items if item in library.items]
        for at, step in enumerate(one.steps):
            if items and not any(step in item.steps for item in items):
                yield f"/delegations/{name}/steps/{at}", {"step": step}
