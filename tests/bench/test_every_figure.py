"""Every figure can be measured, at its smallest: what it comes to is never asserted."""

from __future__ import annotations

import json
import math

import pytest

from bench import __main__ as program
from bench.figures import FIGURES
from bench.measure import SMALLEST, Aim, Line, Ratio


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_measured(name: str) -> None:
    lines = list(FIGURES[name](SMALLEST))
    assert lines
    for line in lines:
        assert line.figure == name
        assert line.case
        assert 0 <= line.ours < math.inf
        if line.ratio is not None:
            assert 0 < line.ratio.low <= line.ratio.median <= line.ratio.high < math.inf


def test_figures_come_as_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line("change", "one", 2.0, "us", "another", 4.0, Ratio(0.5, 0.4, 0.6), Aim("most", 1.0))
    monkeypatch.setitem(FIGURES, "change", lambda effort: iter([line]))
    assert program.main(["change", "--json", "--quick"]) == 0
    told = capsys.readouterr()
    [found] = json.loads(told.out)
    assert found["ratio"] == {"median": 0.5, "low": 0.4, "high": 0.6}
    assert found["met"] is True
    assert "one" in told.err


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["nothing"])
    assert "nothing" in capsys.readouterr().err
