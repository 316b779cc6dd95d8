"""What lenders say in Chinese: the plan that each phrase means was written down by hand."""

from __future__ import annotations

import pytest

from replan.errors import UsageError
from replan.strategies.spoken import read_offer

SAID = [
    # 首付与分期
    ("down 20% + split 36", "首付20%分36期"),
    ("down 5000 + split 24", "首付：5000元；分24期"),
    ("down 10% + split 60 every=month", "首付一成，剩余分五年还清"),
    ("split 36", "三十六期"),
    ("split 24 every=month", "分两年还清"),
    ("split 18 every=month", "一年半分期"),
    ("split 6 every=month", "半年内还清"),
    ("split to=500 every=month", "每月还500"),
    ("split to=500 every=fortnight", "每两周还500元"),
    ("split to=200 every=week", "每周还200"),
    ("down 2000 + split 24", "先还2000，剩下的分24期"),
    # 金额有变化
    ("token 1000 for=6 + split to=1500", "前6个月每月1000，之后1500"),
    ("token 500 for=6 + split to=800", "前半年每月还500元，之后每月还800元"),
    ("token 300 for=3 + split 24", "头三期每期300，然后分24期"),
    ("token 500 for=12 + split to=900", "前一年月供500，后期每月900"),
    # 尾款
    ("token 800 for=23 + split 1", "前23期每期800，最后一期还清"),
    ("token 800 for=23 + split 1", "24期每期800，余款最后一期结清"),
    ("split 24 + balloon 30%", "分24期，尾款30%"),
    # 利息
    ("rate 0% + split 60", "停息挂账60期"),
    ("rate 0% + split 60", "停息挂账，分60期"),
    ("rate 0% + split 24", "免息分24期"),
    ("rate 0% + split 24", "24期免息分期"),
    ("rate 0% + split 12", "免息分期，12期"),
    ("rate 0% + split 24 every=month", "免息分期两年"),
    ("freeze 6 + split 24", "停息6个月，24期"),
    ("freeze 6 + split 24", "半年免息，分24期"),
    ("freeze 3 + split 24", "三个月内不计息；分24期"),
    ("rate 0% + split 36", "以后不计息，36期"),
    ("split 36 + step-up 10% every=12", "36期，每一年递增10%"),
    # 减免
    ("waive penalty=100% fees=100% + split 24", "罚息和违约金全免，分24期"),
    ("waive penalty=100% + split 24", "减免全部罚息，分24期"),
    ("waive interest=50% + split 36", "欠息减半，分36期"),
    ("waive principal=20% + split 24", "本金打八折，分24期"),
    ("waive penalty=15% + split 24", "罚息打八五折，24期"),
    ("waive penalty=100% interest=100% fees=100% + split 24", "息费全免，24期"),
    ("split 24", "24期，以后不收违约金"),
    # 延期、还款日、展期
    ("defer 3 + split 36", "延期三个月（分36期）"),
    ("defer 6 + split 24", "延期半年，24期"),
    ("defer 3 + split 24", "前三个月不用还，再分24期"),
    ("defer 6 of=principal + split 24", "前6个月只还利息，之后分24期"),
    ("date 15 + split 24", "每月15日还，分24期"),
    ("date 15 + split 24", "24期，还款日改为15号"),
    ("date 15 + split to=800 every=month", "每月15号还800"),
    ("extend 12", "展期12个月"),
    # 结清
    ("settle 60%", "一次性还6折"),
    ("settle 70%", "一次性还清可以减免三成"),
    ("waive penalty=100% interest=100% + split 36", "本金分36期，利息罚息全免"),
    ("defer 3 + split 36", "先缓三个月再分36期"),
    ("defer 3", "可以申请延期三个月，期间利息照算"),
    ("date 25 + split 36", "协商还款36期，每月25号还款"),
    ("token 1000 for=6 + split to=2000", "前半年每月还1000，后面每月还2000"),
    ("settle 60%", "打六折一次性结清"),
    ("settle 85% in=3", "八五折分3期结清"),
    ("settle 70%", "减免三成一次性结清"),
    ("settle 60% by=2026-12-31", "6折结清，2026年12月31日前"),
]


@pytest.mark.parametrize(("plan", "said"), SAID)
def test_what_lenders_say(plan: str, said: str) -> None:
    """Without a word left out."""
    assert plan == " + ".join(str(step) for step in read_offer(said, currency="CNY").steps)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        (("罚息打八折", "本金打八折", "八折结清"), "打八折"),
        (("罚息减免20%", "本金减免20%"), "24期，减免20%"),
        (("欠息减半", "利率减半", "以后不计息"), "24期，利息减半"),
        (("息费全免",), "只还本金，24期"),
        (("违约金全免", "以后不收违约金"), "24期，免收违约金"),
    ],
)
def test_what_may_mean_two_things_is_asked(readings: tuple[str, ...], said: str) -> None:
    """With each reading in words that have one, and that are read."""
    with pytest.raises(UsageError, match="has several readings") as asked:
        read_offer(said, currency="CNY")

    for reading in readings:
        assert f'"{reading}"' in str(asked.value)
        read_offer(reading)


@pytest.mark.parametrize("said", ["首付2024期", "看情况分期", "每期大概500", "最多60期左右"])
def test_what_can_be_cut_in_two_ways_is_not_read(said: str) -> None:
    """首付20 and 24期, or 首付2 and 024期: neither is taken."""
    with pytest.raises(UsageError, match="could not be read"):
        read_offer(said, currency="CNY")
