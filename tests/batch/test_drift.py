"""A run whose figures moved far from the last one's is not published."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from batch.test_portfolio import Ended, rows, run, write
from batch.test_previous import ran
from replan.batch.drift import Tally, check_drift, figures_of
from replan.batch.stops import DriftError, parse_allowed
from replan.present.reword import reword
from replan.present.words import Words

SUMS = {"instalment": 100 * 10_000, "total_paid": 900, "residual": 0, "waived": 100, "npv_loss": 0}
BEFORE = Tally(10, 5, 1, SUMS)


def test_figures_are_shares_and_means() -> None:
    """Offers of rows, rejects of rows, what is waived of all, 100.00 among five accounts."""
    found = figures_of(BEFORE)

    assert [0.5, 0.1, 0.1] == [
        float(found[k] or 0) for k in ("offer_rate", "reject_rate", "relief")
    ]
    assert {"mean_instalment": 20, "npv_loss": 0}.items() <= found.items()


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Tally(10, 3, 1, SUMS), "with offers moved from 50.00 % to 30.00 %"),
        (Tally(10, 5, 3, SUMS), "rejected rows moved from 10.00 % to 30.00 %"),
        (Tally(10, 5, 1, SUMS | {"waived": 400}), "accrues moved from 10.00 % to 30.77 %"),
        (Tally(10, 5, 1, SUMS | {"instalment": 1_120_000}), "moved from 20.00 to 22.40"),
        (Tally(10, 5, 1, SUMS | {"npv_loss": 1}), "present value moved from 0.00 to 0.00"),
    ],
)
def test_a_figure_that_moved_is_named_with_both_values(now: Tally, said: str) -> None:
    """Shares move by percentage points, amounts by a share of themselves."""
    allowed = parse_allowed("10%", "--max-drift")

    assert allowed is not None
    with pytest.raises(DriftError, match=said):
        check_drift(BEFORE, now, allowed)


def test_what_moved_as_far_as_allowed_passes() -> None:
    """Ten hundredths are not more than ten hundredths, exactly."""
    allowed = parse_allowed("10%", "--max-drift")

    assert allowed is not None
    check_drift(BEFORE, Tally(10, 6, 2, SUMS | {"instalment": 1_320_000}), allowed)


def again(folder: Path, *more: str) -> Ended:
    """Run twice, the second time with half the surplus."""
    ran(folder, rows(40), "old.csv", "--valid", "0")
    poorer = [row | {"surplus": f"{int(row['surplus']) // 2}"} for row in rows(40)]
    args = ["--previous", str(folder / "old.csv"), "--as-of", "2026-11-22", *more]
    return ran(folder, poorer, "new.csv", *args)


def test_a_run_that_drifted_publishes_nothing(tmp_path: Path) -> None:
    """The exit code is its own."""
    ended = again(tmp_path, "--max-drift", "10%")

    assert 5 == ended.exit_code
    assert "The share of accounts with offers moved from" in ended.stderr
    assert not (tmp_path / "new.csv").exists()


def test_a_drift_is_told_in_chinese() -> None:
    """Every figure that moved, and what to do."""
    text = (
        "The share of accounts with offers moved from 50.00 % to 30.00 %. The mean instalment "
        "moved from 1,020.00 to 22.40. That is more than 10% allows. Nothing was published. "
        "Look for the cause; --max-drift takes a larger share."
    )

    assert not re.search("[a-z]{3}", (reword(text, Words("zh")) or text).replace("max-drift", ""))


def test_without_a_limit_the_drift_is_told(tmp_path: Path) -> None:
    """The manifest and the summary have both values."""
    ended = again(tmp_path)
    drift = json.loads((tmp_path / "new.csv.manifest.json").read_text("utf-8"))["drift"]

    assert drift["offer_rate"]["before"] > drift["offer_rate"]["now"] > 0
    assert "Share of accounts with offers: " in ended.stderr


@pytest.mark.parametrize("options", [["--max-drift", "10%"], ["--worsening", "x"]])
def test_comparing_needs_an_earlier_run(tmp_path: Path, options: list[str]) -> None:
    """An option that would do nothing is a mistake."""
    ended = run(*write(tmp_path, rows(2)), "-o", str(tmp_path / "o.csv"), *options)

    assert 2 == ended.exit_code
    assert "--previous FILE" in ended.stderr
