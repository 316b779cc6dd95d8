"""How steps are said in Chinese."""

from __future__ import annotations

from .spoken_forms import Doubt, Form, form

_FREE = "减免|免除|豁免|减|免"
_LOWER = r"(?:降至|降到|降为|调至|调到|按|为|是|至)?"
_REST = r"(?:其余|剩余|剩下|剩下的|余下|余款|本金|(?:全部|总)?欠款)?"
_REPAY = r"(?:还清|偿还|归还|还款|结清|还|分期)?"
_PAY = r"(?:支付|归还|偿还|还款|还|付)?"
_STOP = "免息|停息|不计息|免利息|零利息|无息"
_ONCE = r"(?:一次性|一次)?"

CHINESE: tuple[Form, ...] = (
    # a first payment
    form(
        "down",
        r"(?:首付款?|首期还款|首期款?|先付|先还|先交|预付|今天付|今天还|现在付|现在还)<X>",
        amount="{size}",
    ),
    form("down", r"<X>首付款?", amount="{size}"),
    # instalments
    form(
        "split",
        rf"{_REST}(?:{_STOP})(?:分期?|分成|分为)?<N>(?:个?月)?期(?:{_REPAY}|分期)?"
        rf"|{_REST}(?:分|分成)?<N>期(?:{_STOP})(?:分期|还款|还)?",
        ("rate", {"rate": "0%"}),
        instalments="{count}",
    ),
    form(
        "split",
        rf"{_REST}(?:{_STOP})(?:分|分成|分期)<T>{_REPAY}|<T>(?:{_STOP})分期",
        ("rate", {"rate": "0%"}),
        instalments="{count}",
        every="{every}",
    ),
    form(
        "split",
        rf"停息挂账(?:分|分成)?<N>期{_REPAY}",
        ("rate", {"rate": "0%"}),
        instalments="{count}",
    ),
    form(
        "split",
        rf"{_REST}(?:可以?|能)?(?:<B>)?(?:可以?|能)?(?:(?:个性化)?分期?|分成|分为|改为|改成|展期至|延长至"
        rf"|还款|做|办理?)?(?:<B>)?<N>期{_REPAY}",
        instalments="{count}",
        count_is="{bound}",
    ),
    form(
        "split",
        rf"{_REST}(?:分|分成|在|按)<T>(?:内|之内)?{_REPAY}|<T>(?:内|之内)?(?:还清|结清|还完)|<T>分期"
        rf"|{_REST}(?:<B>)(?:可以?|能)?(?:分期?|分成|展期至|延长至)?<T>(?:内|之内)?{_REPAY}"
        rf"|{_REST}(?:可以?|能)?(?:分期?|分成|展期至|延长至)(?:<B>)<T>{_REPAY}",
        instalments="{count}",
        every="{every}",
        count_is="{bound}",
    ),
    form(
        "split",
        rf"(?:<L>)?每期{_PAY}(?:<L>)?{_PAY}<A>",
        to="{amount}",
        to_is="{bound}",
    ),
    form(
        "split",
        rf"(?:<L>)?(?:每个?月{_PAY}|月供|月还|每月固定还)(?:<L>)?{_PAY}<A>(?:还清为止)?",
        to="{amount}",
        every="month",
        to_is="{bound}",
    ),
    form(
        "split", rf"每(?:两|2)个?(?:周|星期){_PAY}<A>|双周{_PAY}<A>", to="{amount}", every="2-weeks"
    ),
    form("split", rf"每个?(?:周|星期){_PAY}<A>", to="{amount}", every="week"),
    form(
        "split",
        rf"<N>期每期{_PAY}<A>|每期{_PAY}<A>(?:共|一共|分)?<N>期",
        instalments="{count}",
        to="{amount}",
    ),
    # amounts that change
    form(
        "stage",
        rf"(?:前|头)(?:<T>|<N>期)(?:每个?月|每期|月供|每月固定)?{_PAY}<A>",
        count="{count}",
        amount="{amount}",
        every="{every}",
    ),
    form(
        "follow",
        rf"(?:之后|以后|此后|后面|后期|后续|然后|再)(?:的?<N>期)?(?:每个?月|每期|月供)?{_PAY}<A>",
        amount="{amount}",
        count="{count}",
    ),
    form(
        "follow",
        rf"(?:后)(?:<T>|<N>期)(?:每个?月|每期|月供)?{_PAY}<A>",
        amount="{amount}",
        count="{count}",
    ),
    form(
        "step-up",
        r"(?:月供|每期)?每<T>(?:递增|提高|上调|增加)<P>",
        rise="{share}",
        every="{count}",
        per="{every}",
    ),
    # what is left for the end
    form(
        "rest-end",
        r"(?:余款|尾款|剩余|剩下的?|其余)?(?:部分)?最后一期(?:一次性?)?(?:还清|结清|付清|清偿)"
        r"(?:余款|剩余(?:部分)?|尾款|全部)?",
    ),
    form(
        "rest-end",
        r"(?:余款|尾款|剩余|剩下的?|其余)(?:部分)?(?:到期|最后|期末|到期后)(?:一次性?)?"
        r"(?:还清|结清|付清|还|付|偿还)",
    ),
    form(
        "balloon",
        r"(?:尾款|气球款|末期尾款)(?:为|是|留)?<X>|(?:留|留下)<X>(?:作|做|当)?尾款",
        size="{size}",
    ),
    # part forgiven
    form("waive", rf"<C>(?:可以?|能)?(?:{_FREE}|减少)<P>", share="{share}"),
    form("waive", rf"(?:{_FREE})<P>的?<C>", share="{share}"),
    form("waive", rf"(?:{_FREE})<C><P>", share="{share}"),
    form("waive", rf"<P>的?<C>(?:{_FREE})", share="{share}"),
    form(
        "waive",
        r"<C>(?:可以?|能)?(?:全免|都免|免掉|全部减免|全额减免|全部免除|全部豁免|全部免掉)",
        share="100%",
    ),
    form("waive", r"(?:全免|免除|豁免|全额减免|免掉|免)(?:全部)?<C>", share="100%"),
    form("waive", r"<C>减半", share="50%"),
    form("waive", r"<C>打?<F>折", share="{fold_off}"),
    form("", r"(?:延期|宽限)?期间(?:利息照算|照常计息|正常计息)"),
    form("", r"(?:以后|今后|后续)不再?(?:收|产生)(?:滞纳金|违约金)"),
    # a lower rate
    form(
        "rate",
        rf"(?P<base>年化利率|年利率|年化|年息|日利率|日息|月利率|月息|利率){_LOWER}"
        r"(?P<rate>\d+(?:\.\d+)?\s?[%‰]|[百万]分之[\d.零一二三四五六七八九十]+)",
        rate="{base}{rate}",
    ),
    form("rate", r"(?:年)?利率减半", cut="50%"),
    form("rate", r"(?:年)?利率打<F>折", cut="{fold_off}"),
    form(
        "rate",
        rf"(?:{_STOP})(?:分期)?|停息挂账|停止计息|不再计息|不再计收利息|后续不计息|以后不计息",
        rate="0%",
    ),
    form(
        "freeze",
        rf"<T>(?:内|之内)?(?:{_STOP})|(?:{_STOP}|停止计息|暂停计息)<T>",
        periods="{count}",
        per="{every}",
    ),
    # no payments for a while
    form(
        "defer",
        r"(?:延期|延后|暂缓|缓|推迟|宽限期?|停还|延迟|缓还|缓交|暂停)(?:还款)?"
        r"(?:<T>|<N>(?:个?(?P<every>月)|期))(?:还款|还)?",
        instalments="{count}",
        per="{every}",
    ),
    form(
        "defer",
        r"(?:<T>|<N>个?(?P<every>月))的?(?:宽限期?|延期|缓还|缓缴)",
        instalments="{count}",
        per="{every}",
    ),
    form(
        "defer",
        r"(?:前|先)?<T>(?:内|之内)?(?:先)?(?:不用还款?|不还款?|无需还款|免还)|先?不(?:用)?还(?:款)?<T>",
        instalments="{count}",
        per="{every}",
    ),
    form("defer", rf"(?:延期|宽限|缓还)?期间(?:{_STOP})", interest="waive"),
    form(
        "defer",
        r"(?:前|头|先)?<T>(?:先)?只(?:还|付)(?:利息|息)|先息后本<T>",
        instalments="{count}",
        per="{every}",
        of="principal",
    ),
    # term
    form("extend", r"(?:展期|期限延长|延长)(?:<T>|<N>期)", instalments="{count}", per="{every}"),
    # part settles the whole
    form(
        "settle",
        rf"{_ONCE}{_PAY}<P>{_ONCE}(?:分<N>期)?(?:结清|还清)",
        share="{share}",
        in_="{count}",
    ),
    form(
        "settle",
        rf"{_ONCE}{_PAY}<A>{_ONCE}(?:分<N>期)?结清",
        paid="{amount}",
        in_="{count}",
    ),
    form(
        "settle",
        rf"{_ONCE}打?<F>折{_ONCE}(?:分<N>期)?(?:结清|还清)|{_ONCE}(?:还清?|结清|付)打?<F>折",
        share="{fold}",
        in_="{count}",
    ),
    form(
        "settle",
        rf"{_ONCE}(?:还|付)?本金的?打?<F>折{_ONCE}(?:分<N>期)?(?:结清|还清)",
        principal="{fold}",
        in_="{count}",
    ),
    form(
        "settle",
        rf"{_ONCE}(?:还|付)?本金的?<P>{_ONCE}(?:分<N>期)?(?:结清|还清)",
        principal="{share}",
        in_="{count}",
    ),
    form(
        "settle",
        rf"减免<P>后?{_ONCE}结清|{_ONCE}(?:结清|还清)(?:的?话?)?(?:可以?|能)?(?:减免|优惠)<P>",
        share="{rest}",
    ),
    form("rest", r"(?:余款|剩余|其余|剩下的?)(?:部分)?(?:全部)?(?:减免|免除|豁免|不用还|免掉)"),
)
"""Tried in this order; a phrase must be one of them from its first to its last character."""

CHINESE_DOUBTS: tuple[Doubt, ...] = (
    Doubt(r"打?<F>折", ("罚息打八折", "本金打八折", "八折结清")),
    Doubt(r"(?:减免|优惠|减|免)<P>", ("罚息减免20%", "本金减免20%", "减免20%结清")),
    Doubt(r"(?:只还|仅还|还)本金", ("息费全免", "息费全免，免息", "本金的100%结清")),
    Doubt(
        r"没有?(?:滞纳金|违约金)|(?:不收|免收)(?:滞纳金|违约金)", ("违约金全免", "以后不收违约金")
    ),
)
CHINESE_INTEREST = ("利率减半", "以后不计息")
"""How to say that interest to come is less, or none."""

CHINESE_CONDITIONS = (
    r"(?:按时|按期)(?:还款?)?满?<N>期后(?:生效)?",
    r"(?P<completion>(?:结清|还清)后)",
)
"""When a waiver holds; said with it or on its own."""
