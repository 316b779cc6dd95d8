"""`replan propose --templates` and `replan templates`: one's own letters and offers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.proposals import propose
from cli.run import run


def write_templates(folder: Path, **texts: str) -> str:
    """Write templates into a folder of their own and return its name."""
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return str(folder)


def test_all_faults_of_templates_are_told_at_once(tmp_path: Path) -> None:
    """File, line, what was probably meant; nothing is written."""
    own = write_templates(tmp_path / "own", letter="# L\n{senderr}\n{asks} x\n", offer="a { b\n")
    code, said = propose(tmp_path, "--templates", own)

    assert 2 == code
    assert "letter.txt:2: there is no {senderr}. Did you mean {sender}?" in said
    assert "letter.txt:3: {asks} stands for a table or a list." in said
    assert "offer.txt:1: a brace stands alone." in said
    assert not (tmp_path / "out").exists()


def test_templates_that_ship_can_be_taken_and_changed(tmp_path: Path) -> None:
    """Written out they make the same pack; one that is changed changes its document alone."""
    done = run("templates", "own", cwd=tmp_path)
    again = run("templates", "own", cwd=tmp_path)
    letter = tmp_path / "own/en/letter.txt"
    letter.write_text(letter.read_text("utf-8").replace("Yours faithfully", "Yours truly"), "utf-8")
    code, _ = propose(tmp_path, "--templates", str(tmp_path / "own"), "--lang", "en")
    written = (tmp_path / "out/card/lender/letter.md").read_text("utf-8")

    assert (0, 2, 0) == (done.returncode, again.returncode, code)
    assert 20 == len(list((tmp_path / "own").glob("*/*.txt")))
    assert "Yours truly" in written
    assert "What I ask you for" in written


def test_what_the_law_or_a_lender_asks_for_is_missed(tmp_path: Path) -> None:
    """A warning: the text may say it in other words. Ours lack nothing."""
    own = write_templates(tmp_path / "own", offer="# Offer\n\n{runs_table}\n\n{asks}\n")
    code, said = propose(tmp_path, "--templates", own)

    assert 0 == code
    assert "offer.txt has no {article_table}: an agreement under article 70 must contain" in said
    assert "offer.txt has no {condition}: a waiver under a condition would look like" in said
    assert "offer.txt has no {account}, {rate}, {balance_table}: a lender asks for that" in said
    assert "letter.txt has no" not in said


@pytest.mark.parametrize(
    ("expected", "texts"),
    [("holds no template", {}), ("letter.txt is empty", {"letter": " \n"})],
)
def test_templates_that_are_none(expected: str, texts: dict[str, str], tmp_path: Path) -> None:
    """Not taken for the wish to send an empty letter."""
    code, said = propose(tmp_path, "--templates", write_templates(tmp_path / "own", **texts))

    assert 2 == code
    assert expected in said


def test_own_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    """One's own letter, in its language, with the same places; a file by another name is told."""
    own = tmp_path / "own" / "en"
    own.mkdir(parents=True)
    (own / "letter.txt").write_text("# Dear {creditor}\n{total}", encoding="utf-8")
    used = ["--templates", str(own.parent)]
    assert 0 == propose(tmp_path, *used)[0]
    letter = (tmp_path / "out/card/lender/letter.md").read_text(encoding="utf-8")
    (own / "leter.txt").write_text("x", encoding="utf-8")

    assert letter.startswith("# Dear Harbour ")
    assert "leter.txt is no template" in propose(tmp_path, *used, "--replace")[1]
