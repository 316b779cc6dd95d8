"""The bar chart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from replan.present.chart import Column, bar, bars, columns, thin, to_ascii


def test_bars_share_one_scale() -> None:
    """The longest bar fills the room that labels and figures leave."""
    rows = [("a", "8.00", 8.0), ("b", "4.00", 4.0), ("c", "0.00", 0.0)]

    expected = ["a  8.00  ████████", "b  4.00  ████", "c  0.00"]
    assert expected == list(bars(rows, width=17))


def test_bar_is_drawn_in_eighths() -> None:
    """A remainder of a column is a thinner block; shares are held between nothing and all."""
    assert "█▍" == bar(11 / 64, 8)
    assert "" == bar(-1.0, 8)
    assert "█" * 8 == bar(2.0, 8)


def test_long_charts_show_every_kth_row_and_the_last() -> None:
    """The first and the last row are always there."""
    rows = [(str(n), "", float(n)) for n in range(61)]

    shown = [row[0] for row in thin(rows, 24)]

    assert shown[0] == "0"
    assert shown[-1] == "60"
    assert len(shown) <= 25


def test_nothing_to_draw_and_all_zero() -> None:
    """No rows make no chart; zeros make no bars."""
    assert [] == list(bars([], width=40))
    assert ["a  0"] == list(bars([("a", "0", 0.0)], width=40))


def drawn(*months: tuple[float, float | None], width: int = 12, height: int = 4) -> list[str]:
    """Draw months of (paid, left)."""
    named = [Column(f"m{n}", paid, left) for n, (paid, left) in enumerate(months)]
    return list(columns(named, lambda value: f"{value:.0f}", width=width, height=height))


def test_columns_show_payment_what_is_left_and_what_goes_beyond() -> None:
    """2 of 4, 4 of 4, and 4 where 2 are left: three signs, no colour."""
    assert [
        "4 │───███▒▒▒",
        "  │   ███▒▒▒",
        "2 │█████████",
        "  │█████████",
        "0 └─────────",
        "   m0     m2",
    ] == drawn((2, 4), (4, 4), (4, 2))


def test_without_a_surplus_there_is_no_line() -> None:
    """A household that was not judged has payments only."""
    assert {" ", "│", "█"} == set("".join(drawn((1, None), (2, None))[:4])) - set("0123456789")


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.none() | st.integers(-(10**6), 10**9)),
        max_size=200,
    )
)
def test_charts_fit_and_hide_no_shortfall(months: list[tuple[int, int | None]]) -> None:
    """However many months: within the width, and a month that is short shows."""
    lines = drawn(*[(float(p), None if s is None else float(s)) for p, s in months], width=80)
    short = any(s is not None and p > max(s, 0) for p, s in months)

    assert all(len(line) <= 80 for line in lines)
    assert short == ("▒" in "".join(lines))


def test_ascii_signs_stay_apart() -> None:
    """Payments, what is left and what goes beyond are three signs in ASCII as well."""
    plain = to_ascii("\n".join(drawn((2, 4), (4, 4), (4, 2))))

    assert plain.isascii()
    assert {"#", "-", "!"} <= set(plain)
