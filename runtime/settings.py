"""What differs between installations, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REDIS = ("redis://", "rediss://", "unix://")
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation: where its data is, how it is reached, and whether it plays sandbox.

    `proxies` stand in front and say for whom they ask; a browser can say anything.

    `database_url` is `sqlite:///path` or `postgresql://…`. `redis_url` is where the worker's queue
    is; empty: in `data`, which holds the embedded database, uploaded files and, in development,
    keys.
    """

    data: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    base_url: str = ""
    sandbox: bool = True
    proxies: int = 0
    redis_url: str = ""

    @property
    def public_url(self) -> str:
        """Where a browser reaches the product, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process; an empty variable counts as none.

    Raises:
        ValueError: a variable has a value that can't be used; the message names it.
    """
    given = {name: value for name, value in environ.items() if value}
    data = Path(given.get("YIBIAO_DATA", ROOT / "var")).resolve()
    return Settings(
        data=data,
        database_url=given.get("DATABASE_URL", f"sqlite:///{data / 'yibiao.db'}"),
        host=given.get("YIBIAO_HOST", "127.0.0.1"),
        port=_number(given, "YIBIAO_PORT", 8000, range(1, 65_536)),
        workers=_number(given, "YIBIAO_WORKERS", 2, range(1, 257)),
        base_url=_address(given, "YIBIAO_URL", WEB),
        sandbox=_number(given, "YIBIAO_SANDBOX", 1, range(2)) == 1,
        proxies=_number(given, "YIBIAO_PROXIES", 0, range(17)),
        redis_url=_address(given, "REDIS_URL", REDIS),
    )


def _address(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    url = given.get(name, "")
    if url and not url.startswith(schemes):
        raise ValueError(f"{name} must begin with one of {', '.join(schemes)}")
    return url


def _number(given: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    text = given.get(name, str(default))
    if not text.isdecimal() or int(text) not in allowed:
        wanted = f"a whole number from {allowed[0]} to {allowed[-1]}"
        raise ValueError(f"{name} must be {wanted}, not {text!r}")
    return int(text)
