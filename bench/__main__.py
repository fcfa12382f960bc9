"""`python -m bench [NAME …] [--json] [--quick]`: measures, says how it goes, prints the figures."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable

from bench.figures import FIGURES
from bench.measure import FULL, QUICK, Line


def main(arguments: list[str] | None = None) -> int:
    """Measure the figures that were named, or all. Returns 0: a missed aim is no error."""
    asked = _parser().parse_args(arguments)
    effort = QUICK if asked.quick else FULL
    found: list[Line] = []
    for name in asked.name or FIGURES:
        for line in FIGURES[name](effort):
            print(_row(line), file=sys.stderr if asked.json else sys.stdout, flush=True)
            found.append(line)
    if asked.json:
        print(json.dumps([line.as_json() for line in found], ensure_ascii=False, indent=1))
    else:
        print(_summary(found))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("name", nargs="*", choices=[[], *FIGURES], metavar="NAME", help=_names())
    parser.add_argument("--json", action="store_true", help="figures as JSON; progress to stderr")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    return parser


def _names() -> str:
    return f"one or more of {', '.join(FIGURES)}; all if none is given"


def _row(line: Line) -> str:
    columns = [f"{line.figure:9}", f"{line.case:42}", f"{line.ours:10,.1f} {line.unit:4}"]
    if line.ratio is not None:
        ratio = line.ratio
        columns.append(f"{ratio.median:8.2f}× ({ratio.low:.2f} to {ratio.high:.2f})")
        columns.append(f"of {line.base or 0:,.1f}, {line.against}")
    if line.aim is not None:
        columns.append(f"aim: at {line.aim.bound} {line.aim.value:g}")
        columns.append("met" if line.met else "MISSED")
    return "  ".join(columns)


def _summary(lines: Iterable[Line]) -> str:
    aimed = [line for line in lines if line.met is not None]
    missed = [f"{line.figure}: {line.case}" for line in aimed if not line.met]
    return "\n".join([f"{len(aimed) - len(missed)} of {len(aimed)} aims met", *missed])


if __name__ == "__main__":
    sys.exit(main())
