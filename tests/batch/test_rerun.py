"""A run is proved by making it again from its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from batch.test_portfolio import run, write
from batch.test_previous import rows


def made(folder: Path, *more: str, name: str = "o.csv") -> Path:
    """Make a run; give its manifest."""
    run(*write(folder, rows(8)), "-o", str(folder / name), *more)
    return folder / f"{name}.manifest.json"


def changed(manifest: Path, change: dict[str, Any]) -> None:
    """Write something else into a manifest."""
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | change), "utf-8")


@pytest.mark.parametrize("name", ["o.csv", "o.parquet", "o.arrow"])
def test_a_run_is_made_again_to_the_same_bytes(tmp_path: Path, name: str) -> None:
    """All that was given is in the manifest: columns, plans, segments, what was carried."""
    more = ["--segment", "region", "--carry", "region", "--objective", "cheapest", "--valid", "9"]
    more += ["--map", "penalty=fees", "--schedules", str(tmp_path / "s.csv")]
    manifest = made(tmp_path, *more, name=name)

    assert 0 == run("batch", "--verify", str(manifest), "--rerun", "--workers", "1").exit_code


def test_a_run_after_another_is_made_again(tmp_path: Path) -> None:
    """The earlier run and the reason for worse offers are taken up."""
    made(tmp_path, name="old.csv")
    poorer = [row | {"surplus": "30"} for row in rows(8)]
    args = ["--previous", str(tmp_path / "old.csv"), "--worsening", "error-corrected"]
    run(*write(tmp_path, poorer, "poor.csv"), "-o", str(tmp_path / "n.csv"), *args)
    manifest = str(tmp_path / "n.csv.manifest.json")

    assert 0 == run("batch", "--verify", manifest, "--rerun", "--workers", "1").exit_code


def test_a_row_that_was_touched_is_named(tmp_path: Path) -> None:
    """Not only that the output differs, but where."""
    manifest, output = made(tmp_path), tmp_path / "o.csv"
    output.write_text(output.read_text("utf-8").replace("split 6", "split 5", 1), "utf-8")
    entry = json.loads(manifest.read_text("utf-8"))["output"]
    changed(manifest, {"output": entry | {"sha256": "0"}})
    ended = run("batch", "--verify", str(manifest), "--rerun", "--workers", "1")

    assert 1 == ended.exit_code
    assert "differs. Then: " in ended.stderr
    assert "split 5" in ended.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mapping": "0" * 64}, "The mapping --map says something else"),
        ({"program": None}, "replan was 0.0.1, here it is"),
        ({"policy": {"id": "x", "version": "1", "digest": "0" * 64}}, "The policy x 1 says"),
    ],
)
def test_what_is_another_now_is_named_where_the_output_differs(
    tmp_path: Path, change: dict[str, Any], said: str
) -> None:
    """The cause stands before what follows from it."""
    manifest = made(tmp_path)
    told = json.loads(manifest.read_text("utf-8"))
    program = {"program": told["program"] | {"replan": "0.0.1"}}
    entry = {"output": told["output"] | {"sha256": "0" * 64}}
    changed(manifest, (program if change == {"program": None} else change) | entry)
    ended = run("batch", "--verify", str(manifest), "--rerun", "--workers", "1")

    assert 1 == ended.exit_code
    assert said in ended.stderr


def test_an_input_that_was_touched_is_named(tmp_path: Path) -> None:
    """Its digest is compared before anything is concluded from the output."""
    manifest = made(tmp_path)
    table = tmp_path / "in.csv"
    table.write_text(table.read_text("utf-8").replace("1037.50", "1037.60"), "utf-8")
    ended = run("batch", "--verify", str(manifest), "--rerun", "--workers", "1")

    assert 1 == ended.exit_code
    assert "in.csv is not the file that was written down" in ended.stderr
    assert "The figures under “sums”" in ended.stderr


def test_an_input_that_moved_is_named_on_the_command_line(tmp_path: Path) -> None:
    """A run may be proved elsewhere."""
    manifest = made(tmp_path)
    moved = (tmp_path / "in.csv").rename(tmp_path / "moved.csv")
    args = ["--verify", str(manifest), "--rerun", "--workers", "1"]

    assert 2 == run("batch", *args).exit_code
    assert 0 == run("batch", str(moved), *args).exit_code


def test_sums_that_do_not_add_up_are_found(tmp_path: Path) -> None:
    """A manifest that was edited by hand contradicts itself."""
    manifest = made(tmp_path)
    changed(manifest, {"rows": 9})
    ended = run("batch", "--verify", str(manifest))

    assert 1 == ended.exit_code
    assert "The total of rows does not add up: 9 is written down, the parts give 8" in ended.stderr
