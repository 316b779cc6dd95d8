"""A surplus that changes over time is the same in a table as in a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

import replan
from batch.portfolios import AS_OF, as_case, draw, table
from batch.test_offers import CHINA, OBJECTIVES, PLAIN, alone, offers, policy
from batch.test_portfolio import run, told, write
from replan.batch.surplus import by_month
from replan.model.budget import surplus_path
from replan.model.case import Case

PATH = "900; 2027-03: 150; 2027-09-15: 2200.50"


def days_of(entries: list[tuple[str, str]]) -> Any:
    """Give entries as a batch holds them: ordinals and cents."""
    return tuple(
        (date.fromisoformat(day).toordinal() if day else 0, int(amount) * 100)
        for day, amount in entries
    )


@pytest.mark.parametrize(
    "entries",
    [
        [("", "5")],
        [("", "5"), ("2026-11-01", "3"), ("2027-01-15", "9"), ("2027-01-20", "1")],
        [("2026-12-31", "7"), ("2027-02-01", "2")],
        [("2026-11-30", "7"), ("2027-06-02", "9"), ("2040-01-01", "2")],
    ],
)
def test_months_count_as_in_a_case(entries: list[tuple[str, str]]) -> None:
    """Each month has the lowest amount in force on any of its days."""
    debts = [{"id": "a", "principal": "100", "rate": "5%"}]
    listed = [{"amount": a} | ({"from": d} if d else {}) for d, a in entries]
    head = {"as_of": AS_OF, "currency": "CNY", "surplus": listed, "debts": debts}
    expected = [int(m.certain * 100) for m in surplus_path(Case.model_validate(head), 24)]

    assert expected == by_month(days_of(entries), date.fromisoformat(AS_OF), 24).tolist()


def with_paths(rows: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    """Give each account a path of its own."""
    random = Random(seed)  # noqa: S311  # made-up data
    told = []
    for row in rows:
        most = float(row["principal"]) / 10
        first, low, high = (random.randint(1, int(most) + 9) for _ in range(3))
        day = random.choice(["2026-12", "2027-03", "2027-03-10"])
        told.append(row | {"surplus": f"{first}; {day}: {low}; 2028-01: {high}.5"})
    return told


def test_offers_under_a_path_are_those_of_the_case() -> None:
    """Plan, figures and verdict are those of the search of one case with the same path."""
    chosen = policy("cn-small-loan-strict").model_copy(update={"lender_types": ()})
    rows = with_paths(draw(11, 12), 5)
    found = offers(rows, policy=chosen, top=1, objectives=OBJECTIVES, defaults=CHINA)
    columns = ("plan", "total_paid", "peak_payment", "instalment", "waived", "months", "verdict")
    told = {(o["account"], o["plan"]): tuple(str(o[c]) for c in columns) for o in found}

    for row in rows:
        for plan, *figures, _ in alone(row, chosen).values():
            assert (plan, *map(str, figures)) == told[row["account"], plan]


def test_columns_of_months_mean_the_path_in_one_text() -> None:
    """`surplus` is what holds first, `surplus.2027-03` from March on; empty changes nothing."""
    text = PLAIN | {"surplus": "200; 2027-03: 50; 2027-09: 2200.50"}
    spread = {"surplus": "200", "surplus.2027-03": "50", "surplus.2027-09": "2200.50"}
    flat = {"account": "c", "surplus": "200", "surplus.2027-03": ""}
    rows = [text, PLAIN | {"account": "b"} | spread, PLAIN | flat]
    found = [o["plan"] for o in offers(rows, top=1, objectives=("soonest",))]

    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize(
    "surplus", ["900; 2027-03: much", "900; 2027-13: 5", "9; 2027-03: 5; 2027-03: 6", "900; 5"]
)
def test_a_path_that_contradicts_is_rejected_in_the_words_of_a_case(surplus: str) -> None:
    """The message is the model's."""
    row = PLAIN | {"surplus": surplus}
    said = replan.load(as_case(row, currency="CNY")).issues[0]
    (found,) = offers([row])

    assert ("reject", said.code, "surplus") == (found["status"], found["reason"], found["field"])
    assert f"{said.message} {said.hint}" == found["message"]


@pytest.mark.parametrize(("first", "later"), [("900", "-5"), ("9; 2027-03: 5", "6")])
def test_the_column_of_a_month_is_named_if_it_is_at_fault(first: str, later: str) -> None:
    """An amount below zero, and a month that stands in the text already."""
    (found,) = offers([PLAIN | {"surplus": first, "surplus.2027-03": later}])

    assert ("reject", "surplus.2027-03") == (found["status"], found["field"])


def test_one_path_may_stand_for_all_rows() -> None:
    """What is given beside the table is read like a cell."""
    row = {k: v for k, v in PLAIN.items() if k != "surplus"}
    (given,) = offers([row], top=1, defaults={"surplus": PATH})
    (told,) = offers([PLAIN | {"surplus": PATH}], top=1)

    assert (told["plan"], told["verdict"]) == (given["plan"], given["verdict"])


def test_a_given_plan_above_the_path_is_short() -> None:
    """A plan given to all is judged in the months that a path leaves less."""
    rows = [PLAIN | {"surplus": s} for s in ("900", "900; 2027-03: 50", "100")]
    found = replan.offers(
        table([r | {"account": f"a{n}"} for n, r in enumerate(rows)]),
        policy("general"), as_of=AS_OF, currency="CNY", plan="split 6",
    ).to_pylist()  # fmt: skip

    assert ["fits", "short", "short"] == [o["verdict"] for o in found]


def test_columns_of_months_are_read_from_a_file(tmp_path: Path) -> None:
    """A table's own columns of months are read; other columns are not."""
    account = {"principal": "1200", "rate": "18%", "surplus": "120", "surplus.note": "x"}
    rows = [
        account | {"account": name, "surplus.2027-03": later}
        for name, later in (("a", ""), ("b", "300"), ("c", "60"))
    ]
    best = ("--offers", "1", "--objective", "soonest")
    run(*write(tmp_path, rows), *best, "-o", str(tmp_path / "o.csv"))

    assert ["split 12", "split 12", "split 24"] == [row["plan"] for row in told(tmp_path / "o.csv")]
