"""Where the sandbox listens, and how the platform is told of it."""

from __future__ import annotations

from collections.abc import Mapping

from plugins.registry import Setting
from plugins.sandbox.seeds import DATA, OFFICES

HOST = "127.0.0.1"
PORTS: Mapping[str, int] = {"control": 8100, "province": 8101, "city": 8102, "identity": 8103}
CLIENT = "yibiao-sandbox"

Addresses = Mapping[str, str]
"""The base address of each server, by name."""


def addresses(ports: Mapping[str, int] = PORTS) -> Addresses:
    """The addresses that the servers have on these ports."""
    return {name: f"http://{HOST}:{port}" for name, port in ports.items()}


def shared_key(server: str) -> str:
    """The key that a server and the platform share: no secret, since it guards made-up data."""
    return f"sandbox-key-of-{server}"


def instances(found: Addresses | None = None) -> dict[str, Setting]:
    """The plugins' configuration that makes the platform use the sandbox.

    `province` and `city` are licence sources, `persona` and `oidc` are ways to sign in.
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
        "persona": Setting("identity_persona", persona, {"folder": str(DATA)}),
        "oidc": Setting(
            "identity_oidc",
            oidc,
            {
                "issuer": base["identity"],
                "client_id": CLIENT,
                "client_secret": shared_key("identity"),
            },
        ),
    }
