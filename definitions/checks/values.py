"""Is a value that an author wrote one that a schema accepts?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from definitions.fieldtypes.matching import matcher
from definitions.model import Schema
from definitions.patterns import pattern_problem


def accepted(schema: Schema, value: Any) -> bool:
    """Whether plain JSON Schema accepts a value.

    A pattern is matched in linear time, whatever the author wrote; one outside of the subset is
    the reader's to report, and refuses nothing here.
    """
    valid: bool = _validator()(dict(schema)).is_valid(value)
    return valid


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator, validators  # the checker's, not needed to run

    return validators.extend(Draft202012Validator, {"pattern": _pattern})


def _pattern(validator: Any, pattern: str, value: Any, schema: Schema) -> Iterator[Exception]:
    from jsonschema import ValidationError

    if isinstance(value, str) and pattern_problem(pattern) is None and not matcher(pattern)(value):
        yield ValidationError("pattern")
