"""The casebook for people: where agreements stand, what was paid, what is due, what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, Tone, number, table
from replan.present.figures import NONE, amount, is_zero
from replan.present.words import Words

Record = Mapping[str, Any]
_PARTS = ("fees", "interest", "penalty", "principal")
_TONES: dict[str, Tone] = {
    **dict.fromkeys(("behind", "missed", "part", "broken"), "bad"),
    **dict.fromkeys(("completed", "kept"), "good"),
    "replaced": "quiet",
}


def status_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out where agreements stand: a line for each, or each in full if it is told in full."""
    found = data["agreements"]
    if any("rows" in one for one in found):
        return [block for one in found for block in _full(one, data["as_of"], words)]
    blocks: list[Block] = [Heading(words("track.title", date=data["as_of"]), level=1)]
    if not found:
        return [*blocks, Lines((words("track.empty"),))]
    return [*blocks, _overview(found, words), Lines((words("track.one"),), tone="quiet")]


def _overview(found: Sequence[Record], words: Words) -> Block:
    heads: list[Cell | str] = [number("#"), words("track.client"), words("check.debt")]
    heads += [number(words(f"track.{name}")) for name in ("remaining", "overdue")]
    heads += [words("track.next"), number(words("track.amount")), words("track.state")]
    rows = []
    for one in found:
        coming = one["next_due"] or {"date": NONE, "amount": ""}
        late: Tone = "plain" if is_zero(one["overdue"]) else "bad"
        rows.append(
            [
                number(str(one["id"])),
                one["client"],
                one["debt"],
                number(_remaining(one)),
                number(_or_none(one["overdue"]), late),
                coming["date"],
                number(amount(coming["amount"])),
                _toned(one["state"], words.term("agreement", one["state"])),
            ]
        )
    return table(heads, rows, keys=3)


def _remaining(one: Record) -> str:
    """Give what an agreement still asks for: one that was replaced asks for nothing."""
    return NONE if one["state"] == "replaced" else f"{amount(one['remaining'])} {one['currency']}"


def _or_none(figure: str) -> str:
    return NONE if is_zero(figure) else amount(figure)


def _toned(state: str, word: str) -> Cell:
    return Cell(word, _TONES.get(state, "plain"))


def _full(one: Record, today: str, words: Words) -> Iterator[Block]:
    yield Heading(_title(one, words), level=1)
    yield Lines(tuple(_about(one, today, words)))
    yield from _unconfirmed(one, words)
    yield _rows(one["rows"], words)
    if one["payments"]:
        yield Heading(words("track.payments"), level=3)
        yield payments_table(one["payments"], words)
        yield Lines((_order(one, words),), tone="quiet")
    told = [_condition(condition, words) for condition in one["conditions"]]
    if told:
        yield Heading(words("track.conditions"), level=3)
        yield Lines(tuple(told), indent=2)
    yield Lines(tuple(_sums(one, words)), tone="strong", indent=2)
    if one["payoff"] and one["state"] != "replaced":
        yield Lines(tuple(_payoff(one["payoff"], words)), indent=2)


def _title(one: Record, words: Words) -> str:
    name = " · ".join(str(one[key]) for key in ("client", "debt", "creditor") if one.get(key))
    return words("track.agreement", id=one["id"], name=name)


def _about(one: Record, today: str, words: Words) -> Iterator[str]:
    yield words("track.plan", plan=one["plan"])
    how, by = words.term("confirmed", one["confirmed"]), one["agreed_with"]
    said = "track.agreed" if by else "track.agreed_alone"
    yield words(said, date=one["agreed_on"], by=by, how=how)
    if one["grace_days"]:
        yield words("track.grace", count=one["grace_days"])
    if one["document"]:
        yield words("track.document", name=one["document"], digest=one["sha256"][:16])
    yield words("track.amounts", date=today, currency=one["currency"])


def _unconfirmed(one: Record, words: Words) -> Iterator[Block]:
    if one["confirmed"] == "none" and one["state"] not in ("completed", "replaced"):
        yield Lines((words("track.unconfirmed"),), tone="bad")


def _rows(rows: Sequence[Record], words: Words) -> Block:
    heads: list[Cell | str] = [number("#"), words("column.due"), number(words("track.to_pay"))]
    heads += [number(words("track.paid")), number(words("track.missing"))]
    heads += [words("track.paid_on"), words("track.state")]
    body = [
        [
            number(str(row["n"])),
            row["due"],
            number(amount(row["payment"])),
            number(_or_none(row["paid"])),
            number(NONE if row["state"] == "open" else _or_none(row["missing"])),
            row["paid_on"] or NONE,
            _toned(row["state"], words.term("instalment", row["state"])),
        ]
        for row in rows
    ]
    return table(heads, body, keys=2)


def payments_table(payments: Sequence[Record], words: Words) -> Block:
    """Return payments with the parts that they covered; a part that none covered is left out."""
    parts = [p for p in _PARTS if any(not is_zero(one["parts"][p]) for one in payments)]
    heads: list[Cell | str] = [number(words("track.number")), words("track.paid_on")]
    heads += [number(words("track.amount")), words("track.towards")]
    heads += [number(words(f"column.{part}")) for part in parts]
    rows = [
        [
            number(str(one["id"])),
            one["date"],
            number(amount(one["amount"])),
            _towards(one["instalments"]),
            *(number(_or_none(one["parts"][part])) for part in parts),
        ]
        for one in payments
    ]
    return table(heads, rows, keys=2)


def _towards(instalments: Sequence[int]) -> str:
    if not instalments:
        return NONE
    first, last = instalments[0], instalments[-1]
    return str(first) if first == last else f"{first}–{last}"


def _order(one: Record, words: Words) -> str:
    order = " → ".join(words.term("component", part) for part in one["allocation"])
    return words("track.order", order=order)


def _condition(condition: Record, words: Words) -> str:
    what = "track.on_time" if condition["after"] else "track.on_completion"
    values = {"amount": amount(condition["amount"]), "count": condition["after"]}
    told = words(what, **values)
    state = words.term("condition", condition["state"])
    if condition["since"]:
        return words("track.condition_since", condition=told, state=state, date=condition["since"])
    return words("track.condition", condition=told, state=state)


def _sums(one: Record, words: Words) -> Iterator[str]:
    state = words.term("agreement", one["state"])
    values = {name: amount(one[name]) for name in ("paid", "total", "remaining")}
    if one["state"] == "replaced":
        yield words("track.sums_replaced", state=state, date=one["ended_on"], **values)
    else:
        yield words("track.sums", state=state, **values)
    if not is_zero(one.get("revived", "0")):
        both = Decimal(one["remaining"]) + Decimal(one["revived"])
        yield words("track.revived", amount=amount(one["revived"]), total=amount(str(both)))
    if one["overdue_since"]:
        late = amount(one["overdue"])
        yield words("track.late", amount=late, date=one["overdue_since"])
    if one["next_due"]:
        coming = one["next_due"]
        yield words("track.coming", amount=amount(coming["amount"]), date=coming["date"])
    if not is_zero(one["beyond"]):
        yield words("track.beyond", amount=amount(one["beyond"]))


def _payoff(payoff: Record, words: Words) -> Iterator[str]:
    values = {name: amount(payoff[name]) for name in ("amount", "saves")}
    if Decimal(payoff["saves"]) > 0:
        yield words("track.payoff", date=payoff["date"], **values)
        if not is_zero(payoff["waived"]):
            yield words("track.payoff_waived", amount=amount(payoff["waived"]))
    else:
        yield words("track.payoff_same", date=payoff["date"], amount=values["amount"])


def status_records(data: Record) -> list[dict[str, object]]:
    """Flatten for CSV: one record for each agreement, or for each instalment if told in full."""
    names = ("id", "client", "debt", "creditor", "currency")
    records: list[dict[str, object]] = []
    for one in data["agreements"]:
        head = {name: one[name] for name in names}
        if "rows" in one:
            records += [{**head, **row, "paid_on": row["paid_on"] or ""} for row in one["rows"]]
        else:
            coming = one["next_due"] or {"date": "", "amount": ""}
            sums = {n: one[n] for n in ("state", "total", "paid", "remaining", "overdue")}
            ahead = {"next_due": coming["date"], "next_amount": coming["amount"]}
            records.append({**head, **sums, **ahead})
    return records


def agreed_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out what has just been recorded: number, payments, what is asked, conditions."""
    blocks: list[Block] = []
    for one in data["agreements"]:
        blocks.append(Heading(words("track.recorded", id=one["id"]), level=1))
        coming = one["next_due"] or one["rows"][0] | {"date": one["rows"][0]["due"]}
        facts = {"count": len(one["rows"]), "total": amount(one["total"])}
        facts |= {"date": coming["date"], "currency": one["currency"]}
        named = " · ".join(str(one[key]) for key in ("client", "debt", "creditor") if one.get(key))
        lines = [named, words("track.plan", plan=one["plan"]), words("track.ahead", **facts)]
        blocks.append(Lines(tuple(lines)))
        blocks.extend(_unconfirmed(one, words))
        told = tuple(_condition(condition, words) for condition in one["conditions"])
        if told:
            blocks.append(Lines(told, indent=2))
    return blocks


def due_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out what is overdue and what falls due."""
    title = Heading(words("track.due_title", date=data["as_of"], until=data["until"]), level=1)
    if not data["due"]:
        return [title, Lines((words("track.none_due"),))]
    heads: list[Cell | str] = [words("column.due"), words("track.client"), words("check.creditor")]
    heads += [number(words("track.amount")), words("track.state"), number("#")]
    rows = [
        [
            one["due"] if one["count"] == 1 else words("track.since", date=one["due"]),
            one["client"],
            one["creditor"] or one["debt"],
            number(f"{amount(one['amount'])} {one['currency']}"),
            _toned(one["state"], words.term("instalment", one["state"])),
            number(str(one["id"])),
        ]
        for one in data["due"]
    ]
    return [title, table(heads, rows, keys=2)]


def due_records(data: Record) -> list[dict[str, object]]:
    """Flatten what is due for CSV."""
    return [dict(one) for one in data["due"]]


def paid_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out payments just recorded, and of a statement what was known or matched nothing."""
    blocks: list[Block] = []
    for one in data["agreements"]:
        blocks.append(Heading(_title(one, words), level=2))
        if one["recorded"]:
            blocks.append(payments_table(one["recorded"], words))
            blocks.append(Lines((_order(one, words),), tone="quiet"))
        blocks.append(Lines(tuple(_sums(one, words)), indent=2))
    if "statement" in data:
        blocks.extend(_statement(data["statement"], words))
    elif "removed" in data:
        blocks.insert(0, Lines((words("track.removed"),)))
    elif not any(one["recorded"] for one in data["agreements"]):
        blocks.insert(0, Lines((words("track.known_payment"),), tone="bad"))
    return blocks


def _statement(statement: Record, words: Words) -> Iterator[Block]:
    counts = {name: statement[name] for name in ("new", "known", "incoming")}
    yield Lines((words("track.statement", **counts),))
    if statement["others"]:
        yield Heading(words("track.others"), level=2)
        why = [words(f"track.{_why(one)}") for one in statement["others"]]
        yield _lines_of(statement["others"], words, ("track.why", why))
        yield Lines((words("track.by_hand"),))
    if statement["returned"]:
        yield Heading(words("track.returned"), level=2)
        which = [str(one["agreement"]) for one in statement["returned"]]
        yield _lines_of(statement["returned"], words, ("track.of_agreement", which))
        yield Lines(tuple(_take_back(statement["returned"], words)))


def _why(other: Record) -> str:
    return "several" if other["agreements"] else "outside" if other["outside"] else "nothing"


def _lines_of(listed: Sequence[Record], words: Words, beside: tuple[str, Sequence[str]]) -> Block:
    """Return lines of a statement with a column of one's own between the amount and the text."""
    heads: list[Cell | str] = [number(words("track.line")), words("track.paid_on")]
    heads += [number(words("track.amount")), words(beside[0]), words("track.reference")]
    rows = [
        [
            number(str(one["line"])),
            one["date"],
            number(amount(one["amount"])),
            cell,
            one["reference"],
        ]
        for one, cell in zip(listed, beside[1], strict=True)
    ]
    return table(heads, rows, keys=2)


def _take_back(returned: Sequence[Record], words: Words) -> Iterator[str]:
    """Say which payments may be those that came back, and how they are taken back."""
    for one in returned:
        if one["payments"]:
            values = {"agreement": one["agreement"], "payment": one["payments"][-1]}
            yield words("track.take_back", line=one["line"], **values)


def paid_records(data: Record) -> list[dict[str, object]]:
    """Flatten payments for CSV, then the lines of a statement that matched none."""
    records: list[dict[str, object]] = []
    for one in data["agreements"]:
        for payment in one["recorded"]:
            parts = {f"to_{name}": figure for name, figure in payment["parts"].items()}
            named = {"agreement": one["id"], "date": payment["date"], "amount": payment["amount"]}
            records.append({**named, "reference": payment["reference"], **parts})
    for other in data.get("statement", {}).get("others", ()):
        named = {name: other[name] for name in ("date", "amount", "reference")}
        records.append({"agreement": "", **named, **{f"to_{part}": "" for part in _PARTS}})
    return records
