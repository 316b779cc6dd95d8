"""Screening changes nothing: the same plans are chosen, and the same reasons given."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batch.portfolios import AS_OF
from replan.batch.accounts import read_accounts
from replan.batch.candidates import rolled_together
from replan.batch.choice import choose
from replan.batch.kinds import kinds_of
from replan.batch.offers import Job, job_of
from replan.io.policies import load_policy
from replan.model.policy import Policy

CARDS = Path(__file__).parents[2] / "examples" / "cards-policy.toml"
ALL = ("smallest-ask", "lowest-payment", "soonest", "cheapest")


def drawn(seed: int, rows: int, least: float = 4.0) -> pa.RecordBatch:
    """Draw accounts, many of them alike in what they owe."""
    random = np.random.default_rng(seed)
    principal = (10 ** random.uniform(least, 7.5, rows)).astype(np.int64)
    charges = random.integers(0, principal // 4 + 1) * random.integers(0, 2, rows)
    surplus = np.round(principal / 100 / random.uniform(3, 80, rows), 2)
    return pa.record_batch(
        {
            "account": [f"a{n}" for n in range(rows)],
            "principal": principal / 100,
            "interest": charges // 3 / 100,
            "penalty": charges // 2 * random.integers(0, 2, rows) / 100,
            "rate": random.integers(0, 3_600, rows) * random.integers(0, 2, rows) / 10_000,
            "surplus": pa.array(surplus, mask=random.random(rows) < 0.1),
            "day_count": random.choice(["30/360", "actual/365"], rows),
            "next_due": random.choice(["2026-12-10", "2026-12-21"], rows),
        }
    )


def settled(policy: Policy, *objectives: str, top: int = 3) -> Job:
    """Settle a run."""
    return job_of(policy, as_of=AS_OF, currency="CNY", top=top, objectives=objectives)


def chosen(batch: pa.RecordBatch, job: Job, *, screened: bool) -> tuple[list[Any], int]:
    """Give every account's plans with their figures, or why there is none; and how many rolled."""
    found = read_accounts(batch, date.fromisoformat(AS_OF), job.defaults)
    told, count = list[Any](), 0
    for kind in kinds_of(found, by_count=False, by_dates=False):
        for _, rolled in rolled_together(found, [(kind, kind.rows)], job, screened=screened):
            space, rows = rolled.space, rolled.rows
            surplus = (found.amounts["surplus"][rows], found.given["surplus"][rows])
            choice = choose(
                space, job.policy, surplus, objectives=job.objectives, top=job.top,
                ruled=rolled.ruled,
            )  # fmt: skip
            count += len(space)
            told += [(int(rows[at]), why) for at, why in enumerate(choice.why)]
            for owner, rank, i in zip(choice.owner, choice.rank, choice.index, strict=True):
                figures = (space.total[i], space.peak[i], space.npv_loss[i], space.months[i])
                plan = space.notation(int(i))
                told.append((int(rows[owner]), int(rank), plan, *map(int, figures)))
    return sorted(told, key=str), count


@given(st.integers(0, 10**6), st.sampled_from([*ALL, "all"]), st.integers(1, 4))
@settings(max_examples=12, deadline=None)
def test_the_same_plans_are_chosen(seed: int, objective: str, top: int) -> None:
    """Every plan, figure, rank and reason is that of rolling all ninety candidates."""
    objectives = ALL if objective == "all" else (objective,)
    job, batch = settled(load_policy(CARDS), *objectives, top=top), drawn(seed, 40)

    assert chosen(batch, job, screened=False)[0] == chosen(batch, job, screened=True)[0]


def test_debts_of_some_cents_are_rolled() -> None:
    """Where bounds say nothing, candidates are rolled like all others."""
    job, batch = settled(load_policy(CARDS), "smallest-ask"), drawn(3, 16, least=0.0)

    assert chosen(batch, job, screened=False)[0] == chosen(batch, job, screened=True)[0]


def waiting(seed: int, rows: int) -> pa.RecordBatch:
    """Draw accounts whose first period is so long that instalments do not cover its interest."""
    random = np.random.default_rng(seed)
    batch = drawn(seed, rows, least=6.0).to_pydict()
    days = [np.datetime64("2026-11-20") - int(n) for n in random.integers(0, 200, rows)]
    dues = [np.datetime64("2026-11-22") + int(n) for n in random.integers(0, 50, rows)]
    batch |= {"last_accrual": list(map(str, days)), "next_due": list(map(str, dues))}
    batch["frequency"] = random.choice(["week", "month"], rows)
    batch["rate"] = random.integers(100, 4_000, rows) / 10_000
    return pa.record_batch({name: pa.array(column) for name, column in batch.items()})


@given(st.integers(0, 10**6), st.sampled_from([*ALL, "all"]))
@settings(max_examples=12, deadline=None)
def test_interest_that_waits_changes_no_choice(seed: int, objective: str) -> None:
    """The same holds where the kernel looks for an instalment that its interest lets wait."""
    objectives = ALL if objective == "all" else (objective,)
    job, batch = settled(load_policy(CARDS), *objectives, top=2), waiting(seed, 24)

    assert chosen(batch, job, screened=False)[0] == chosen(batch, job, screened=True)[0]


def test_little_of_what_waits_is_rolled() -> None:
    """Of ninety candidates with a long first period, the bounds leave a handful, too."""
    job = settled(load_policy(CARDS), "smallest-ask")

    assert chosen(waiting(1, 100), job, screened=True)[1] < 100 * 20


def test_few_candidates_are_rolled() -> None:
    """Of ninety candidates an account, the bounds leave a handful."""
    job = settled(load_policy(CARDS), "smallest-ask")

    assert chosen(drawn(1, 100), job, screened=True)[1] < 100 * 20


@pytest.mark.parametrize(
    ("name", "unit", "bound"),
    [
        ("minimum_instalment", "amount", 'min = "200"'),
        ("waived_penalty", "share", 'max = "40%"'),
        ("recovered_share", "share", 'min = "96%"'),
    ],
)
def test_limits_rule_out_the_same(tmp_path: Path, name: str, unit: str, bound: str) -> None:
    """A limit on any figure is compared at both ends of its bounds."""
    limit = f"[limits.{name}]\nunit = '{unit}'\nreference = 'illustrative'\n"
    values = f"values = [{{ since = 2000-01-01, {bound} }}]\n"
    (tmp_path / "harder.toml").write_text(f"{CARDS.read_text('utf-8')}\n{limit}{values}", "utf-8")
    job = settled(load_policy(tmp_path / "harder.toml"), *ALL, top=2)
    batch = drawn(11, 40)

    assert chosen(batch, job, screened=False)[0] == chosen(batch, job, screened=True)[0]


@pytest.mark.parametrize("most", ["0%", "0.01%", "1%"])
def test_the_same_reasons_are_given(tmp_path: Path, most: str) -> None:
    """Where hardly any plan is within a limit, what decides the reason is rolled."""
    text = CARDS.read_text("utf-8").replace('max = "25%"', f'max = "{most}"')
    (tmp_path / "hard.toml").write_text(text, "utf-8")
    job = settled(load_policy(tmp_path / "hard.toml"), "smallest-ask")
    batch = drawn(5, 60)

    assert chosen(batch, job, screened=False)[0] == chosen(batch, job, screened=True)[0]


def test_rates_that_leave_nothing_are_rolled() -> None:
    """At a thousand per cent what is paid at the end is worth nothing: no bound says anything."""
    policy = load_policy(CARDS)
    (offer,) = policy.offers
    long = offer.steps[-1].model_copy(update={"params": {"instalments": [12, 600, 1100]}})
    longer = offer.model_copy(update={"steps": (*offer.steps[:-1], long)})
    job = settled(policy.model_copy(update={"offers": (longer,)}), "smallest-ask")
    batch = drawn(2, 6)
    rates = pa.array([0.0, 0.1, 9.9, 9.99, 5.0, 0.36])
    extreme = batch.set_column(batch.schema.get_field_index("rate"), "rate", rates)

    assert chosen(extreme, job, screened=False)[0] == chosen(extreme, job, screened=True)[0]


def test_contracts_whose_price_is_a_fee_are_screened_alike() -> None:
    """They bear no rate and are valued at their yield, so that the two must not be mixed up."""
    job, batch = settled(load_policy(CARDS), *ALL), drawn(8, 40)
    principal = batch.column("principal").to_numpy()
    flat = {
        "remaining_instalments": pa.array([12] * 40),
        "instalment_fee": pa.array([f"{0.006 * p:.2f}" for p in principal]),
        "original_principal": pa.array(principal),
        "rate": pa.array(np.zeros(40)),
    }
    columns = {name: batch.column(name) for name in batch.schema.names} | flat
    flats = pa.record_batch(columns)

    assert chosen(flats, job, screened=False)[0] == chosen(flats, job, screened=True)[0]
