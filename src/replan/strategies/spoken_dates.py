"""How days, months and the beginning of payments are said, in English and in Chinese."""

from __future__ import annotations

from .spoken_forms import Doubt, Form, form

_PARTS = r"(?:instalments?|installments?|payments?)"
_MONTH = r"(?: (?:of|in) (?:each|every|the) month)?"
_AT = r"(?:<M>|<D>)"
_FROM = (
    r"(?:from|as of|(?:starting|beginning)(?: in| on| from)?|with effect from)"
    rf" {_AT}(?: on(?:wards?)?)?"
)
_FIRST = rf"(?:the )?first (?:{_PARTS}|one)(?: is)?(?: due)?"
_START = rf"(?:{_PARTS} |you )?(?:start(?:s|ing)?|begin(?:s|ning)?)"
_FULL = (
    r"(?:(?:(?:pay|settle|clear|repay)(?:able)?(?: it| everything| (?:the |your )?(?:whole )?"
    r"(?:balance|debt))?(?: off)? |paid )?in full|full payment)"
)
_PAUSE = r"(?:延期|延后|暂缓|推迟|宽限期?|延迟|缓还|缓缴|缓交|暂停|停还)(?:还款)?"
_CLEARED = r"(?:还清|结清|付清|清偿|还完)"

ENGLISH_DATES: tuple[Form, ...] = (
    form(
        "begins",
        rf"(?:{_FIRST}|{_START}(?: paying| payments)?)(?: only)? (?:in|after) <T>(?:'s? time)?",
        months="{count}",
        per="{every}",
    ),
    form(
        "begins",
        rf"{_FIRST} (?:(?:on|in|from) )?(?:<M>|<D>)|{_FIRST} (?:in|after) <K>(?:'? time)?"
        rf"|{_START}(?: paying| payments)? (?:in|after) <K>(?:'? time)?"
        rf"|{_PARTS} {_FROM}"
        rf"|(?:{_PARTS}|you) (?:start(?:s|ing)?|begin(?:s|ning)?)(?: paying)? (?:(?:on|in|from) )?"
        rf"{_AT}",
        on="{on}",
    ),
    form("begins", rf"{_FROM}|start (?:(?:on|in|from) )?{_AT}", on="{on}", bare="yes"),
    form(
        "rate",
        r"(?:at|(?:at )?(?:an? |the )?(?:(?:interest )?rate|apr|interest)(?: (?:is|of|to|at|cut to"
        rf"|lowered to|reduced to))?) <R>(?: interest| a year)? {_FROM}",
        rate="{rate}",
        from_="{on}",
    ),
    form(
        "rate",
        r"(?:no (?:more |further )?interest|interest (?:is )?(?:frozen|stopped)|interest[- ]free"
        rf"|(?:freeze|stop)(?: the| all)? interest) {_FROM}",
        rate="0%",
        from_="{on}",
    ),
    form(
        "date",
        rf"(?:(?:move|change|switch|shift) )?(?:the |your )?(?:due|payment|pay) (?:date|day) "
        rf"(?:moved |changed )?(?:to|becomes|is) (?:the )?<O>(?:st|nd|rd|th)?{_MONTH}",
        day="{monthday}",
    ),
    form(
        "date",
        rf"(?:{_PARTS} )?(?:(?:due|paid|payable|pay|taken) )?(?:on )?the <O>(?:st|nd|rd|th){_MONTH}"
        rf"|{_PARTS} on the <O>(?:st|nd|rd|th){_MONTH}",
        day="{monthday}",
    ),
    form(
        "whole",
        rf"{_FULL} (?:(?:by|before) <D>|(?:with)?in <K>|by the end of <M>)"
        r"|(?:clear|cleared|repaid|paid off) within <K>",
        by="{until}",
    ),
    form("settle", r"(?:by|before) <D>|within <K>|by the end of <M>", by="{until}"),
)

CHINESE_DATES: tuple[Form, ...] = (
    form(
        "begins",
        r"<T>(?:之)?后(?:才|再)?(?:开始|起)(?:还款?|分期)?|<T>(?:之)?后(?:首次|第一次)还款",
        months="{count}",
        per="{every}",
    ),
    form(
        "begins",
        rf"(?:从|自)?{_AT}(?:再|才)?(?:开始|起)(?:还款?|分期)"
        rf"|首期(?:还款日?)?(?:为|是|在|从)?{_AT}(?:开始|起)?(?:还款?)?|{_AT}(?:首次|第一次)还款"
        r"|<K>(?:之)?后(?:才|再)?(?:开始|起)(?:还款?|分期)?"
        r"|(?:从|自)?<M><O>[日号](?:再|才)?(?:开始|起)(?:还款?|分期)?",
        on="{on}",
    ),
    form("begins", rf"(?:从|自)?{_AT}(?:开始|起)", on="{on}", bare="yes"),
    form(
        "rate",
        rf"(?:从|自)?{_AT}(?:开始|起)(?P<base>年化利率|年利率|年化|日利率|日息|月利率|月息|利率)"
        r"(?:降至|降到|降为|调至|调到|按|为|是|至)?"
        r"(?P<rate>\d+(?:\.\d+)?\s?[%‰]|[百万]分之[\d.零一二三四五六七八九十]+)",
        rate="{base}{rate}",
        from_="{on}",
    ),
    form(
        "rate",
        rf"(?:从|自)?{_AT}(?:开始|起)(?:免息|停息|不计息|不再计息|停止计息)",
        rate="0%",
        from_="{on}",
    ),
    form(
        "date",
        r"(?:还款日|扣款日|到期日)期?(?:改为|改到|改成|调整到|调整为|调到|定在|定为|变更为|推到)?"
        r"(?:每个?月)?<O>[日号]",
        day="{monthday}",
    ),
    form("date", r"每个?月<O>[日号](?:前)?(?:还款?|扣款|付款)?", day="{monthday}"),
    form(
        "date",
        r"每个?月<O>[日号](?:前)?(?:支付|归还|偿还|还款|还|付)?<A>",
        ("split", {"to": "{amount}", "every": "month"}),
        day="{monthday}",
    ),
    form(
        "whole",
        rf"(?:<D>(?:之)?前|<K>(?:之)?内|<M>底(?:之)?前)(?:一次性|一次|全额|全部){_CLEARED}"
        rf"|(?:一次性|一次|全额|全部)(?:在)?(?:<D>(?:之)?前|<K>(?:之)?内|<M>底(?:之)?前){_CLEARED}",
        by="{until}",
    ),
    form(
        "settle",
        rf"<D>(?:之)?前{_CLEARED}?|<K>(?:之)?内|<M>底(?:之)?前",
        by="{until}",
    ),
)

ENGLISH_DATE_DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        r"(?:in )?<K>(?:'? ?(?:to pay|time|notice))?",
        (
            "first payment in {count} days",
            "{months}-month deferral",
            "pay in full within {count} days",
        ),
    ),
    Doubt(
        r"(?:an? )?<K>'?[ -](?:deferral|pause|holiday"
        r"|break|payment (?:holiday|break)|grace(?: period)?|extension)"
        r"|(?:defer(?:ral|red)?|postponed?|paused?|delay(?:ed)?|extension)(?: of| for| by)? <K>",
        ("first payment in {count} days", "{months}-month deferral"),
    ),
    Doubt(r"(?:the )?next month", ("first payment next month", "in full by the end of next month")),
)
CHINESE_DATE_DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        r"<K>(?:的?时间)?",
        ("{count}天后开始还", "延期{months}个月", "{count}天内一次性还清"),
    ),
    Doubt(
        rf"<K>的?(?:宽限期?|延期)|{_PAUSE}<K>(?:还款)?", ("{count}天后开始还", "延期{months}个月")
    ),
    Doubt(rf"<K>(?:之)?内?{_CLEARED}", ("{count}天内一次性还清", "分{months}期还清")),
    Doubt(r"下个?月|次月", ("下个月开始还", "下个月底前一次性还清")),
)
"""A time without what it is of: a pause, or a time to pay."""
