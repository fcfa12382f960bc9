"""Statements that run in every request, turned into SQL once instead of each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import Database


@dataclass(frozen=True, slots=True)
class Parameter:
    """A place in a query that is filled when it runs."""

    name: str


class Prepared:
    """A peewee query whose values are parameters; `build` makes it when it first runs."""

    def __init__(self, database: Database, build: Callable[[], Any]) -> None:
        self._database, self._build = database, build
        self._sql = ""
        self._parameters: tuple[Any, ...] = ()

    def one(self, **values: Any) -> dict[str, Any] | None:
        """The first row as a dictionary, or None."""
        cursor = self._execute(values)
        row = cursor.fetchone()
        if row is None:
            return None
        return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}

    def all(self, **values: Any) -> list[dict[str, Any]]:
        """Every row as a dictionary."""
        cursor = self._execute(values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def count(self, **values: Any) -> int:
        """How many rows the statement changed."""
        changed: int = self._execute(values).rowcount
        return changed

    def _execute(self, values: dict[str, Any]) -> Any:
        if not self._sql:
            context = self._database.get_sql_context()
            sql, self._parameters = context.sql(self._build()).query()
            self._sql = sql
        filled = [
            values[one.name] if isinstance(one, Parameter) else one for one in self._parameters
        ]
        return self._database.execute_sql(self._sql, filled)
