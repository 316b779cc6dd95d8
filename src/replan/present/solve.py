"""`solve` for people: one plan per debt, month by month; or what is missing for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.compare import figure_rows, introduction
from replan.present.figures import amount, percent, whole
from replan.present.law import alerts, law
from replan.present.months import months_table
from replan.present.policies import title_of
from replan.present.routes import route_blocks
from replan.present.words import Words

Record = Mapping[str, Any]
FEW = 4
"""So many months are listed; of the others only the last."""
_HOUSEHOLD = ("first_payment", "typical_payment", "peak_payment", "months", "total_paid", "waived",
              "extra_cost", "npv_loss", "headroom")  # fmt: skip
_DEBT = (
    ("typical_payment", "typical_payment", amount),
    ("months", "months", whole),
    ("total_paid", "total_paid", amount),
    ("waived", "waived", amount),
    ("npv_loss", "npv_loss", lambda share: percent(share, decimals=2)),
)


def solve_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out a joint plan, given in its JSON form."""
    head = [
        *alerts(data["findings"], words),
        *route_blocks(data["routes"], words),
        Heading(words("solve.title", aim=words(f"objective.{data['objective']}")), level=1),
        Lines(tuple(introduction(data, words))),
    ]
    body = _plan(data, words) if data["plan"] else _missing(data, words)
    return [
        *head,
        *body,
        *_unfit(data["menus"], words),
        *law(data["findings"], words),
        Lines(tuple(_notes(data, words)), tone="quiet", indent=2),
    ]


def _plan(data: Record, words: Words) -> Iterator[Block]:
    yield Lines((words("solve.fits"), _proof(data, words)), tone="strong")
    yield Lines(
        tuple(
            words("compare.legend", mark=debt["id"], meaning=_meaning(debt, words))
            for debt in data["debts"]
        ),
        indent=3,
    )
    yield _debts(data["debts"], words)
    yield table(
        [words("solve.together"), ""], list(figure_rows([data], words, only=_HOUSEHOLD)), keys=1
    )
    yield Heading(words("compare.paths"))
    yield months_table(data["by_month"], words)
    yield Lines((words("solve.save"),), tone="quiet", indent=2)


def _meaning(debt: Record, words: Words) -> str:
    return words("plan.contract") if debt["plan"] == "contract" else str(debt["plan"])


def _proof(data: Record, words: Words) -> str:
    """Say how sure it is that nothing is better."""
    if data["proved"]:
        values = {"considered": whole(data["considered"]), "total": whole(data["candidates"])}
        return words("solve.proved", **values)
    if data["repeatable"]:
        return words("solve.unproved")
    return words("solve.late" if data["late"] else "solve.timed")


def _debts(debts: Sequence[Record], words: Words) -> Block:
    heads: list[Cell | str] = [words("check.debt")]
    heads += [number(words(f"figure.{name}")) for name, _, _ in _DEBT]
    rows: list[list[Cell | str]] = [
        [str(debt["id"]), *(number(form(debt["metrics"][path])) for _, path, form in _DEBT)]
        for debt in debts
    ]
    return table(heads, rows, keys=1)


def _missing(data: Record, words: Words) -> Iterator[Block]:
    """Say what would be enough: more a month, or more from one creditor alone."""
    missing = data["missing"]
    extra = words("solve.extra", extra=amount(missing["extra_surplus"]))
    yield Lines((words("solve.nothing_fits"), extra), tone="strong")
    if missing["fixed"]:
        yield Lines((words("solve.fixed", months=_months(missing["fixed"], words)),))
        kept = words("list.separator").join(data["kept"])
        yield Lines((words("solve.name_them", debts=kept, first=data["kept"][0]),))
        return
    if not missing["concessions"]:
        yield Lines((words("solve.nobody_alone"),))
        yield from _hoped(missing, words)
        return
    yield Heading(words("solve.or_one"))
    yield Lines(tuple(_concession(c, words) for c in missing["concessions"]), indent=3)
    yield from _hoped(missing, words)


def _hoped(missing: Record, words: Words) -> Iterator[Block]:
    """Say how to ask whether there is a plan once the expected income has come."""
    names = missing["expected_income"]
    if names:
        changes = " ".join(f'--set "budget.{name}.status=certain"' for name in names)
        yield Lines((words("solve.hoped"), changes))


def _concession(given: Record, words: Words) -> str:
    months = _months(given["months"], words)
    return words("solve.given", debt=given["id"], amount=amount(given["amount"]), months=months)


def _months(sums: Mapping[str, str], words: Words) -> str:
    """List the first few months with their sums."""
    listed = [words("month.part", span=m, paid=amount(s)) for m, s in list(sums.items())[:FEW]]
    if len(sums) > FEW:
        listed.append(words("month.more", end=list(sums)[-1]))
    return words("month.separator").join(listed)


def _unfit(menus: Sequence[Record], words: Words) -> Iterator[Block]:
    """Say which policies are used for debts that they are not meant for, or do not hold for yet."""
    told = [(menu, remark) for menu in menus for remark in menu["remarks"]]
    lines = [_remark(menu, remark, words) for menu, remark in told if remark["code"] != "not-meant"]
    others = [menu for menu, remark in told if remark["code"] == "not-meant"]
    for policy in dict.fromkeys(menu["policy"]["id"] for menu in others):
        names = [menu["id"] for menu in others if menu["policy"]["id"] == policy]
        debts = words("list.separator").join(names)
        lines.append(words("solve.not_meant", policy=policy, debts=debts))
    if lines:
        yield Lines(tuple(lines), tone="strong", indent=2)


def _remark(menu: Record, remark: Record, words: Words) -> str:
    values = {key: value for key, value in remark.items() if key != "code"}
    told = words(f"remark.{remark['code']}", **values)
    return words("compare.legend", mark=menu["id"], meaning=told)


def _notes(data: Record, words: Words) -> Iterator[str]:
    yield words(f"aim.{data['objective']}")
    for side in data["menus"]:
        yield words(
            "solve.side",
            debt=side["id"],
            policy=_policy(side, words),
            count=whole(side["candidates"]),
        )
    if data["plan"]:
        yield words("note.npv_loss")


def _policy(side: Record, words: Words) -> str:
    policy = side["policy"]
    status = words(f"policy.{policy['status']}")
    return words("solve.policy", title=title_of(policy, words), id=policy["id"], status=status)


def solve_records(data: Record) -> list[dict[str, object]]:
    """Flatten a joint plan for CSV: one record per debt; what is missing if nothing fits."""
    if not data["plan"]:
        return [
            {"debt": c["id"], "gives_up": c["amount"], "months": " ".join(c["months"])}
            for c in data["missing"]["concessions"]
        ]
    return [
        {"debt": debt["id"], "plan": debt["plan"]}
        | {path: debt["metrics"][path] for _, path, _ in _DEBT}
        for debt in data["debts"]
    ]
