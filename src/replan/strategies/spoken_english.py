"""How steps are said in English."""

from __future__ import annotations

from .spoken_forms import Doubt, Form, form

_NOW = r"(?:now|today|up ?front|at signing|at once|immediately|first|straight ?away)"
_REST = r"(?:(?:split|spread|divide) )?(?:(?:the )?(?:rest|balance|remainder|it)(?: of it)? )?"
_PARTS = r"(?:instalments?|installments?|payments?)"
_GONE = r"(?:waived|waiver|off|forgiven|written off|dropped|removed|discount)"
_BREAK = r"(?:deferral|pause|payment holiday|payment break|holiday|break|grace(?: period)?|off)"
_SETTLED = r"(?:(?: as| in| for)?(?: a)? full(?: and final)?(?: settlement)?| settlement)"
_EACH = r"(?:a|per|each|every)"
_FREE = r"(?:interest[- ]free|without interest|with no interest|at (?:0%|zero) interest)"

_BY = r"(?: (?:by|before) <D>| within <K>| by the end of <M>)?"
_FOR = r"(?: for (?:<T>|the first (?:<T>|<Y>)))?"

ENGLISH: tuple[Form, ...] = (
    # a first payment
    form("down", rf"(?:pay )?<X> (?:down(?: payment)?|deposit|{_NOW})", amount="{size}"),
    form(
        "down",
        r"(?:an? )?(?:down|first|initial|up ?front) payment(?: of)? <X>|(?:a )?deposit of <X>",
        amount="{size}",
    ),
    form("down", r"<X> (?:as )?(?:a )?(?:first|initial) payment", amount="{size}"),
    # instalments
    form(
        "split",
        rf"{_REST}(?:(?:payable )?(?:over|in|into|by) )?(?:<B> )?<N> (?:equal )?(?:<U> )?{_PARTS}",
        instalments="{count}",
        every="{every}",
        count_is="{bound}",
    ),
    form(
        "split",
        rf"(?:(?:over|in|into) )?<N> {_FREE} (?:<U> )?(?:{_PARTS}|months)",
        ("rate", {"rate": "0%"}),
        instalments="{count}",
        every="{every}",
    ),
    form(
        "split",
        rf"{_REST}(?:spread |repaid |paid (?:back |off )?)?(?:(?:over|in)(?: <B>)?|<B>) <T>",
        instalments="{count}",
        every="{every}",
        count_is="{bound}",
    ),
    form(
        "split",
        rf"(?:(?:over|in) )?(?:<T>|<N> (?:(?:equal|<U>) )?{_PARTS}) (?:at|of) <A>"
        rf"(?: each| {_EACH} <U>)?",
        instalments="{count}",
        every="{every}",
        to="{amount}",
    ),
    form(
        "split",
        rf"(?:pay |payments? of )?(?:<L> )?<A> {_EACH} (?:<U>|{_PARTS})(?: (?:<L>))?"
        rf"(?: (?:for|over) (?:(?:the next )?<T>|<N> {_PARTS}))?"
        r"(?: until (?:it is )?(?:paid(?: off)?|cleared))?",
        instalments="{count}",
        every="{every}",
        to="{amount}",
        to_is="{bound}",
    ),
    form(
        "split",
        r"(?:pay |payments? of )?<A> (?P<every>monthly|weekly|fortnightly)"
        rf"(?: for (?:<T>|<N> {_PARTS}))?",
        instalments="{count}",
        to="{amount}",
        every="{every}",
    ),
    form(
        "split",
        rf"<U> {_PARTS} of (?:<L> )?<A>",
        to="{amount}",
        every="{every}",
        to_is="{bound}",
    ),
    form(
        "split",
        r"(?:an? )?<T>(?: repayment| payment)? plan",
        instalments="{count}",
        every="{every}",
    ),
    form(
        "split",
        rf"(?:(?:pay|spread|clear|repay) )?(?:the )?arrears (?:over|in) (?:<T>|<N> {_PARTS})"
        rf"(?: on top(?: of (?:the|your) (?:normal |usual |contractual )?{_PARTS})?)?",
        instalments="{count}",
        per="{every}",
        of="arrears",
    ),
    form(
        "split",
        rf"(?:(?:reduce|lower) (?:the |your )?{_PARTS} to|(?:the |your )?{_PARTS} "
        r"(?:reduced|lowered) to) <A>(?: (?:a|per) <U>)?",
        to="{amount}",
        every="{every}",
    ),
    # amounts that change
    form(
        "stage",
        rf"token {_PARTS} of <A>(?: {_EACH} <U>)? for (?:the next )?(?:<T>|<N> {_PARTS})",
        count="{count}",
        amount="{amount}",
        every="{every}",
        alone="yes",
    ),
    form(
        "stage",
        rf"(?:for )?(?:the )?first (?:<T>|<Y>|<N> (?:months|{_PARTS})),? (?:at |of )?<A>"
        rf"(?: {_EACH} <U>)?",
        count="{count}",
        amount="{amount}",
        every="{every}",
    ),
    form(
        "stage",
        rf"<A>(?: {_EACH} <U>| each)? for the first (?:<T>|<Y>|<N> (?:months|{_PARTS}))",
        count="{count}",
        amount="{amount}",
        every="{every}",
    ),
    form(
        "follow",
        rf"(?:and )?then <A>(?: {_EACH} <U>| <U>| each)?(?: for (?:<T>|<N> {_PARTS}))?"
        r"(?: (?:after that|thereafter|afterwards))?",
        amount="{amount}",
        every="{every}",
        count="{count}",
    ),
    form(
        "follow",
        rf"<A>(?: {_EACH} <U>)? (?:after that|thereafter|afterwards|from then on)"
        rf"|(?:after that|thereafter|afterwards|from then on) <A>(?: {_EACH} <U>)?",
        amount="{amount}",
        every="{every}",
    ),
    form(
        "step-up",
        rf"(?:{_PARTS} )?(?:rising|rise|going up|increasing|stepped up|step up) (?:by )?<P> "
        r"every (?:<T>|<Y>)",
        rise="{share}",
        every="{count}",
        per="{every}",
    ),
    # what is left for the end
    form(
        "rest-end",
        r"(?:then )?(?:the )?(?:rest|balance|remainder)(?: (?:due|payable|cleared|paid))?"
        r"(?: is)?(?: (?:due|payable|cleared|paid))? (?:at the end|with the last (?:one|payment"
        r"|instalment)|in a final payment|as a final payment)",
    ),
    form(
        "rest-end",
        r"(?:the )?(?:last|final) (?:one|payment|instalment) (?:clears|pays off|settles) "
        r"(?:the (?:rest|balance|remainder)|it|what is left)",
    ),
    form(
        "balloon",
        r"(?:a )?balloon(?: payment)? of <X>(?: at the end)?"
        r"|(?:a )?<X> (?:as a )?balloon(?: at the end)?"
        r"|<X> left (?:to|for|until) the end",
        size="{size}",
    ),
    # part forgiven
    form("waive", rf"<P>(?: of)?(?: the)? <C>(?: is| are)? {_GONE}", share="{share}"),
    form("waive", r"<P> off(?: the)? <C>", share="{share}"),
    form("waive", r"(?:waive|forgive|drop|remove) <P>(?: of)?(?: the)? <C>", share="{share}"),
    form(
        "waive",
        r"(?:waive|forgive|write off|drop|remove)(?: (?:all|any|the|all the))? <C>",
        share="100%",
    ),
    form("waive", r"(?:the )?<C> (?:waived|reduced|cut)(?: by)? <P>", share="{share}"),
    form(
        "waive",
        r"(?:the |all |any |all the )?<C>(?: is| are)?(?: fully)? "
        r"(?:waived|forgiven|written off|dropped|removed)",
        share="100%",
    ),
    form("waive", r"(?:the )?<C>(?: is| are)? halved|half(?: of)?(?: the)? <C>", share="50%"),
    form("", r"no (?:more|further|new|future) (?:late )?(?:fees?|charges?)(?: from now on)?"),
    # a lower rate
    form(
        "rate",
        r"(?:at )?(?:an? |the )?(?:(?:interest )?rate|apr) (?:(?:is )?(?:of |to |at |is |cut to "
        r"|lowered to |reduced to |dropped to |down to ))?<R>"
        rf"{_FOR}",
        rate="{rate}",
        for_="{count}",
        per="{every}",
    ),
    form(
        "rate",
        r"(?:at )?<R> (?:interest(?: rate)?|rate|apr|a year|per year|per annum|p\.?a\.?)"
        rf"{_FOR}",
        rate="{rate}",
        for_="{count}",
        per="{every}",
    ),
    form(
        "rate",
        rf"(?:interest )?at <R>{_FOR}|(?P<rate>0\s?%) for (?:<T>|the first (?:<T>|<Y>))",
        rate="{rate}",
        for_="{count}",
        per="{every}",
    ),
    form(
        "rate",
        r"interest (?:of|cut to|lowered to|reduced to|down to) <R>"
        rf"{_FOR}"
        r"|(?:reduce|lower|cut|drop) (?:the |your )?(?:interest(?: rate)?|rate|apr) to <R>"
        r"(?: for <T>)?",
        rate="{rate}",
        for_="{count}",
        per="{every}",
    ),
    form("rate", r"(?:the )?(?:interest )?rate (?:is )?(?:halved|cut in half)", cut="50%"),
    form("rate", r"half (?:the )?(?:interest )?rate", cut="50%"),
    form(
        "rate",
        r"interest[- ]free|no (?:more |further )?interest|without (?:further )?interest"
        r"|(?:freeze|stop)(?: (?:the|all))? interest|interest (?:is )?(?:frozen|stopped)"
        r"|no interest from now on",
        rate="0%",
    ),
    form(
        "freeze",
        r"(?:no interest|interest (?:is )?(?:frozen|stopped)|interest[- ]free"
        r"|(?:freeze|stop)(?: the)? interest) for (?:<T>|the first (?:<T>|<Y>))",
        periods="{count}",
        per="{every}",
    ),
    # no payments for a while
    form(
        "defer",
        rf"(?:defer(?:ral|red)?|postponed?|paused?|delay(?:ed)?|{_BREAK})(?: of| for| by)? "
        r"(?:<T>|<N>[ -]instalments?)",
        instalments="{count}",
        per="{every}",
    ),
    form(
        "defer",
        rf"(?:a )?(?:<T>|<N>[ -]instalments?)(?:'s?)?[ -](?:{_BREAK}|deferred)",
        instalments="{count}",
        per="{every}",
    ),
    form(
        "defer",
        r"(?:no payments?|nothing(?: (?:due|to pay))?|payments? (?:suspended|stopped)) for "
        r"(?:the first )?<T>|(?:skip|miss) (?:<T>|(?:the )?(?:next )?<N> (?:payments|instalments))",
        instalments="{count}",
        per="{every}",
    ),
    form(
        "defer",
        r"(?:interest[- ]free|no interest) (?:meanwhile|(?:during|in) the (?:deferral|pause|holiday"
        r"|break))",
        interest="waive",
    ),
    form(
        "defer",
        r"(?:pay )?interest[- ]only (?:payments )?for (?:the first )?<T>"
        r"|only (?:the )?interest for (?:the first )?<T>",
        instalments="{count}",
        per="{every}",
        of="principal",
    ),
    # term
    form(
        "extend",
        r"extend(?:ed)?(?: the)?(?: (?:term|loan))? by (?:<T>|<N> instalments)"
        r"|(?:the )?term extended by (?:<T>|<N> instalments)",
        instalments="{count}",
        per="{every}",
    ),
    # part settles the whole
    form(
        "settle",
        r"(?:pay|settle(?: for| at)?|(?:a )?(?:reduced )?settlement(?: offer)? (?:of|at)"
        r"|(?:a )?lump sum of) <P>"
        rf"(?: of (?:it|what is owed|the debt|the balance))?{_SETTLED}?"
        rf"(?: in <N> (?:{_PARTS}|months))?{_BY}",
        share="{share}",
        in_="{count}",
        by="{until}",
    ),
    form(
        "settle",
        r"<P> (?:off|discount)(?: (?:the )?(?:balance|debt|total))? "
        r"(?:to settle|if (?:you |it is )?(?:settled?|pa(?:y|id)(?: it)? (?:off|in full)))"
        r"(?: (?:now|today|at once|in full))?|settle (?:at|with) an? <P> discount",
        share="{rest}",
    ),
    form(
        "settle",
        rf"<P>{_SETTLED}(?: (?:in|over) (?:<N> (?:{_PARTS}|months)))?{_BY}",
        share="{share}",
        in_="{count}",
        by="{until}",
    ),
    form(
        "settle",
        rf"(?:a )?(?:(?:reduced )?settlement(?: offer)?|lump sum|one[- ]off payment) of <A>"
        r"(?: (?:to|that) (?:clears?|settles?)(?: (?:the debt|it|everything))?)?"
        rf"(?: in <N> (?:{_PARTS}|months))?{_BY}",
        paid="{amount}",
        in_="{count}",
        by="{until}",
    ),
    form(
        "settle",
        rf"(?:(?:pay )?<A>{_SETTLED})(?: in <N> (?:{_PARTS}|months))?{_BY}",
        paid="{amount}",
        in_="{count}",
        by="{until}",
    ),
    form(
        "settle",
        rf"settle (?:for|at) <A>(?: in <N> (?:{_PARTS}|months))?{_BY}",
        paid="{amount}",
        in_="{count}",
        by="{until}",
    ),
    form(
        "rest",
        r"(?:the )?(?:rest|remainder|balance)(?: is)? (?:forgiven|waived|written off)",
    ),
)
"""Tried in this order; a phrase must be one of them from its first to its last character."""

ENGLISH_DOUBTS: tuple[Doubt, ...] = (
    Doubt(
        r"(?:no|without) (?:late )?(?:fees?|charges?)",
        ("late fees waived", "no more late fees"),
    ),
    Doubt(
        r".*\b(?:bi-?weekly|twice[- ]monthly|bi-?monthly)\b.*",
        ("100 every two weeks", "100 a week"),
    ),
    Doubt(
        r"(?:a )?<P> (?:off|discount|reduction)",
        ("20% of the penalty waived", "20% of the principal waived", "settle for 80%"),
    ),
    Doubt(r"<T> interest[- ]free", ("24 interest-free instalments", "no interest for 24 months")),
    Doubt(
        r"(?:pay )?(?:the )?principal only|only (?:the )?principal",
        (
            "interest, penalty and fees waived",
            "interest, penalty and fees waived, interest-free",
        ),
    ),
)
ENGLISH_INTEREST = ("rate halved", "no more interest")
"""How to say that interest to come is less, or none."""

ENGLISH_CONDITIONS = (
    r"(?:after|once there are) <N> (?:on[- ]time|punctual) (?:instalments|payments|months)",
    r"(?P<completion>on completion|at the end|once (?:paid|cleared))",
)
"""When a waiver holds; said with it or on its own."""
