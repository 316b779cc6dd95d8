"""What was understood stands first: in words, and as the payments that it comes to."""

from __future__ import annotations

import pytest

import replan
from decide.samples import case, debt
from replan.present.counter import counter_blocks
from replan.present.heard import heard_line
from replan.present.terminal import to_text
from replan.present.words import Language, Words

OWED = debt(penalty="100.00", instalment=None)


def heard(offer: str, language: Language = "en") -> str:
    """Say how an offer for 1,200 and 100 of penalty was understood."""
    found = replan.counter(case(OWED), "loan", offer).to_dict()
    return heard_line(found["offer"], found["currency"], Words(language))


@pytest.mark.parametrize(
    ("expected", "offer"),
    [
        ("12 instalments. You would pay 12 × EUR 108.33, 2026-12-21 to 2027-11-21.", "split 12"),
        ("60 % of what is owed settles all. You would pay EUR 780.00 on 2026-12-21.",
         "settle for 60%"),
        ("EUR 200.00 now; 100 % of the penalty waived (on completion); 12 instalments.",
         "200 now, 12 instalments, penalty waived on completion"),
        ("nothing for 1 instalment; all in one payment. You would pay EUR 1,3",
         "defer 1 instalment, 1 payment"),
        ("You would pay 2 × EUR 50.00, 2026-12-21 to 2027-01-21; 12 × EUR 100.00, ",
         "2 payments of 50 then 100"),
        ("100 % of the principal waived. You would pay nothing.",
         "waive principal=100% penalty=100%"),
    ],
)  # fmt: skip
def test_an_offer_in_words_and_in_money(expected: str, offer: str) -> None:
    """Runs of one amount with their first and last day."""
    assert expected in heard(offer)


def test_many_amounts_are_summed_up() -> None:
    """Twelve instalments that change eight times are no list."""
    line = heard("split 12 + seasonal 1,2,3")

    assert "12 payments of EUR 58.33 to EUR 158.37, 2026-12-21 to 2027-11-21" in line


def test_a_share_without_an_end_is_rounded() -> None:
    """A balloon of 100.00 is a twelfth of 1,200.00; the last payment tells what it is."""
    line = heard("12 instalments with a balloon of 100")

    assert "8.33 % of the principal left for the end" in line


def test_a_daily_rate_has_no_english_in_chinese() -> None:
    """In what is heard and to be said, and in the levers; notation stays as it is typed."""
    found = replan.counter(case(OWED), "loan", "rate 0.05%/day + split 2").to_dict()
    shown = to_text(counter_blocks(found, Words("zh")), width=200)
    notation = [line for line in shown.splitlines() if "/day" in line]

    assert shown.startswith("对方方案：日利率 0.05 %；分 2 期。")
    assert "利率：0.05 %/日 → " in shown
    assert all("rate 0.05%/day + split" in line for line in notation)


def test_in_chinese() -> None:
    """With the currency as a letter writes it."""
    assert heard("前2期每期50，之后100", "zh").startswith(
        "对方方案：先还 2 期，每期 50.00 EUR；每期 100.00 EUR，还清为止。您要还：2 期 × 50.00 EUR，"
    )


def test_every_ask_has_a_word() -> None:
    """Or says how interest waits, or is a household's: no lender offers that for one debt."""
    codes = [key.removeprefix("ask.") for key in Words("zh").keys("ask.")]
    aside = ("defer-interest-", "later", "stream", "household-", "reamortise-", "re-age-")
    said = [code for code in codes if not code.startswith(aside) and code != "freeze-meanwhile"]

    assert [] == [code for code in said if Words("en").find(f"heard.{code}") is None]
