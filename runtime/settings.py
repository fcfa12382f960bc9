"""What differs between installations, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REDIS = ("redis://", "rediss://", "unix://")


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
    """The settings of this process.

    Raises:
        ValueError: a variable has a value that can't be read; the message names it.
    """
    data = Path(environ.get("YIBIAO_DATA", ROOT / "var")).resolve()
    return Settings(
        data=data,
        database_url=environ.get("DATABASE_URL", f"sqlite:///{data / 'yibiao.db'}"),
        host=environ.get("YIBIAO_HOST", "127.0.0.1"),
        port=_number(environ, "YIBIAO_PORT", 8000),
        workers=_number(environ, "YIBIAO_WORKERS", 2),
        base_url=environ.get("YIBIAO_URL", ""),
        sandbox=environ.get("YIBIAO_SANDBOX", "1") == "1",
        proxies=_number(environ, "YIBIAO_PROXIES", 0),
        redis_url=_redis_url(environ),
    )


def _redis_url(environ: Mapping[str, str]) -> str:
    url = environ.get("REDIS_URL", "")
    if url and not url.startswith(REDIS):
        raise ValueError(f"REDIS_URL must begin with one of {', '.join(REDIS)}")
    return url


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit():
        raise ValueError(f"{name} must be a whole number, not {text!r}")
    return int(text)
