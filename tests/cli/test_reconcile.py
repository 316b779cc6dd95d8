"""`replan check --reconcile` as a user runs it."""

from __future__ import annotations

import pytest

from cli.run import FAMILY, run


def test_an_explanation_ends_well() -> None:
    """The family's card as it stands on file."""
    done = run("check", FAMILY, "--reconcile", "¥28,610.95", "--debt", "card")
    assert (0, "") == (done.returncode, done.stderr)
    assert "what is on file as it stands" in done.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_figure_without_explanation_ends_with_one(lang: str) -> None:
    """The nearest are listed with how far they are off."""
    done = run("check", FAMILY, "--reconcile", "99999", "--debt", "card", "--lang", lang)
    assert (1, "") == (done.returncode, done.stderr)
    assert "99,999" in done.stdout


def test_no_amount_is_wrong_use() -> None:
    """The option is named."""
    done = run("check", FAMILY, "--reconcile", "much", "--debt", "card")
    assert 2 == done.returncode
    assert "--reconcile" in done.stderr
