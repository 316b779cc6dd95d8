"""What people call their income and costs, and the category that each name has."""

from __future__ import annotations

from replan.model.categories import KNOWN, Side

_NAMES: dict[Side, dict[str, str]] = {
    "income": {
        **dict.fromkeys(("工资", "薪水", "薪资", "月薪", "pay", "job", "wages"), "wage"),
        **dict.fromkeys(("奖金", "年终奖"), "bonus"),
        **dict.fromkeys(("生意", "经营", "个体"), "business"),
        **dict.fromkeys(("失业金", "失业保险金", "unemployment benefit"), "unemployment"),
        **dict.fromkeys(("低保", "补贴", "补助", "benefit"), "benefits"),
        **dict.fromkeys(("养老金", "退休金"), "pension"),
        **dict.fromkeys(("亲友资助", "家人资助", "父母给的"), "family-support"),
        **dict.fromkeys(("child benefit", "育儿补贴"), "child-benefit"),
    },
    "expenses": {
        **dict.fromkeys(("房租", "租金"), "rent"),
        **dict.fromkeys(("物业费", "物业"), "property-fee"),
        **dict.fromkeys(("水电", "水电费", "水电燃气", "energy", "power"), "utilities"),
        **dict.fromkeys(("电费", "electric"), "electricity"),
        **dict.fromkeys(("燃气", "燃气费", "煤气"), "gas"),
        **dict.fromkeys(("水费",), "water"),
        **dict.fromkeys(("暖气", "取暖", "取暖费"), "heating"),
        **dict.fromkeys(("吃饭", "伙食", "伙食费", "买菜", "生活费"), "food"),
        **dict.fromkeys(("交通", "交通费", "bus", "travel", "train"), "transport"),
        **dict.fromkeys(("油费", "加油", "fuel"), "petrol"),
        **dict.fromkeys(("学费", "上学", "教育"), "school"),
        **dict.fromkeys(("保险", "保险费"), "insurance"),
        **dict.fromkeys(("社保", "社保费", "五险一金"), "social-insurance"),
        **dict.fromkeys(("药费", "看病", "医疗", "医药费", "medicine"), "medical"),
        **dict.fromkeys(("赡养", "赡养费", "父母", "给父母"), "parents"),
        **dict.fromkeys(("抚养费", "抚养"), "maintenance"),
        **dict.fromkeys(("孩子", "托儿", "保姆", "nursery"), "childcare"),
        **dict.fromkeys(("电话费", "话费", "手机", "mobile", "telephone"), "phone"),
        **dict.fromkeys(("宽带", "网费", "broadband"), "internet"),
        **dict.fromkeys(("衣服", "服装", "clothes"), "clothing"),
    },
}


def category_of(label: str, side: Side) -> str | None:
    """Return the category of a line that bears the usual name of one, else None.

    >>> category_of("房租", "expenses")
    'rent'
    """
    name = label.strip().lower()
    if name in _NAMES[side]:
        return _NAMES[side][name]
    known = name.replace(" ", "-")
    return known if known in KNOWN[side] else _by_ending(name, side)


def _by_ending(name: str, side: Side) -> str | None:
    """Return the category of a Chinese name that says whose or what for before it: 爱人工资."""
    fitting = [known for known in _NAMES[side] if not known.isascii() and name.endswith(known)]
    return _NAMES[side][max(fitting, key=len)] if fitting else None
