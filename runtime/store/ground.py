"""What every repository stands on: one database, its tables, the vault and the data folder."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import Database

from runtime.store.crypto import Vault
from runtime.store.database import deciding
from runtime.store.prepared import Parameter, Prepared
from runtime.store.tables import Tables


@dataclass(frozen=True)
class Ground:
    """Shared by the repositories of one store."""

    database: Database
    tables: Tables
    vault: Vault
    data: Path
    statements: dict[Hashable, Prepared] = field(default_factory=dict)

    def deciding(self) -> AbstractContextManager[None]:
        """One transaction that has survived a power cut when it returns."""
        return deciding(self.database)

    def prepared(self, key: Hashable, build: Callable[[], Any]) -> Prepared:
        """The statement with this name, made of the query that `build` gives, once."""
        if key not in self.statements:
            self.statements[key] = Prepared(self.database, build)
        return self.statements[key]

    def insert(self, table: str, row: Mapping[str, Any]) -> None:
        """Write a new row."""
        columns = tuple(row)

        def build() -> Any:
            places = {name: Parameter(name) for name in columns}
            return self.tables.named(table).insert(**places)

        self.prepared(("insert", table, columns), build).count(**row)

    def seal(self, table: str, record: str, /, **values: Any) -> dict[str, bytes]:
        """Columns of one row, each sealed for its place."""
        return {
            column: self.vault.seal(table, record, column, value)
            for column, value in values.items()
        }
