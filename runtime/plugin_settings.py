"""Which plugins an installation uses, and how they are configured.

`plugins.json` in the data folder (or the file that YIBIAO_PLUGINS names) holds an object by name:
{"province": {"plugin": "license_http", "title": {"zh-CN": "…"}, "config": {…}}}. It is read by
the owner of the process only and may hold secrets. Beside it, the sandbox brings its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from plugins import sandbox
from plugins.registry import Setting
from runtime.settings import Settings

FILE = "plugins.json"
CALLBACKS = "/callbacks"
"""Below this path each connector calls back, by its name."""


def plugin_settings(
    settings: Settings, environ: Mapping[str, str] = os.environ
) -> dict[str, Setting]:
    """The configured plugins by name; those of the sandbox too where it is played.

    Raises:
        ValueError: the file can't be read as described; the message names it.
    """
    path = Path(environ.get("YIBIAO_PLUGINS", settings.data / FILE))
    own = _read(path) if path.exists() else {}
    if not settings.sandbox:
        return own
    callbacks, folder = f"{settings.public_url}{CALLBACKS}", settings.data / "sandbox"
    return {**sandbox.instances(callbacks=callbacks, folder=folder), **own}


def _read(path: Path) -> dict[str, Setting]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Setting(one["plugin"], one["title"], one.get("config", {}))
            for name, one in found.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: each plugin needs `plugin`, `title` and `config`") from error
