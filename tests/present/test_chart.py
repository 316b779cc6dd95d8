"""The bar chart."""

from __future__ import annotations

from replan.present.chart import bar, bars, thin


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
