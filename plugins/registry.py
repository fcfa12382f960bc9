"""Finds plugins and makes their configured instances; what is broken is named and stays off.

Nothing here stops the start: a plugin that can't be imported costs the platform that plugin.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry as NoRemoteReferences

from definitions.model import Text
from definitions.problems import Problem
from plugins.contract import (
    CONTRACT,
    Connector,
    Identity,
    LicenseSource,
    Misconfigured,
    Plugin,
)

ENTRY_POINTS = "yibiao.plugins"
FOLDER = re.compile(r"(license|connector|identity|notifier)_[a-z0-9_]+\Z")

Candidate = tuple[str, Callable[[], Any]]
"""Where a plugin was found, and how to load its class."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One configured instance of a plugin: the same plugin may serve province and city."""

    plugin: str
    title: Text
    config: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instances:
    """Plugins ready to be called, by instance id, and what could not be made ready."""

    plugins: Mapping[str, Plugin]
    titles: Mapping[str, Text]
    problems: tuple[Problem, ...] = ()

    @property
    def sources(self) -> dict[str, LicenseSource]:
        """The licence sources, in the order of the settings."""
        return {key: one for key, one in self.plugins.items() if isinstance(one, LicenseSource)}

    @property
    def connectors(self) -> dict[str, Connector]:
        """The connectors by the name that operations begin with, as in `water.account`."""
        return {key: one for key, one in self.plugins.items() if isinstance(one, Connector)}

    @property
    def identities(self) -> dict[str, Identity]:
        """The ways to sign in, in the order of the settings."""
        return {key: one for key, one in self.plugins.items() if isinstance(one, Identity)}


@dataclass(frozen=True, slots=True)
class Registry:
    """The plugins that work, by id, and a problem for each that doesn't."""

    plugins: Mapping[str, type[Plugin]]
    problems: tuple[Problem, ...] = ()

    def open(self, settings: Mapping[str, Setting], *, sandbox: bool = False) -> Instances:
        """Instances as configured; sandbox plugins only where `sandbox` says so."""
        made: dict[str, Plugin] = {}
        problems: list[Problem] = []
        for name, setting in settings.items():
            found = list(self._faults(name, setting, sandbox))
            if not found:
                try:
                    made[name] = self.plugins[setting.plugin](setting.config)
                except Misconfigured as error:
                    found = [_problem("plugin.misconfigured", name, reason=str(error))]
            problems += found
        titles = {name: settings[name].title for name in made}
        return Instances(made, titles, tuple(problems))

    def _faults(self, name: str, setting: Setting, sandbox: bool) -> Iterator[Problem]:
        plugin = self.plugins.get(setting.plugin)
        if plugin is None:
            yield _problem("plugin.unknown", name, plugin=setting.plugin)
            return
        spec = plugin.spec()
        if spec.sandbox and not sandbox:
            yield _problem("plugin.only_sandbox", name, plugin=spec.id)
        for error in config_errors(spec.config, setting.config):
            yield _problem("plugin.misconfigured", name, reason=error)


def discover(
    folder: Path | None = None, entry_points: Iterable[Candidate] | None = None
) -> Registry:
    """Every plugin of the folder and of installed packages.

    A second plugin of the same id stays off: the first found keeps its name.
    """
    candidates = [*in_folder(folder or Path(__file__).parent)]
    candidates += installed() if entry_points is None else entry_points
    plugins: dict[str, type[Plugin]] = {}
    problems: list[Problem] = []
    for place, load in candidates:
        loaded = _load(place, load)
        if isinstance(loaded, Problem):
            problems.append(loaded)
        elif loaded.spec().id in plugins:
            problems.append(_problem("plugin.duplicate", place, plugin=loaded.spec().id))
        else:
            plugins[loaded.spec().id] = loaded
    return Registry(plugins, tuple(problems))


def in_folder(folder: Path) -> Iterator[Candidate]:
    """The plugins of a folder that is a package: one sub-folder `<kind>_<name>` each."""
    for path in sorted(folder.iterdir()):
        if FOLDER.match(path.name) and (path / "__init__.py").is_file():
            yield path.name, _importer(f"{folder.name}.{path.name}")


def installed() -> Iterator[Candidate]:
    """The plugins that installed packages offer."""
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        yield entry.name, entry.load


def config_errors(schema: Mapping[str, Any], config: Mapping[str, Any]) -> list[str]:
    """What is wrong with a configuration, without its values: one of them may be a secret."""
    validator = Draft202012Validator(schema, registry=NoRemoteReferences())
    return [
        f"{error.json_path}: {error.validator} {_expected(error.validator, error.validator_value)}"
        for error in validator.iter_errors(config)
    ]


def _expected(keyword: str, value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _importer(module: str) -> Callable[[], Any]:
    return lambda: importlib.import_module(module).PLUGIN


def _load(place: str, load: Callable[[], Any]) -> type[Plugin] | Problem:
    try:
        return _judged(place, load())
    except Exception as error:  # noqa: BLE001 - foreign code may fail in any way while it loads
        return _problem("plugin.broken", place, reason=f"{type(error).__name__}: {error}")


def _judged(place: str, plugin: Any) -> type[Plugin] | Problem:
    if not (isinstance(plugin, type) and issubclass(plugin, Plugin)):
        return _problem("plugin.broken", place, reason="PLUGIN is not a plugin class")
    missing = sorted(plugin.__abstractmethods__)
    if missing:
        return _problem("plugin.broken", place, reason=f"{', '.join(missing)} missing")
    spec = plugin.spec()
    if spec.contract != CONTRACT:
        return _problem("plugin.other_contract", place, contract=spec.contract, ours=CONTRACT)
    if plugin.kind != spec.kind:
        return _problem("plugin.broken", place, reason=f"not a {spec.kind}")
    Draft202012Validator.check_schema(spec.config)
    return plugin


def _problem(code: str, name: str, **params: Any) -> Problem:
    return Problem(code, f"/{name}", {"name": name, **params})
