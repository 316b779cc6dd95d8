"""Jurisdictions: the law that a case's country or part of a country falls under."""

from __future__ import annotations

import re

_EUROPEAN_UNION = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "EU", "FI", "FR", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


_OTHER_NAMES = {
    **dict.fromkeys(("GB", "ENGLAND", "WALES", "SCOTLAND", "NORTHERN IRELAND"), "uk"),
}
_CODES = {
    **dict.fromkeys(("CHINA", "PRC", "中国", "中国大陆", "大陆"), "CN"),
    **dict.fromkeys(("USA", "UNITED STATES", "美国"), "US"),
    **dict.fromkeys(("UNITED KINGDOM", "GREAT BRITAIN", "英国"), "GB"),
    **dict.fromkeys(("IRELAND", "爱尔兰"), "IE"),
    **dict.fromkeys(("AUSTRALIA", "澳大利亚"), "AU"),
    **dict.fromkeys(("INDIA", "印度"), "IN"),
    **dict.fromkeys(("HONG KONG", "香港", "中国香港"), "HK"),
    **dict.fromkeys(("TAIWAN", "台湾", "中国台湾"), "TW"),
    **dict.fromkeys(("MACAU", "澳门", "中国澳门"), "MO"),
    **dict.fromkeys(("SINGAPORE", "新加坡"), "SG"),
}
"""Names that people write for a country, and its ISO 3166 code."""
_ZONES = {"cn": "Asia/Shanghai", "uk": "Europe/London", "in": "Asia/Kolkata"}
"""Time zones of jurisdictions that have one (IANA time zone database, zone1970.tab)."""
_FORM = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,8}){0,3}", re.ASCII)


def jurisdiction_code(text: str) -> str | None:
    """Return the code of a country or of a part of it, None where the text names neither.

    >>> jurisdiction_code("中国"), jurisdiction_code("gb-sct"), jurisdiction_code("花呗")
    ('CN', 'GB-SCT', None)
    """
    name = text.strip().upper()
    code = _CODES.get(name, name)
    return code if _FORM.fullmatch(code) or code in _OTHER_NAMES else None


def pack_name(jurisdiction: str | None) -> str | None:
    """Name the pack that a case's jurisdiction belongs to, whether or not it ships.

    >>> pack_name("GB-SCT"), pack_name("IE"), pack_name("US-NY")
    ('uk', 'eu', 'us')
    """
    if not jurisdiction:
        return None
    country = jurisdiction.upper().split("-")[0]
    if country in _EUROPEAN_UNION:
        return "eu"
    return _OTHER_NAMES.get(country, country.lower())


def only_zone(jurisdiction: str | None) -> str:
    """Name the time zone of a jurisdiction that has one by law; empty where it has several.

    >>> only_zone("CN-440300"), only_zone("US-NY")
    ('Asia/Shanghai', '')
    """
    return _ZONES.get(pack_name(jurisdiction) or "", "")
