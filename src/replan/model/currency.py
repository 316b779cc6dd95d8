"""Currencies: how many decimals each has (ISO 4217) and the signs that people write for it."""

from __future__ import annotations

from decimal import Decimal

_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS = "CLF UYW"
_TWO_DECIMALS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""

EXPONENTS: dict[str, int] = {
    code: exponent
    for exponent, codes in enumerate(
        (_NO_DECIMALS, "", _TWO_DECIMALS, _THREE_DECIMALS, _FOUR_DECIMALS)
    )
    for code in codes.split()
}
"""Decimals of each ISO 4217 currency; funds and metals without a minor unit are left out."""

_DOLLAR_CODES = """
USD AUD BBD BMD BND BSD BZD CAD FJD GYD HKD JMD KYD LRD MOP NAD NZD SBD SGD SRD TTD TWD XCD
ARS CLP COP CUP DOP MXN UYU
"""
_DOLLARS = frozenset(_DOLLAR_CODES.split())
SIGNS: dict[str, frozenset[str]] = {
    "人民币": frozenset({"CNY"}),
    "rmb": frozenset({"CNY"}),
    "块钱": frozenset({"CNY"}),
    "块": frozenset({"CNY"}),
    "us$": frozenset({"USD"}),
    "hk$": frozenset({"HKD"}),
    "nt$": frozenset({"TWD"}),
    "a$": frozenset({"AUD"}),
    "c$": frozenset({"CAD"}),
    "r$": frozenset({"BRL"}),
    "元": frozenset({"CNY", "TWD", "HKD", "MOP"}),
    "圆": frozenset({"CNY", "JPY"}),
    "円": frozenset({"JPY"}),
    "¥": frozenset({"CNY", "JPY"}),
    "$": _DOLLARS,
    "£": frozenset({"GBP", "EGP", "FKP", "GIP", "SHP"}),
    "€": frozenset({"EUR"}),
    "₩": frozenset({"KRW"}),
    "₹": frozenset({"INR"}),
    "₽": frozenset({"RUB"}),
    "₫": frozenset({"VND"}),
    "₱": frozenset({"PHP"}),
    "₦": frozenset({"NGN"}),
    "₺": frozenset({"TRY"}),
    "₴": frozenset({"UAH"}),
    "฿": frozenset({"THB"}),
    "zł": frozenset({"PLN"}),
    "kč": frozenset({"CZK"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
"""Signs as written (lower case, longest first where one contains another) and who uses them."""


def minor_unit(currency: str) -> Decimal:
    """Return one minor unit in major units: 0.01 for CNY, 1 for JPY, 0.001 for KWD.

    >>> minor_unit("KWD")
    Decimal('0.001')
    """
    return Decimal(1).scaleb(-EXPONENTS[currency])
