"""`replan counter`, as a counsellor at the phone runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.run import FAMILY, run

OTHERS = ("--others", "car: contract; *: split 60")
SAID = ("--recovery", "35%", "--recovery-months", "18", "--collection-cost", "500")


def test_what_to_act_on_comes_first() -> None:
    """No with the month and the gap, what to say, what not to do; 80 columns."""
    done = run("counter", FAMILY, "--debt", "card", "--offer", "30% down, 24 instalments", *OTHERS)
    lines = done.stdout.splitlines()

    assert (1, "") == (done.returncode, done.stderr)
    assert lines[0].startswith("They offer: 30% now; 24 instalments. You would pay CNY 8,583.29 on")
    assert lines[3].startswith("NO. 2026-11 asks for CNY 8,583.29; CNY 6,125.00 is left")
    assert "a first payment of 21% instead of 30%" in " ".join(lines[4:9])
    assert "Pay nothing before the agreement" in done.stdout
    assert all(len(line) <= 80 for line in lines)


def test_an_offer_that_fits_is_exit_code_0() -> None:
    """In Chinese, with how each phrase was read and the page marked as private."""
    offer = "24期,首付20%,罚息减免30%"
    done = run("counter", FAMILY, "--debt", "card", "--offer", offer, *OTHERS, *SAID,
               "--lang", "zh")  # fmt: skip

    assert 0 == done.returncode
    assert done.stdout.startswith("对方方案：现在还 20%；罚息减免 30 %；分 24 期。您要还：")
    assert "\n\n可以接受，但偏紧。" in done.stdout
    assert "首付20% → down 20%" in done.stdout
    assert "底线方案（保密）" in done.stdout
    assert "Target" not in done.stdout


def test_an_old_debt_is_warned_of_first(tmp_path: Path) -> None:
    """A payment can start the limitation period anew: that stands above the answer."""
    case = json.loads(Path(FAMILY).read_text("utf-8"))
    case["debts"][0] |= {"last_payment": "2022-09-05", "days_past_due": 1500}
    path = tmp_path / "old.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    done = run("counter", str(path), "--debt", "card", "--offer", "24期", *OTHERS, "--lang", "zh")

    first = done.stdout.splitlines()[0]
    assert "card" in first
    assert "时效" in done.stdout.partition("对方方案")[0]


@pytest.mark.parametrize(
    ("expected", "args"),
    [
        ('"pay when you can" could not be read', ["--offer", "pay when you can"]),
        ("12 instalments of 800.00 do not repay card", ["--offer", "5,000 now, 12 months at 800"]),
        ("is not a strategy", ["--offer", "split 24 + foo"]),
        ('for one debt, here "card"', ["--offer", "car: split 24"]),
        ("nothing is assumed", ["--offer", "split 24", "--recovery", "35%"]),
        ("no such pack", ["--offer", "split 24", "--policy", "nowhere"]),
        ("Missing option", []),
    ],
)
def test_wrong_use_is_named(expected: str, args: list[str]) -> None:
    """On stderr, with exit code 2, and nothing on stdout."""
    done = run("counter", FAMILY, "--debt", "card", *args)

    assert (2, "") == (done.returncode, done.stdout)
    assert expected in done.stderr


def test_the_refusal_is_in_chinese() -> None:
    """With the phrase and examples."""
    done = run("counter", FAMILY, "--debt", "card", "--offer", "看着办", "--lang", "zh")

    assert "“看着办”读不懂" in done.stderr
    assert "24期" in done.stderr


def test_as_data() -> None:
    """JSON is complete; CSV has a row per plan and per lever, the private one marked."""
    args = ("counter", FAMILY, "--debt", "card", "--offer", "24 instalments", "--ours",
            "defer 4 + split 36", *OTHERS[:1], "*: contract", *SAID)  # fmt: skip
    data = json.loads(run(*args, "--format", "json").stdout)
    rows = run(*args, "--format", "csv").stdout.splitlines()

    assert {"verdict", "say", "offer", "ours", "levers", "exchange", "zone"} <= set(data)
    assert "deferral" in {row["lever"] for row in data["levers"]}
    assert [row for row in rows if row.startswith("card,walk_away") and row.endswith(",yes")]


def test_redacted_debts_are_named_in_offers_too() -> None:
    """Both names are understood; the page has only the new one."""
    done = run("counter", FAMILY, "--redact", "--debt", "card", "--offer", "card: split 24",
               "--ours", "debt-1: split 36", "--others", "car: contract; *: split 60")  # fmt: skip

    assert "Their offer for debt-1" in done.stdout
    assert "海川" not in done.stdout
    assert "card" not in done.stdout.partition("What the law says")[0]


@pytest.mark.parametrize("form", ["md", "text", "html"])
def test_other_forms(form: str, tmp_path: Path) -> None:
    """The same page."""
    out = tmp_path / f"page.{form}"
    run("counter", FAMILY, "--debt", "card", "--offer", "24 instalments", *OTHERS,
        "--format", form, "-o", str(out))  # fmt: skip

    assert "Walk-away" in out.read_text("utf-8")
