"""Random plans in notation, built from the parameters that every strategy declares."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

SHARES = st.sampled_from(["0%", "0.5%", "12.5%", "30%", "50%", "99%", "100%"])
COUNTS = st.one_of(st.integers(1, 6), st.sampled_from([12, 24, 36, 120, 1200])).map(str)
AMOUNTS = st.sampled_from(["0", "0.01", "5", "50", "120.5", "1000", "99999", "250000000"])
DATES = st.integers(-200, 900).map(lambda n: str(date(2026, 1, 10) + timedelta(days=n)))
PLACES = st.one_of(st.integers(0, 14).map(str), DATES)
RATES = st.sampled_from(["0%", "1%", "5.25%", "12%", "36%", "0.05%/day", "900%"])
EVERY = st.sampled_from(["day", "week", "2-weeks", "15-days", "month", "quarter", "year"])
WEIGHTS = st.lists(st.sampled_from(["0", "0.5", "1", "2", "100"]), min_size=1, max_size=5)


def step(
    name: str, *words: st.SearchStrategy[str], **options: st.SearchStrategy[str]
) -> st.SearchStrategy[str]:
    """Draw a step: its words, then any of its options in their order."""
    keyed = [
        st.just("") | value.map(f"{key.rstrip('_')}={{}}".format) for key, value in options.items()
    ]
    parts = st.tuples(*words, *keyed)
    return parts.map(lambda found: " ".join([name, *filter(None, found)]))


def choice(*values: str) -> st.SearchStrategy[str]:
    """Draw one of the values."""
    return st.sampled_from(values)


DEFER = step(
    "defer",
    COUNTS,
    at=PLACES,
    of=choice("all", "interest", "principal"),
    interest=choice("spread", "first", "end", "capitalise", "scheduled", "waive", "pay"),
    term=choice("extend", "keep"),
    instalment=choice("recompute", "keep"),
    token=AMOUNTS,
)
METHODS = choice("level", "equal-principal", "interest-only", "interest-free")
STEPS: dict[str, st.SearchStrategy[str]] = {
    "balloon": step("balloon", SHARES),
    "capitalise": step("capitalise", choice("", "interest", "penalty fees", "fees interest")),
    "contract": step("contract"),
    "date": step("date", st.integers(1, 31).map(str)),
    "defer": DEFER,
    "down": step("down", AMOUNTS | SHARES),
    "extend": step("extend", COUNTS, at=PLACES),
    "forbear": step("forbear", SHARES),
    "freeze": step(
        "freeze", COUNTS | st.just(""), from_=DATES, to=DATES, instalment=choice("recompute")
    ),
    "household": st.builds(
        "household({}{})".format,
        choice("pro-rata", "avalanche", "snowball", "priority-first", "token"),
        AMOUNTS.map(" of={}".format) | st.just(""),
    ),
    "move": step("move", DATES | choice("2026-02-10", "2026-12-05"), to=DATES).filter(
        lambda s: "to=" in s
    ),
    "pay-early": step("pay-early", AMOUNTS, choice("", "lower", "shorten"), at=PLACES),
    "rate": step("rate", RATES, for_=COUNTS, from_=PLACES, level=choice("whole"))
    | step("rate", SHARES.map("cut={}".format), for_=COUNTS, from_=PLACES),
    "re-age": step("re-age", COUNTS, from_=DATES, every=EVERY, interest=choice("equal", "full")),
    "reamortise": step("reamortise", interest=choice("spread", "first")),
    "seasonal": step("seasonal", WEIGHTS.map(",".join)),
    "settle": step("settle", SHARES, in_=COUNTS, by=DATES),
    "split": step("split", COUNTS, every=EVERY, method=METHODS)
    | step("split", COUNTS.map("{} of=arrears".format))
    | step("split", AMOUNTS.map("to={}".format), every=EVERY, method=choice("interest-free")),
    "step-up": step(
        "step-up", choice("-100%", "-10%", "0%", "5%", "1000%"), COUNTS.map("every={}".format)
    ),
    "token": step("token", AMOUNTS, COUNTS.map("for={}".format)),
    "unpaid": step("unpaid"),
    "waive": step(
        "waive",
        penalty=SHARES,
        interest=SHARES,
        fees=SHARES,
        principal=SHARES,
        when=choice("now", "completion", "on-time:6"),
    ),
}
PLAIN = st.one_of(
    *(s for name, s in STEPS.items() if name not in ("contract", "unpaid", "household"))
)
LADDER = st.lists(PLAIN, min_size=1, max_size=4).map(" > ".join)
STEPS["waterfall"] = st.builds("waterfall to={} [{}]".format, AMOUNTS | SHARES, LADDER)
CHAINS = st.lists(PLAIN | STEPS["waterfall"], min_size=1, max_size=4).map(" + ".join)
"""Steps for one debt, in notation; some do not read or do not apply."""
