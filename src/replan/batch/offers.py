"""The seam: a record batch of accounts in, a record batch of their offers out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from replan.decide.candidates.grid import Offer, size_of
from replan.decide.candidates.limits import found_limits
from replan.decide.candidates.offers import menu_of
from replan.errors import PackError, UsageError
from replan.model.currency import EXPONENTS
from replan.model.issues import Refused
from replan.model.policy import Policy
from replan.model.text import quote
from replan.model.values import parse_date
from replan.strategies.notation import Step, parse_plan
from replan.strategies.values import Percent
from replan.strategies.waterfall import Waterfall

from .accounts import Accounts, missing_columns, read_accounts
from .borrowers import Borrower, borrowers_of, review_borrowers, spread_flags
from .candidates import Rolled, rolled_together
from .cells import Flags, Whole
from .choice import check_objectives, choose, owners, peaks
from .exclusions import exclude
from .ids import tell_apart
from .kinds import Kind, kinds_of
from .result import Told, tell_offers, to_arrow
from .share import JOINT, SHARES, share_surplus
from .surplus import over_path, verdicts
from .template import by_itself, names_no_day

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 16_384
"""Accounts worked on together: enough to spread the cost of a call, few enough to stay small."""
ROWS_APART, ROWS_ENDLESS = 2_048, 384
"""The same where accounts have dates of their own, a column each; and where these have no end."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run offers and to whom: the same for every batch of it, and for every process."""

    policy: Policy
    as_of: date
    top: int
    objectives: tuple[str, ...]
    defaults: Mapping[str, Any]
    given_plan: str = ""
    valid_days: int = 30
    carry: tuple[str, ...] = ()
    share_by: str = ""
    share: str = JOINT
    seed: bytes = field(default=b"", repr=False)

    @property
    def menu(self) -> tuple[Offer, ...]:
        """Give the menu, made once in each process: its strategies cannot be sent to another."""
        if self.seed not in _MENUS:
            plan = self.given_plan
            grouped = bool(self.share_by)
            menu = menu_of_plan(plan, grouped=grouped) if plan else menu_of(self.policy)
            _MENUS[self.seed] = menu
        return _MENUS[self.seed]

    @property
    def shares_out(self) -> bool:
        """Tell whether the plan given for all shares one amount over a borrower's accounts."""
        return bool(self.given_plan) and parse_plan(self.given_plan).household is not None

    @property
    def jointly(self) -> bool:
        """Tell whether one plan per account is chosen together."""
        return bool(self.share_by) and self.share == JOINT and not self.given_plan

    @property
    def candidates(self) -> int:
        """Count the candidates of an account."""
        return size_of(self.menu)


_MENUS: dict[bytes, tuple[Offer, ...]] = {}


def job_of(  # noqa: PLR0913  # each is one thing that a run is told
    policy: Policy,
    *,
    as_of: date | str,
    currency: str,
    top: int = 3,
    objectives: Sequence[str] = ("smallest-ask",),
    plan: str = "",
    valid_days: int = 30,
    defaults: Mapping[str, Any] | None = None,
    carry: Sequence[str] = (),
    share_by: str = "",
    share: str = JOINT,
) -> Job:
    """Settle what a run offers; raises UsageError or PackError for what cannot be offered."""
    day = _day_of(as_of)
    if not policy.in_force(day):
        raise UsageError(f"The policy {policy.id} is not in force on {day}. Give another date.")
    if not 1 <= top <= 20:
        raise UsageError("--offers is a number of offers per account from 1 to 20.")
    if valid_days < 0:
        raise UsageError("--valid is a number of days from 0 on.")
    if share not in SHARES:
        raise UsageError(f'"{share}" is no way to share. Use one of: {", ".join(SHARES)}.')
    if share != JOINT and not share_by:
        raise UsageError("--share says how a borrower's accounts share one surplus. Add --group.")
    usual = {"currency": _code_of(currency)} | dict(defaults or {})
    jointly = bool(share_by) and share == JOINT and not plan
    if jointly and find_spec("highspy") is None:
        raise UsageError(
            "A joint choice needs the HiGHS solver. Install it with: pip install 'replan[solve]', "
            "or give --share pro-rata."
        )
    job = Job(
        policy, day, 1 if plan else top, check_objectives(objectives, jointly=jointly), usual,
        plan, valid_days, tuple(carry), share_by, share,
    )  # fmt: skip
    settled = replace(job, seed=_seed(job))
    size_of(settled.menu)  # what cannot be offered is refused before any work
    _check_waterfalls(settled.menu)
    if settled.shares_out and share != JOINT:
        raise UsageError(f'"{plan}" says itself how the amount is shared. Leave out --share.')
    return settled


def _day_of(as_of: date | str) -> date:
    try:
        return parse_date(as_of)
    except Refused as refused:
        raise UsageError(f"--as-of: {refused}") from refused


def _code_of(currency: str) -> str:
    code = currency.strip().upper()
    if code not in EXPONENTS:
        raise UsageError(f"{quote(currency)} is not a currency. Write CNY, USD, EUR, GBP …")
    return code


def _check_waterfalls(menu: Sequence[Offer]) -> None:
    """Refuse a waterfall to a share of income, which no table has."""
    for step in (step for offer in menu for choice in offer for step in choice if step):
        if isinstance(step.params, Waterfall) and isinstance(step.params.to, Percent):
            raise PackError(f'"{step}" needs the income of a household. A batch cannot offer it.')


def menu_of_plan(text: str, *, grouped: bool = False) -> tuple[Offer, ...]:
    """Offer one plan to every account; *grouped*: one that shares an amount over them may be, too.

    Raises UsageError for a plan that names debts, a baseline, or needs what no table has.
    """
    plan = parse_plan(text)
    steps = plan.steps_for("account", usual=True)
    if plan.household is not None and not grouped:
        hint = "Say by --group which accounts share one budget."
        raise UsageError(f'"{text}" shares one amount over several debts. {hint}')
    if plan.ids or not steps or any(s.strategy.name in _ALONE for s in steps):
        raise UsageError(f'"{text}" cannot be offered to every account. Write steps for one debt.')
    alternatives: tuple[tuple[Step, ...], ...] = tuple((step,) for step in steps)
    return (alternatives,)


_ALONE = ("contract", "unpaid")


def _seed(job: Job) -> bytes:
    """Digest what a run was given, but for the accounts."""
    facts = {
        "as_of": job.as_of.isoformat(),
        "policy": job.policy.model_dump(mode="json"),
        "objectives": job.objectives,
        "top": job.top,
        "plan": job.given_plan,
        "defaults": {k: str(v) for k, v in job.defaults.items()},
        "valid_days": job.valid_days,
        "version": version("replan"),
    } | ({"share": job.share} if job.share_by else {})
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).digest()


def offers(  # noqa: PLR0913  # each is one thing that a table cannot say
    batch: pa.RecordBatch,
    policy: Policy,
    *,
    as_of: date | str,
    currency: str,
    top: int = 3,
    objectives: Sequence[str] = ("smallest-ask",),
    plan: str = "",
    valid_days: int = 30,
    defaults: Mapping[str, Any] | None = None,
    group: str = "",
    share: str = JOINT,
) -> pa.RecordBatch:
    """Give the best offers of a policy for every account of a record batch, exactly.

    A row is an account with the columns of docs/batch.md, named like the keys of a debt, with
    `account` and the monthly `surplus`; what is the same in all rows may stand in *defaults*.
    Every candidate that the policy's menu has is evaluated as it would be for a single case; those
    outside its limits or above the surplus in some month are left out, and by each objective
    (`smallest-ask`, `lowest-payment`, `soonest`, `cheapest`) the best *top* are given. With *plan*
    that plan is given to all, with the limits that it is outside of among its findings.

    Every row of the input has offers, or one row with status `no-offer`, `review`, `suppressed` or
    `reject` and a reason. Without a surplus payments are not assessed. Raises UsageError for a
    missing column or an unknown objective, PackError for a policy that cannot be followed.

    *group* is the column that names the borrower, all of whose rows are in the batch: then `joint`
    chooses one plan per account so that together they fit the borrower's surplus in every month, as
    `solve` does and by its objectives; `pro-rata` shares the surplus by what is owed.
    """
    job = job_of(
        policy, as_of=as_of, currency=currency, top=top, objectives=objectives, plan=plan,
        valid_days=valid_days, defaults=defaults, share_by=group, share=share,
    )  # fmt: skip
    return offers_of(batch, job).drop_columns(["row"])


def offers_of(batch: Any, job: Job) -> Any:
    """Give the offers of a settled job for a record batch; `row` is the account's place in it."""
    return offers_and_accounts(batch, job)[0]


def offers_and_accounts(batch: Any, job: Job) -> tuple[Any, Accounts]:
    """Give the offers of a settled job for a record batch, and the accounts as they were read."""
    if job.share_by and job.share_by not in batch.schema.names:
        raise UsageError(f"The table has no column {quote(job.share_by)}. Check --group.")
    missing = missing_columns(batch.schema.names, job.defaults)
    if missing:
        raise UsageError(
            f"No column of the table means {missing[0]}. Name it: --map theirs={missing[0]}, "
            "or give it in a mapping file under [constants]."
        )
    found, told = read_accounts(batch, job.as_of, job.defaults), Told()
    plain = by_itself(job.menu)
    kinds = kinds_of(found, by_count=not plain, by_dates=not names_no_day(job.menu))
    borrowers = borrowers_of(found, job.share_by) if job.share_by else []
    spread_flags(found, borrowers)
    kept = exclude(found, job.policy, told)
    if job.share_by:
        tell_apart(found, [b.rows for b in borrowers])
        kept &= ~_share(found, kinds, kept, borrowers, job, told)
    for some in _batches(kinds, kept):
        for kind, rolled in rolled_together(found, some, job):
            _tell_rolled(told, found, kind, rolled, job)
    _tell_rejects(told, found)
    out = to_arrow(
        told, found, seed=job.seed, valid_until=job.as_of + timedelta(days=job.valid_days),
        carried=[name for name in job.carry if name in found.table],
    )  # fmt: skip
    return out, found


def _batches(kinds: Sequence[Kind], kept: Flags) -> Iterator[list[tuple[Kind, Whole]]]:
    """Gather accounts of several kinds that are evaluated together, up to so many at once."""
    some, filled = list[tuple[Kind, Whole]](), 0.0
    for kind in kinds:
        rows = kind.rows[kept[kind.rows]]
        size = ROWS if not kind.dated else ROWS_ENDLESS if kind.endless else ROWS_APART
        for at in range(0, rows.size, size):
            here = rows[at : at + size]
            some.append((kind, here))
            filled += here.size / size
            if filled >= 1:
                yield some
                some, filled = [], 0.0
    if some:
        yield some


def _tell_rolled(told: Told, found: Accounts, kind: Kind, rolled: Rolled, job: Job) -> None:
    rows, space = rolled.rows, rolled.space
    amount, known = found.amounts["surplus"][rows], found.given["surplus"][rows]
    given = bool(job.given_plan)
    surplus = (amount, known & (not given))
    over = None if given else over_path(found, rows, space, owners(space.parts))
    choice = choose(
        space, job.policy, surplus, objectives=job.objectives, top=job.top, limited=not given,
        over=over, ruled=rolled.ruled,
    )  # fmt: skip
    peak = peaks(space)[choice.index]
    verdict = verdicts(found, rows, space, (choice.index, choice.owner), peak)
    findings = found_limits(space, job.policy) if job.given_plan else ()
    tell_offers(
        told, kind.case, space, choice, rows,
        objectives=job.objectives, verdict=verdict, peak=space.peak[choice.index],
        findings=findings,
    )  # fmt: skip


def _tell_rejects(told: Told, found: Accounts) -> None:
    rejects = found.rejects
    told.add(
        len(rejects),
        row=np.array([r.row for r in rejects], dtype=np.int64),
        status="reject",
        reason=np.array([r.code for r in rejects], dtype=object),
        field=np.array([r.field for r in rejects], dtype=object),
        message=np.array([r.message for r in rejects], dtype=object),
    )


def _share(  # noqa: PLR0913, PLR0917  # accounts, whose they are, and what is told
    found: Accounts,
    kinds: Sequence[Kind],
    kept: Flags,
    borrowers: list[Borrower],
    job: Job,
    told: Told,
) -> Flags:
    """Share each borrower's budget over the accounts; mark those that need no more choosing."""
    left = review_borrowers(found, borrowers, kept, told)
    settled = kept & ~left
    if job.jointly:
        from .joint import settle_jointly  # noqa: PLC0415 - few runs group accounts

        settled |= settle_jointly(found, kinds, left, borrowers, job, told)
    elif job.share == JOINT:
        from .given import settle_given  # noqa: PLC0415 - as above

        settled |= settle_given(found, kinds, left, borrowers, job, told)
    others = (b for b in borrowers if not settled[[*b.rows]].any())
    share_surplus(found, others, left & ~settled)
    return settled
