"""Where the sandbox listens, and how the platform is told of it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from definitions.model import Text
from plugins.registry import Setting
from plugins.sandbox.seeds import DATA, OFFICES

HOST = "127.0.0.1"
OUTSIDE: Mapping[str, tuple[str, Text]] = {
    "tax": ("connector_tax", {"zh-CN": "税务系统", "en": "Tax bureau"}),
    "water": ("connector_utility", {"zh-CN": "供水企业", "en": "Water company"}),
    "power": ("connector_utility", {"zh-CN": "供电企业", "en": "Power company"}),
    "gas": ("connector_utility", {"zh-CN": "燃气企业", "en": "Gas company"}),
    "network": ("connector_utility", {"zh-CN": "通信和广电企业", "en": "Network company"}),
    "real_estate": (
        "connector_real_estate",
        {"zh-CN": "不动产登记系统", "en": "Real estate register"},
    ),
    "bank": ("connector_bank", {"zh-CN": "统一支付和银行", "en": "Payments and bank"}),
    "registry": ("connector_registry", {"zh-CN": "企业登记系统", "en": "Register of enterprises"}),
    "insurance": ("connector_insurance", {"zh-CN": "社会保险系统", "en": "Social insurance"}),
    "customs": ("connector_customs", {"zh-CN": "海关系统", "en": "Customs"}),
    "credit": ("connector_credit", {"zh-CN": "公共信用平台", "en": "Public credit platform"}),
    "licenses": ("connector_licenses", {"zh-CN": "电子证照制发系统", "en": "Issue of e-licenses"}),
}
"""The connectors by the name that operations begin with: their plugin and their title."""
TITLES: Mapping[str, str] = {
    "control": "总览与故障 Overview and faults",
    **{name: f"{title}（沙盒）" for name, title in OFFICES.items()},
    "identity": "统一身份认证（沙盒） Identity provider",
    **{name: f"{text['zh-CN']}（沙盒） {text['en']}" for name, (_, text) in OUTSIDE.items()},
}
PORTS: Mapping[str, int] = {name: 8100 + number for number, name in enumerate(TITLES)}
CLIENT = "yibiao-sandbox"
NEW_ENTERPRISES = "new_enterprises.json"
"""In the folder of the books: the enterprises that were registered since the sandbox began."""

Addresses = Mapping[str, str]
"""The base address of each server, by name."""


def addresses(ports: Mapping[str, int] = PORTS) -> Addresses:
    """The addresses that the servers have on these ports."""
    return {name: f"http://{HOST}:{port}" for name, port in ports.items()}


def shared_key(server: str) -> str:
    """The key that a server and the platform share: no secret, since it guards made-up data."""
    return f"sandbox-key-of-{server}"


def callback_key(server: str) -> str:
    """The key that a server signs its callbacks with, as Standard Webhooks writes one."""
    digest = hashlib.sha256(shared_key(server).encode()).digest()
    return f"whsec_{base64.b64encode(digest).decode()}"


def instances(
    found: Addresses | None = None, callbacks: str = "", folder: Path | None = None
) -> dict[str, Setting]:
    """The plugins' configuration that makes the platform use the sandbox.

    `province` and `city` are licence sources, `persona` and `oidc` are ways to sign in, the rest
    are connectors. These call back at `<callbacks>/<name>`; where that is empty they don't.
    With the `folder` of the sandbox's books, personas may act for enterprises that are new there.
    """
    base = found or addresses()
    persona = {"zh-CN": "选择一个沙盒人物", "en": "Choose a sandbox persona"}
    oidc = {"zh-CN": "统一身份认证（沙盒）", "en": "Unified identity (sandbox)"}
    english = {"province": "Provincial e-license service", "city": "City e-license service"}
    return {
        **{
            name: Setting(
                "license_http",
                {"zh-CN": title, "en": english[name]},
                {"address": base[name], "client": CLIENT, "key": shared_key(name)},
            )
            for name, title in OFFICES.items()
        },
        "persona": Setting(
            "identity_persona",
            persona,
            {"folder": str(DATA), **({"more": str(folder / NEW_ENTERPRISES)} if folder else {})},
        ),
        "oidc": Setting(
            "identity_oidc",
            oidc,
            {
                "issuer": base["identity"],
                "client_id": CLIENT,
                "client_secret": shared_key("identity"),
            },
        ),
        **{
            name: Setting(plugin, title, _connector(name, base[name], callbacks))
            for name, (plugin, title) in OUTSIDE.items()
        },
    }


def _connector(name: str, address: str, callbacks: str) -> dict[str, Any]:
    config = {"address": address, "client": CLIENT, "key": shared_key(name)}
    if callbacks:
        config |= {"callback": f"{callbacks}/{name}", "callback_key": callback_key(name)}
    return config
