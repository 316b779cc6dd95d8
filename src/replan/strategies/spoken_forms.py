"""How steps are said in English and Chinese: a table of phrases and the parameters they give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from replan.model.numerals import CHARACTERS

_SMALL = [
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
]
NUMBERS = {word: n for n, word in enumerate(_SMALL, start=1)} | {
    "eighteen": 18,
    "twenty": 20,
    "twenty-four": 24,
    "thirty-six": 36,
    "forty-eight": 48,
}
COMPONENTS = {
    "penalty": r"penalty interest|late interest|default interest|penalt(?:y|ies)|罚息|罚金",
    "fees": r"late (?:payment )?fees?|fees?|违约金|滞纳金|手续费|费用|服务费",
    "principal": r"principal|capital|本金",
    "interest": r"(?:accrued |overdue |unpaid )?interest|利息|欠息",
}
"""What is forgiven; a phrase for several stands in ALL."""
ALL = r"(?:interest|penalt(?:y|ies)) and (?:charges|fees)|interest,? penalt(?:y|ies) and fees|息费"
EVERY = {
    "week": r"weeks?|weekly|周|星期",
    "2-weeks": r"fortnights?|fortnightly|两周|双周",
    "month": r"months?|monthly|个月|月",
}

COMPONENT = "|".join(f"(?:{pattern})" for pattern in (ALL, *COMPONENTS.values()))
AND = r" and (?:the )?| & |和|及|与"
_C = f"(?:{COMPONENT})(?:(?:{AND})(?:{COMPONENT}))*"
_U = "|".join(EVERY.values())
_SHARE = (
    r"\d+(?:\.\d+)?\s?(?:%|percent|per cent)|百分之[\d.零一二三四五六七八九十百]+"
    r"|[\d一二三四五六七八九两]成半?|half|一半|all|全部|全额"
)
_AMOUNT = (
    r"(?:[¥$£€]|cny|rmb|usd|eur|gbp|人民币)?\s?"
    rf"(?:\d[\d,]*(?:\.\d+)?\s?[万千k]?|[{CHARACTERS}]+)(?:\s?(?:元|块|圆|cny|usd|eur|gbp))?"
)
_MACROS = {
    "<P>": rf"(?P<share>{_SHARE})",
    "<A>": rf"(?P<amount>{_AMOUNT})",
    "<X>": rf"(?P<size>{_SHARE}|{_AMOUNT})",
    "<N>": rf"(?P<count>\d{{1,4}}|[{CHARACTERS}]{{1,4}}|{'|'.join(NUMBERS)})",
    "<R>": r"(?P<rate>\d+(?:\.\d+)?\s?[%‰](?:\s?(?:/|a |per |每)\s?"
    r"(?:day|month|year|annum|日|天|月|年))?)",
    "<F>": r"(?P<fold>\d(?:\.\d)?|[一二三四五六七八九])",
    "<C>": rf"(?P<part>{_C})",
    "<U>": rf"(?P<every>{_U})",
    "<D>": r"(?P<day>\d{4}-\d{1,2}-\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2} [a-z]{3,9} \d{4})",
}


_MACRO = re.compile(r"<[A-Z]>")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to say a step: its parameters, each a text with the names of what was said."""

    step: str
    params: Mapping[str, str]
    pattern: re.Pattern[str]


def _form(step: str, pattern: str, **params: str) -> Form:
    seen = count()
    text = _MACRO.sub(lambda found: _named(_MACROS[found[0]], next(seen)), pattern)
    return Form(step, params, re.compile(text, re.IGNORECASE))


def _named(macro: str, number: int) -> str:
    """Give the groups of a macro names of their own: a pattern may say the same in two ways."""
    return re.sub(r"\?P<(\w+)>", rf"?P<\1_{number}>", macro)


def said_in(found: re.Match[str]) -> dict[str, str]:
    """Give what was said, by name; the numbers of the groups are left out."""
    said = {name: text.strip() for name, text in found.groupdict().items() if text}
    return {name.partition("_")[0]: text for name, text in said.items()}


_NOW = r"(?:now|today|up ?front|at signing|at once|immediately|first)"
_REST = r"(?:(?:the )?(?:rest|balance|remainder) )?"
_PARTS = r"(?:instalments?|installments?|payments?)"
_GONE = r"(?:waived|waiver|off|forgiven|written off|dropped|discount)"
_FREE_ZH = "减免|免除|豁免|减|免"
_DEFERRED = r"(?:deferral|pause|payment holiday|holiday|break|grace(?: period)?|off|deferred)"
_SETTLED = r"(?:(?: as| in| for)?(?: a)? full(?: and final)?(?: settlement)?| settlement)"
_LOWER_ZH = r"(?:降至|降到|降为|调至|调到|按|为|是|至)?"

FORMS: tuple[Form, ...] = (
    # a first payment
    _form("down", rf"(?:pay )?<X> (?:down(?: payment)?|{_NOW})", amount="{size}"),
    _form("down", r"(?:a )?(?:down|first|initial|up ?front) payment(?: of)? <X>", amount="{size}"),
    _form("down", r"<X> (?:as )?(?:a )?(?:first|initial) payment", amount="{size}"),
    _form(
        "down",
        r"(?:首付款?|首期还款|首期款?|先付|先还|先交|预付|今天付|今天还|现在付|现在还)<X>",
        amount="{size}",
    ),
    _form("down", r"<X>首付款?", amount="{size}"),
    # instalments
    _form(
        "split",
        rf"{_REST}(?:(?:over|in|into) )?<N> (?:equal )?(?:<U> )?{_PARTS}",
        instalments="{count}",
        every="{every}",
    ),
    _form(
        "split",
        rf"{_REST}(?:spread )?(?:over|in) <N> <U>",
        instalments="{count}",
        every="{every}",
    ),
    _form(
        "split",
        rf"(?:(?:over|in) )?<N> (?:<U>|(?:(?:equal|monthly) )?{_PARTS}) (?:at|of) <A>(?: each)?",
        instalments="{count}",
        every="{every}",
        to="{amount}",
    ),
    _form(
        "split",
        rf"<A> (?:a|per|each|every) (?:<U>|{_PARTS})(?: for <N> (?:months|weeks|{_PARTS}))?",
        instalments="{count}",
        every="{every}",
        to="{amount}",
    ),
    _form("split", r"<A> monthly", to="{amount}", every="month"),
    _form(
        "split",
        r"(?:其余|剩余|余下|余款)?(?:分|分成|改为|改成|展期至|延长至)?<N>期(?:还清|偿还|归还|还款|结清|还|分期)?",
        instalments="{count}",
    ),
    _form(
        "split",
        r"(?:其余|剩余|余下|余款)?(?:分|分成|在)<N><U>内?(?:还清|偿还|归还|还款|还)?",
        instalments="{count}",
        every="{every}",
    ),
    _form("split", r"每期(?:还款?|付)?<A>", to="{amount}"),
    _form("split", r"(?:每个?月(?:还款?|付)?|月供|月还)<A>", to="{amount}", every="month"),
    _form("split", r"每周(?:还款?|付)?<A>", to="{amount}", every="week"),
    # part forgiven
    _form("waive", rf"<P>(?: of)?(?: the)? <C>(?: is| are)? {_GONE}", share="{share}"),
    _form("waive", r"(?:waive|forgive|drop) <P>(?: of)?(?: the)? <C>", share="{share}"),
    _form(
        "waive",
        r"(?:waive|forgive|write off|drop)(?: (?:all|the|all the))? <C>",
        share="100%",
    ),
    _form("waive", r"(?:the )?<C> (?:waived|reduced|cut)(?: by)? <P>", share="{share}"),
    _form(
        "waive",
        r"(?:the |all |all the )?<C>(?: is| are)?(?: fully)? "
        r"(?:waived|forgiven|written off|dropped)",
        share="100%",
    ),
    _form(
        "waive",
        r"(?:the )?<C>(?: is| are)? halved|half(?: of)?(?: the)? <C>",
        note="owed-or-rate",
        share="50%",
    ),
    _form("waive", rf"<C>(?:{_FREE_ZH}|减少)<P>", share="{share}"),
    _form("waive", rf"(?:{_FREE_ZH})<P>的?<C>", share="{share}"),
    _form("waive", rf"(?:{_FREE_ZH})<C><P>", share="{share}"),
    _form("waive", rf"<P>的?<C>(?:{_FREE_ZH})", share="{share}"),
    _form("waive", r"<C>(?:全免|全部减免|全额减免|全部免除|全部豁免)", share="100%"),
    _form("waive", r"(?:全免|免除|豁免|全额减免|免)(?:全部)?<C>", share="100%"),
    _form("waive", r"<C>减半", share="50%"),
    _form("waive", r"<C>打<F>折", share="{fold_off}"),
    # a lower rate
    _form(
        "rate",
        r"(?:at )?(?:an? |the )?(?:interest )?rate (?:of |to |at |is |cut to |lowered to "
        r"|reduced to |down to )?<R>",
        rate="{rate}",
    ),
    _form(
        "rate",
        r"(?:at )?<R> (?:interest(?: rate)?|rate|apr|a year|per year|per annum|p\.?a\.?)",
        rate="{rate}",
    ),
    _form("rate", r"(?:interest )?at <R>", rate="{rate}"),
    _form("rate", r"interest (?:of|cut to|lowered to|reduced to|down to) <R>", rate="{rate}"),
    _form("rate", r"(?:the )?(?:interest )?rate (?:is )?(?:halved|cut in half)", cut="50%"),
    _form("rate", r"half (?:the )?(?:interest )?rate", cut="50%"),
    _form(
        "rate",
        r"interest[- ]free|no (?:more |further )?interest|without (?:further )?interest",
        rate="0%",
    ),
    _form(
        "rate",
        rf"(?P<base>年化利率|年利率|年化|年息|日利率|日息|月利率|月息|利率){_LOWER_ZH}"
        r"(?P<rate>\d+(?:\.\d+)?\s?[%‰]|[百万]分之[\d.零一二三四五六七八九十]+)",
        rate="{base}{rate}",
    ),
    _form("rate", r"(?:年)?利率减半", cut="50%"),
    _form("rate", r"(?:年)?利率打<F>折", cut="{fold_off}"),
    _form("rate", r"免息|停息|零利息|不再计息|停止计息|不计息", rate="0%"),
    _form("freeze", r"(?:no interest|interest frozen) for <N> months", periods="{count}"),
    _form("freeze", r"<N>个月(?:内)?(?:免息|不计息|停息)", periods="{count}"),
    # no payments for a while
    _form(
        "defer",
        rf"(?:defer(?:ral|red)?|postponed?|paused?|delay(?:ed)?|{_DEFERRED})(?: of| for| by)? "
        r"<N>[ -](?:<U>|instalments)",
        instalments="{count}",
        per="{every}",
    ),
    _form(
        "defer",
        rf"(?:a )?<N>[ -](?:<U>|instalments?)(?:'s?)? {_DEFERRED}",
        instalments="{count}",
        per="{every}",
    ),
    _form(
        "defer",
        r"(?:延期|延后|暂缓|缓|推迟|宽限|停还|延迟|缓还|缓交)(?:还款)?<N>(?:个?(?P<every>月)|期)"
        r"(?:还款|还)?",
        instalments="{count}",
        per="{every}",
    ),
    _form(
        "defer",
        r"<N>个?(?P<every>月)的?(?:宽限期?|延期|缓还|缓缴)",
        instalments="{count}",
        per="{every}",
    ),
    _form(
        "defer",
        r"(?:interest[- ]free|no interest) (?:meanwhile|(?:during|in) the (?:deferral|pause|holiday"
        r"|break))|(?:延期|宽限|缓还)?期间(?:不计息|免息|停息)",
        interest="waive",
    ),
    # part settles the whole
    _form(
        "settle",
        r"(?:pay|settle(?: for| at)?|settlement (?:of|at)|(?:a )?lump sum of) <P>"
        rf"(?: of (?:it|what is owed|the debt|the balance))?{_SETTLED}?"
        rf"(?: in <N> (?:{_PARTS}|months))?(?: (?:by|before) <D>)?",
        share="{share}",
        in_="{count}",
        by="{day}",
    ),
    _form(
        "settle",
        rf"(?:(?:pay )?<A>{_SETTLED})(?: in <N> (?:{_PARTS}|months))?(?: (?:by|before) <D>)?",
        paid="{amount}",
        in_="{count}",
        by="{day}",
    ),
    _form(
        "settle",
        rf"settle (?:for|at) <A>(?: in <N> (?:{_PARTS}|months))?(?: (?:by|before) <D>)?",
        paid="{amount}",
        in_="{count}",
        by="{day}",
    ),
    _form(
        "settle",
        r"(?:一次性)?(?:还|付|支付|归还|偿还)?<P>(?:一次性)?(?:分<N>期)?结清",
        share="{share}",
        in_="{count}",
    ),
    _form(
        "settle",
        r"(?:一次性)?(?:还|付|支付|归还|偿还)?<A>(?:一次性)?(?:分<N>期)?结清",
        paid="{amount}",
        in_="{count}",
    ),
    _form("settle", r"打?<F>折(?:一次性)?(?:分<N>期)?结清", share="{fold}", in_="{count}"),
    _form("settle", r"减免<P>后?(?:一次性)?结清", share="{rest}"),
    _form("settle", r"(?:by|before) <D>|<D>前", by="{day}"),
    _form(
        "rest",
        r"(?:the )?(?:rest|remainder)(?: is)? (?:forgiven|waived|written off)"
        r"|(?:余款|剩余|其余)(?:部分)?(?:减免|免除|豁免|不用还)",
    ),
)
"""Tried in this order; a phrase must be one of them from its first to its last character."""

CONDITIONS: tuple[re.Pattern[str], ...] = tuple(
    _form("", pattern).pattern
    for pattern in (
        r"(?:after|once there are) <N> (?:on[- ]time|punctual) (?:instalments|payments|months)",
        r"(?:按时|按期)(?:还款?)?满?<N>期后(?:生效)?",
        r"(?P<completion>on completion|at the end|once (?:paid|cleared)|(?:结清|还清)后)",
    )
)
"""When a waiver holds; said with it or on its own."""
