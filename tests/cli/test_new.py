"""`replan new`, through a pipe and from options."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from cli.run import run

QUICK = ("--quick", "--payoff", "12,345", "--instalment", "1,100", "--left", "12")
ANSWERS = ["CN", "", "2026-11-22", "Lender", "3", "-", "12345", "0", "-", "1100", "12"]
REST = ["2026-12-22", "-", "n", "n", "sum", "900", "job-loss", ""]


def read(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def test_answers_from_a_pipe_make_a_case(tmp_path: Path) -> None:
    """The file is private, complete, and what check says of it is printed."""
    done = run("new", "c.json", stdin="\n".join([*ANSWERS, *REST, ""]), cwd=tmp_path)
    case = read(tmp_path / "c.json")

    assert 0 == done.returncode
    assert "≈ 12.55%" in done.stdout
    assert "replan compare c.json" in done.stderr
    assert ("900", "job-loss") == (case["surplus"], case["hardship"]["cause"])
    assert 0o600 == stat.S_IMODE((tmp_path / "c.json").stat().st_mode)


def test_interview_that_is_left_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """The draft is private and goes away with the end."""
    left = run("new", "c.json", stdin="\n".join([*ANSWERS, "q", ""]), cwd=tmp_path)
    draft = tmp_path / "c.draft.json"
    mode = stat.S_IMODE(draft.stat().st_mode)
    done = run("new", "c.json", stdin="\n".join([*REST, ""]), cwd=tmp_path)

    assert (1, 0o600, 0) == (left.returncode, mode, done.returncode)
    assert "11 answers kept" in done.stderr
    assert ["c.json"] == [path.name for path in tmp_path.iterdir()]


def test_end_of_the_input_keeps_the_answers(tmp_path: Path) -> None:
    """A pipe that ends too early is like leaving."""
    done = run("new", "c.json", stdin="CN\n", cwd=tmp_path)

    assert 1 == done.returncode
    assert {"jurisdiction": "CN"} == read(tmp_path / "c.draft.json")["answers"]


def test_window_that_is_closed_keeps_the_answers(tmp_path: Path) -> None:
    """The draft is written before each question: a process that is killed has lost nothing."""
    call = [sys.executable, "-X", "utf8", "-m", "replan", "new", "c.json", "--lang", "en"]
    with subprocess.Popen(  # noqa: S603  # our own program
        call,
        cwd=tmp_path,
        encoding="utf-8",
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as left:
        assert left.stdin is not None
        assert left.stderr is not None
        left.stdin.write("CN\n人民币\n")
        left.stdin.flush()
        while "On which day" not in left.stderr.readline():
            pass
        left.kill()

    expected = {"jurisdiction": "CN", "currency": "CNY"}
    assert expected == read(tmp_path / "c.draft.json")["answers"]


def test_what_was_written_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Two windows ask for the same file: the second case gets a name of its own."""
    call = [sys.executable, "-X", "utf8", "-m", "replan", "new", "c.json", "--lang", "en"]
    with subprocess.Popen(  # noqa: S603  # our own program
        call, cwd=tmp_path, encoding="utf-8", stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as second:
        assert second.stderr is not None
        second.stderr.readline()
        (tmp_path / "c.json").write_text("mine", encoding="utf-8")
        told = second.communicate("\n".join([*ANSWERS, *REST, ""]))[1]

    assert "Written: c-2.json" in told
    assert "mine" == (tmp_path / "c.json").read_text(encoding="utf-8")


def test_help_back_and_faults_are_answered(tmp_path: Path) -> None:
    """A question mark explains, b goes back, a wrong answer is asked again; in Chinese too."""
    done = run("new", "--lang", "zh", stdin="?\nCN\nCNX\nb\nUS\n", cwd=tmp_path)

    assert "合同所在地" in done.stderr
    assert '"CNX" 不是' in done.stderr
    assert "[默认 USD]" in done.stderr


def test_quick_needs_no_questions(tmp_path: Path) -> None:
    """Options are enough; what was taken for granted is said."""
    done = run("new", "q.json", *QUICK, "--overdue", "35", "--as-of", "2026-11-22", cwd=tmp_path)
    compared = run("compare", "q.json", "--plan", "split 12", "--format", "json", cwd=tmp_path)
    data = json.loads(compared.stdout)

    assert (0, 0) == (done.returncode, compared.returncode)
    assert "Taken for granted: CN, CNY, as of 2026-11-22" in done.stderr
    assert "between 18.45% and 19.21%" in done.stdout
    assert ("18.45%", "19.21%") == (data["estimated"][0]["low"], data["estimated"][0]["high"])
    assert "charges" in {question["about"] for question in data["questions"]}


def test_quick_whose_contract_ends_at_zero(tmp_path: Path) -> None:
    """The derived case, paid as agreed, ends with the twelfth instalment."""
    run("new", "q.json", *QUICK, "--overdue", "35", "--as-of", "2026-11-22", cwd=tmp_path)
    shown = run("show", "q.json", "--plan", "contract", "--format", "json", cwd=tmp_path)
    rows = json.loads(shown.stdout)["debts"][0]["schedule"]

    assert "2200.00" == rows[0]["payment"]
    assert 11 == len(rows)
    assert abs(float(rows[-1]["payment"]) - 1100) < 1


def test_case_can_go_on_through_a_pipe(tmp_path: Path) -> None:
    """With `-` the case is printed, and nothing is written."""
    made = run("new", "-", *QUICK, "--overdue", "35", "--as-of", "2026-11-22", cwd=tmp_path)
    checked = run("check", "-", "--format", "json", stdin=made.stdout, cwd=tmp_path)

    assert (0, 0) == (made.returncode, checked.returncode)
    assert "12345.00" == json.loads(checked.stdout)["cases"][0]["outstanding"]
    assert [] == list(tmp_path.iterdir())


def test_quick_without_a_rate_says_why_and_writes_nothing(tmp_path: Path) -> None:
    """15,000 is more than twelve instalments of 1,100."""
    args = ("--quick", "--payoff", "15000", "--instalment", "1100", "--left", "12")
    done = run("new", "q.json", *args, cwd=tmp_path)

    assert 1 == done.returncode
    assert "13,200.00" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_quick_with_a_known_rate_asks_for_none(tmp_path: Path) -> None:
    """The parts of the payoff follow from it and stay estimates."""
    done = run("new", "q.json", *QUICK, "--rate", "18%", "--next-due", "2027-01-01", cwd=tmp_path)
    debt = read(tmp_path / "q.json")["debts"][0]

    assert 0 == done.returncode
    assert ("18%", ["principal", "interest"]) == (debt["rate"], debt["estimated"])


def test_draft_that_was_changed_by_hand_does_no_harm(tmp_path: Path) -> None:
    """Unknown keys are left out, a value that does not hold is asked for, another file refused."""
    answers = {"debts.x.owed": "3", "debts.0.owed": "\x1b[31mx", "income": "1", "zzz.0": "q"}
    draft = tmp_path / "c.draft.json"
    draft.write_text(json.dumps({"replan_draft": 1, "mode": "interview", "answers": answers}))
    done = run("new", "c.json", stdin="\n".join([*ANSWERS, *REST, ""]), cwd=tmp_path)
    (tmp_path / "d.draft.json").write_text("[]")
    refused = run("new", "d.json", cwd=tmp_path)

    assert (0, 2) == (done.returncode, refused.returncode)
    assert "12,345.00" in done.stdout


def test_quick_draft_goes_on_as_quick(tmp_path: Path) -> None:
    """The same questions are asked, with or without --quick."""
    run("new", "q.json", "--quick", stdin="CN\n\n\nLender\nq\n", cwd=tmp_path)
    done = run("new", "q.json", stdin="12345\n1100\n12\n" + "\n" * 9, cwd=tmp_path)

    assert 0 == done.returncode
    assert "clear it today" in done.stderr


def test_folder_that_is_missing_is_told_before_the_first_question(tmp_path: Path) -> None:
    """No answer is lost."""
    done = run("new", "none/c.json", stdin="CN\n", cwd=tmp_path)

    assert 2 == done.returncode
    assert "there is no folder" in done.stderr
    assert "law" not in done.stderr


def test_wrong_use_is_told(tmp_path: Path) -> None:
    """A value that cannot be read, options without --quick, a file that is there."""
    (tmp_path / "there.json").write_text("{}", encoding="utf-8")
    faults = [
        run("new", "q.json", "--quick", "--payoff", "12x", *QUICK[3:], cwd=tmp_path),
        run("new", "q.json", *QUICK[1:], cwd=tmp_path),
        run("new", "there.json", cwd=tmp_path),
    ]

    assert [2, 2, 2] == [fault.returncode for fault in faults]
    assert "--payoff: " in faults[0].stderr
    assert "Add --quick" in faults[1].stderr
    assert "there already" in faults[2].stderr


BILL = """剩余本金 12,345.67元
待还利息 345.12元
每期应还 1,100.00元
已还3/12期
年利率 18%
姓名：李四
"""


def test_pasted_values_are_shown_and_nothing_is_written(tmp_path: Path) -> None:
    """Each value stands beside the words it comes from."""
    done = run("new", "p.json", "--paste", stdin=BILL, cwd=tmp_path)

    assert 0 == done.returncode
    assert "剩余本金 12,345.67元" in done.stdout
    assert "--accept" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_accepted_values_make_a_case(tmp_path: Path) -> None:
    """What is not in the text is asked of the lender; nothing else of it is kept."""
    done = run("new", "p.json", "--paste", "--accept", "all", stdin=BILL, cwd=tmp_path)
    text = (tmp_path / "p.json").read_text(encoding="utf-8")
    debt = json.loads(text)["debts"][0]

    assert 0 == done.returncode
    assert ("12345.67", "18%", 9) == tuple(
        debt[k] for k in ("principal", "rate", "remaining_instalments")
    )
    assert "李四" not in text


def test_what_a_text_lacks_is_asked_for(tmp_path: Path) -> None:
    """Without a rate the accepted values wait in the draft, and the interview skips them."""
    text = "信用卡 本期账单应还款额人民币12,345.67元"
    taken = run("new", "p.json", "--paste", "--accept", "1", stdin=text, cwd=tmp_path)
    answers = ["CN", "CNY", "2026-11-22", "Bank", "card", "", "0", "-", "10%", "50", "-", "18%"]
    done = run(
        "new", "p.json", stdin="\n".join([*answers, "n", "n", "sum", "900", "", ""]), cwd=tmp_path
    )

    assert (1, 0) == (taken.returncode, done.returncode)
    assert "How much is owed today" not in done.stderr
    assert "12345.67" == read(tmp_path / "p.json")["debts"][0]["principal"]


def test_nothing_accepted_is_lost(tmp_path: Path) -> None:
    """Arrears without days overdue stay, and the days become a question."""
    text = "New Balance $5,678.90\nPast Due Amount $98.00\nPurchase APR 27.99%\nMinimum Payment $50"
    done = run("new", "p.json", "--paste", "--accept", "all", stdin=text, cwd=tmp_path)
    case = read(tmp_path / "p.json")

    assert 0 == done.returncode
    assert ("98.00", "credit-card") == tuple(case["debts"][0][k] for k in ("arrears", "product"))
    assert "days_past_due" in {question["about"] for question in case["questions"]}


def test_values_that_contradict_each_other_are_not_taken(tmp_path: Path) -> None:
    """More penalty than is owed in all."""
    text = "欠款总额 100元\n逾期罚息 200元\n年利率 18%"
    done = run("new", "p.json", "--paste", "--accept", "all", stdin=text, cwd=tmp_path)

    assert 1 == done.returncode
    assert "100 in all, less these parts, leaves -100" in done.stderr
    assert [] == list(tmp_path.iterdir())


def test_wrong_choice_is_told(tmp_path: Path) -> None:
    """A number that is not in the list, and a text with nothing in it."""
    wrong = run("new", "p.json", "--paste", "--accept", "77", stdin=BILL, cwd=tmp_path)
    nothing = run("new", "p.json", "--paste", "--accept", "all", stdin="hello", cwd=tmp_path)

    assert (2, 1) == (wrong.returncode, nothing.returncode)
    assert "numbers from the list" in wrong.stderr
    assert "Nothing that belongs into a case" in nothing.stderr
