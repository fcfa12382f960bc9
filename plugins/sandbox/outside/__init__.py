"""The systems outside that connectors talk to: each a server with books of its own.

`SYSTEMS` names them. All speak the protocol of `plugins.signed_http.connector`; one process plays
them, which costs the memory of one.
"""

from collections.abc import Mapping

from plugins.sandbox.outside import (
    bank,
    credit,
    customs,
    insurance,
    licenses,
    real_estate,
    registry,
    tax,
    utility,
)
from plugins.sandbox.outside.system import System

SYSTEMS: Mapping[str, System] = {
    one.name: one
    for one in (
        tax.SYSTEM,
        *utility.SYSTEMS,
        real_estate.SYSTEM,
        bank.SYSTEM,
        registry.SYSTEM,
        insurance.SYSTEM,
        customs.SYSTEM,
        credit.SYSTEM,
        licenses.SYSTEM,
    )
}

__all__ = ["SYSTEMS", "System"]
