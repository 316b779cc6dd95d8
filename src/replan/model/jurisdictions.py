"""Jurisdictions: the law that a case's country or part of a country falls under."""

from __future__ import annotations

_EUROPEAN_UNION = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "EU", "FI", "FR", "GR", "HR"),
    *("HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
)


_OTHER_NAMES = {
    **dict.fromkeys(("GB", "ENGLAND", "WALES", "SCOTLAND", "NORTHERN IRELAND"), "uk"),
    "USA": "us",
    "CHINA": "cn",
    "PRC": "cn",
    "中国": "cn",
    "IRELAND": "eu",
    "AUSTRALIA": "au",
    "INDIA": "in",
}


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
