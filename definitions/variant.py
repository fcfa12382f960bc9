"""A district's changes to a city definition: JSON Merge Patch (RFC 7396), and its clashes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.problems import Problem, escaped
from definitions.reader.documents import document

Raw = Mapping[str, Any]
_ABSENT = object()


def merge_patch(target: Any, patch: Any) -> Any:
    """The target with the patch applied, neither being changed (RFC 7396, section 2)."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), change)
    return merged


def patched(base: Raw, patch: Raw) -> tuple[dict[str, Any], list[Problem]]:
    """The district's definition, and why it isn't whole; pointers are into the definition.

    A change to a part that the city has taken away leaves half a part, which is a problem; so is
    taking away what is no longer there, or giving the definition another kind or id.
    """
    result = merge_patch(base, patch)
    problems = [
        Problem("definition.patch_of_nothing", where)
        for where, change in _leaves(patch)
        if change is None and _at(base, where) is _ABSENT
    ]
    problems += [
        Problem("definition.patch_of_identity", f"/{name}")
        for name in ("kind", "id")
        if name in patch and patch[name] != base.get(name)
    ]
    found = document("", result).problems
    problems += [Problem(one.code, one.where[1:], one.params, one.level) for one in found]
    return result, [one for one in problems if one.level == "error"]


def clashes(before: Raw, after: Raw, patch: Raw) -> list[Problem]:
    """Places that both the city (from `before` to `after`) and the district change differently.

    The district's change still wins; somebody should look at it.
    """
    return [
        Problem("definition.patch_clash", where, {"before": was, "after": now, "ours": change})
        for where, change in _leaves(patch)
        if (was := _shown(before, where)) != (now := _shown(after, where)) and now != change
    ]


def _leaves(patch: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every place that a patch sets or removes."""
    if isinstance(patch, Mapping) and patch:
        for name, change in patch.items():
            yield from _leaves(change, f"{pointer}/{escaped(name)}")
    elif pointer:
        yield pointer, patch


def _at(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(value, Mapping) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _shown(value: Any, pointer: str) -> Any:
    found = _at(value, pointer)
    return None if found is _ABSENT else found
