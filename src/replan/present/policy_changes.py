"""Two policies for people: what they say otherwise, and what that changes for a portfolio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from replan.present.blocks import Block, Cell, Heading, Lines, number, table
from replan.present.figures import amount, whole
from replan.present.policies import bound_text, title_of
from replan.present.portfolio import reason_text
from replan.present.words import Words

Record = Mapping[str, Any]
_SHOWN = 6
_APART = " > "


def change_blocks(data: Record, words: Words, _width: int = 80) -> list[Block]:
    """Lay out the differences of two policies, given in their JSON form."""
    ids = {key: f"{data[key]['id']} {data[key]['version']}" for key in ("from", "to")}
    titles = (f"{ids[key]}: {title_of(data[key], words)}" for key in ("from", "to"))
    counts = {key: whole(data["candidates"][key]) for key in ("from", "to")}
    changes = [_line(change, words) for change in data["changes"]]
    return [
        Heading(words("diff.title", old=ids["from"], new=ids["to"]), level=1),
        Lines((*titles, words("diff.candidates", old=counts["from"], new=counts["to"]))),
        Heading(words("diff.changes", count=whole(len(changes)))),
        Lines(tuple(changes) or (words("diff.none"),), indent=2),
        *(_effects(data["on"], words) if data.get("on") else ()),
    ]


def _line(change: Record, words: Words) -> str:
    """Say one difference in one line."""
    what, name = change["what"], change["name"]
    if what in ("offer", "step"):
        name = change["title"][words.language]
    if what == "offer":
        key = "offer_gone" if change["to"] is None else "offer_new"
        return words(f"diff.{key}", name=name, count=whole(change["from"] or change["to"]))
    if what == "step":
        sides = (("without", change["from"]), ("with", change["to"]))
        parts = [words(f"diff.{key}", steps=_steps(one, words)) for key, one in sides if one]
        joined = words("list.separator").join(parts)
        return words("diff.step", name=name, n=change["step"], parts=joined)
    show = _limit if what == "limit" else _value
    shown = {key: show(change[side], words) for key, side in (("old", "from"), ("new", "to"))}
    label = words.term("bound", name) if what == "limit" else words.term("fact", name)
    return words("diff.line", name=label, **shown)


def _steps(steps: Sequence[str | None], words: Words) -> str:
    texts = [words("policy.left_out") if one is None else one for one in steps]
    if len(texts) > _SHOWN:
        texts = [*texts[:3], "…", texts[-1]]
    return " | ".join(texts)


def _limit(limit: Record | None, words: Words) -> str:
    if limit is None:
        return words("diff.nothing")
    since = words("policy.since", since=limit["since"])
    return f"{bound_text(limit, words)} ({limit['source']}; {since})"


def _value(value: Any, words: Words) -> str:
    """Print what a policy says, whatever its form."""
    if value in (None, "", [], {}):
        return words("diff.nothing")
    if isinstance(value, Mapping):
        value = [f"{key}: {_value(one, words)}" for key, one in value.items()]
    if isinstance(value, list | tuple):
        return words("list.separator").join(
            " + ".join(one) if isinstance(one, list | tuple) else str(one) for one in value
        )
    return str(value)


def _effects(found: Record, words: Words) -> Iterator[Block]:
    """Show what changes for the accounts of a table: who has offers, then by each objective."""
    yield Heading(words("diff.on", table=found["table"], rows=whole(found["rows"])))
    yield Lines(tuple(_counts(found, words)), indent=2)
    for key in ("lost", "gained", "changed"):
        if found["reasons"][key]:
            yield Lines((words(f"diff.why_{key}"),))
            yield Lines(tuple(_reasons(found["reasons"][key], words)), indent=2)
    for one in found["objectives"]:
        yield from _by_objective(one, words)


def _by_objective(found: Record, words: Words) -> Iterator[Block]:
    """Show for whom the best offers by an objective would be better or worse, and sums of them."""
    aim = words.term("label", found["objective"])
    yield Lines((words("diff.compared", objective=aim),))
    if found["accounts"]["both"]:
        yield Lines(tuple(_sides(found, words)), indent=2)
    heads: list[Cell | str] = ["", *(number(words(f"diff.{key}")) for key in ("old", "new"))]
    rows: list[list[Cell | str]] = [
        [words.term("summed", name), *(number(amount(found["totals"][k][name])) for k in _SIDES)]
        for name in found["totals"]["from"]
    ]
    yield table(heads, rows, keys=1)


_SIDES = ("from", "to")


def _counts(found: Record, words: Words) -> Iterator[str]:
    for key in ("gained", "lost", "neither", "both"):
        yield words(f"diff.{key}", count=whole(found["accounts"][key]))
    for key in ("gained", "lost") if "borrowers" in found else ():
        yield words(f"diff.borrowers_{key}", count=whole(found["borrowers"][key]))


def _sides(found: Record, words: Words) -> Iterator[str]:
    for side in ("borrower", "lender"):
        parts = [words(f"diff.{name}", count=whole(count)) for name, count in found[side].items()]
        yield words(f"diff.for_{side}", parts=words("list.separator").join(parts))


def _reasons(counts: Mapping[str, int], words: Words) -> Iterator[str]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    width = max(len(whole(count)) for _, count in ordered)
    for reason, count in ordered:
        codes = reason.split(_APART)
        said = _APART.join(f"{code} ({reason_text(code, words)})" for code in codes)
        yield f"{whole(count):>{width}}  {said}"


def change_records(data: Record) -> list[dict[str, object]]:
    """Flatten the differences for CSV: one record each; then what they change, one per count."""
    records = [
        {"what": one["what"], "name": one["name"], "from": _plain(one["from"]),
         "to": _plain(one["to"])}
        for one in data["changes"]
    ]  # fmt: skip
    found = data.get("on") or {}
    for group in ("accounts", "borrowers"):
        records += _counted(group, found.get(group, {}))
    for one in found.get("objectives", ()):
        for group in ("borrower", "lender"):
            records += _counted(f"{group} {one['objective']}", one[group])
    return [dict(record) for record in records]


def _counted(what: str, counts: Record) -> list[dict[str, str]]:
    return [{"what": what, "name": k, "from": "", "to": str(v)} for k, v in counts.items()]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return " | ".join("-" if one is None else str(one) for one in value)
    return "" if value is None else str(value)
