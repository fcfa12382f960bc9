"""The outside world for development: real HTTP servers in processes of their own.

Two license offices (province and city) that overlap and sometimes disagree, an identity provider,
the systems that connectors talk to (tax, utilities, real estate, bank, registers), and a page with
everybody in it and a switch for every fault. All of it is made up and says so.

`run()` runs it; `started()` is the same as a context manager; `instances()` tells the platform.
"""

from plugins.sandbox.settings import PORTS, addresses, instances
from plugins.sandbox.supervisor import SandboxFailed, run, started

__all__ = ["PORTS", "SandboxFailed", "addresses", "instances", "run", "started"]
