"""How segments fare, without a word about single people; and less surplus never means less help."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import replan
from batch.portfolios import draw_account
from batch.test_examples import EXAMPLES
from batch.test_offers import CHINA, OBJECTIVES, offers, policy
from batch.test_portfolio import rows, run, write
from replan.batch.fairness import HIDDEN, SMALLEST_CELL, segments_told, withheld

TABLES = st.lists(
    st.lists(st.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, 30, 400]), min_size=3, max_size=3),
    min_size=2, max_size=6,
)  # fmt: skip


def follows(hidden: Any, totals: Any) -> list[tuple[int, int]]:
    """List the cells that linear algebra finds from the totals of rows and columns."""
    places = list(zip(*np.nonzero(hidden), strict=True))
    rows_told = [r for r in range(hidden.shape[0]) if not totals[r]]
    lines = [[float(r == line) for r, _ in places] for line in rows_told]
    lines += [[float(c == line) for _, c in places] for line in range(hidden.shape[1])]
    known = np.linalg.matrix_rank(np.array(lines))
    return [
        place
        for place, alone in zip(places, np.eye(len(places)), strict=True)
        if np.linalg.matrix_rank(np.array([*lines, alone])) == known
    ]


@given(TABLES)
def test_no_withheld_count_follows_from_what_is_told(table: list[list[int]]) -> None:
    """Neither from totals nor by solving all equations at once, if anything is told at all."""
    counts = np.array(table)
    hidden, totals = withheld(counts)

    assert hidden[(counts > 0) & (counts < SMALLEST_CELL)].all()
    assert totals[(counts.sum(axis=1) > 0) & (counts.sum(axis=1) < SMALLEST_CELL)].all()
    assert hidden.all() or [] == follows(hidden, totals)


@given(TABLES)
def test_what_is_large_everywhere_is_told(table: list[list[int]]) -> None:
    """Nothing is withheld without a small count."""
    hidden, totals = withheld(np.array(table) * 10)

    assert not hidden.any()
    assert not totals.any()


def test_one_small_count_hides_another_in_its_row_and_column() -> None:
    """The 4 would follow from the south's 44 accounts, and from all that have no offers."""
    table = {"north": (50, 30), "south": (40, 4), "west": (70, 20)}
    cells: Counter[str] = Counter()
    for name, counts in table.items():
        for what, count in zip(("offer", "over-surplus"), counts, strict=True):
            cells[json.dumps(["r", name, what])] = count
    found = segments_told(cells)["r"]

    assert {"offer": HIDDEN, "over-surplus": HIDDEN} == found["south"]["outcomes"]
    assert {"offer": 70, "over-surplus": 20} == found["west"]["outcomes"]
    assert {"offer": HIDDEN, "over-surplus": HIDDEN} == found["north"]["outcomes"]
    assert [80, 44, 90] == [found[name]["accounts"] for name in ("north", "south", "west")]


def test_the_depth_of_relief_is_told_by_segment(tmp_path: Path) -> None:
    """The share waived of what is owed, and the instalment beside the contract's."""
    entries = [row | {"surplus": "400", "instalment": "300", "remaining_instalments": "9"}
               for row in rows(60)]  # fmt: skip
    run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--protect", "region")
    found = json.loads((tmp_path / "o.csv.manifest.json").read_text("utf-8"))["segments"]["region"]

    assert 1.0 == found["north"]["offer_rate"]
    assert 0 <= found["north"]["waived_share"] < 0.01
    assert 0.3 < found["south"]["instalment_share"] < 1.8


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--map", "region=product", "--protect", "region"], "is read to decide on offers"),
        (["--group", "region", "--protect", "region"], "shares budgets by it"),
        (["--map", "skip.toml", "--protect", "region"], "leaves rows out by it"),
        (["--segment", "account"], "more than 200 values: it is no segment"),
    ],
)
def test_a_protected_column_has_no_part_in_a_decision(
    tmp_path: Path, options: list[str], said: str
) -> None:
    """By whatever way it would come in."""
    (tmp_path / "skip.toml").write_text('[read.skip]\nregion = ["south"]\n', "utf-8")
    given_ = [str(tmp_path / o) if o == "skip.toml" else o for o in options]
    ended = run(*write(tmp_path, rows(201)), "-o", str(tmp_path / "o.csv"), *given_)

    assert 2 == ended.exit_code
    assert said in ended.stderr


def test_values_of_a_segment_are_no_markup_and_no_keys(tmp_path: Path) -> None:
    """Tabs, quotes and escapes in a cell name a segment, and break nothing."""
    entries = [row | {"region": 'a\t"b\x1b[31m'} for row in rows(12)]
    ended = run(*write(tmp_path, entries), "-o", str(tmp_path / "o.csv"), "--segment", "region")

    assert 0 == ended.exit_code
    assert "\x1b" not in ended.stderr
    assert "12 accounts" in ended.stderr


SMALL = policy("cn-small-loan-strict").model_copy(update={"lender_types": ()})


def figures(found: list[dict[str, Any]], account: str) -> dict[str, dict[str, Any]]:
    """Give the best offer of an account by each objective."""
    return {o["objective"]: o for o in found if o["account"] == account and o["status"] == "offer"}


@given(st.randoms(use_true_random=False), st.integers(0, 30_000), st.integers(0, 30_000))
@settings(max_examples=15)
def test_less_surplus_never_means_less_relief(random: Any, low: int, more: int) -> None:
    """What is affordable stays so with more; the lender gives up no less where there is less."""
    row = draw_account(random, 1)
    pair = [row | {"account": "less", "surplus": str(low)},
            row | {"account": "more", "surplus": str(low + more)}]  # fmt: skip
    for objective in OBJECTIVES:
        found = offers(pair, policy=SMALL, objectives=(objective,), top=1, defaults=CHINA)
        less, ample = (figures(found, name).get(objective) for name in ("less", "more"))
        if less is None:
            continue
        axes = {"smallest-ask": "npv_loss", "lowest-payment": "peak_payment",
                "soonest": "months", "cheapest": "total_paid"}  # fmt: skip

        assert ample is not None
        assert less["peak_payment"] <= low
        assert ample[axes[objective]] <= less[axes[objective]]


def test_the_least_ask_grows_as_the_surplus_falls() -> None:
    """Also where a limit of the policy is in the way, which is why it is by this objective."""
    random = Random(5)  # noqa: S311  # made-up data
    steps = (250, 200, 160, 130, 110, 100, 90)
    rows = [
        {"account": f"{n}-{at}", "principal": str(owed), "penalty": "300", "rate": "24%",
         "surplus": f"{owed * step / 3000:.2f}"}
        for n, owed in enumerate(random.sample(range(1_000, 60_000), 12))
        for at, step in enumerate(steps)
    ]  # fmt: skip
    cards = replan.load_policy(EXAMPLES / "cards-policy.toml")
    found = offers(rows, policy=cards, top=1, defaults=CHINA)
    asked = [[f for f in found if f["account"].startswith(f"{n}-")] for n in range(12)]

    for one in asked:
        losses = [row["npv_loss"] for row in one if row["status"] == "offer"]
        assert sorted(losses) == losses
        assert {"no-offer"} >= {row["status"] for row in one[len(losses) :]}


def test_whatever_is_offered_with_less_is_offered_with_more() -> None:
    """A menu that is told whole holds, at the higher surplus, every plan of the lower."""
    row = {"account": "a", "principal": "6000", "rate": "18%", "surplus": "320"}
    menus = [
        {
            offer["plan"]
            for offer in offers([row | {"surplus": s}], policy=SMALL, top=20, defaults=CHINA)
        }
        for s in ("2500", "7000")
    ]

    assert 0 < len(menus[0]) < len(menus[1])
    assert menus[0] <= menus[1]
