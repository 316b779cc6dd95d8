"""A case with secrets, and the pack that is written of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from typer.testing import CliRunner

from replan.cli import app
from replan.errors import ReplanError

SECRETS = {
    "note": "Qnote",
    "evidence": "Qevidence",
    "label": "Qlabel",
    "payer": "Qpayer",
    "other": "Qother-bank",
    "reference": "Qreference",
}
CASE: dict[str, Any] = {
    "as_of": "2026-11-21",
    "currency": "CNY",
    "jurisdiction": "CN",
    "borrower": {"name": "Ann Example", "reference": SECRETS["reference"], "note": SECRETS["note"]},
    "hardship": {
        "cause": "illness",
        "began": "2026-09-01",
        "evidence": [SECRETS["evidence"]],
        "note": SECRETS["note"],
    },
    "budget": {
        "income": [{"label": SECRETS["label"], "amount": "9000", "payer": SECRETS["payer"]}],
        "expenses": [{"label": SECRETS["label"], "amount": "2500", "note": SECRETS["note"]}],
    },
    "debts": [
        {
            "id": "card",
            "creditor": "Harbour <b>Bank</b> #1",
            "account": "622202100111-2345",
            "product": "credit-card",
            "lender_type": "bank",
            "principal": "12000",
            "interest": "600",
            "arrears": {"interest": "600"},
            "rate": "18%",
            "days_past_due": 40,
            "contract_date": "2024-05-01",
            "last_payment": "2026-10-01",
            "note": SECRETS["note"],
            "parties": {"platform": "Qplatform", "guarantor": "Qguarantor"},
            "recurring_fees": [{"label": SECRETS["label"], "amount": "1"}],
        },
        {
            "id": "Qother",
            "creditor": SECRETS["other"],
            "product": "personal-loan",
            "lender_type": "bank",
            "principal": "6000",
            "rate": "12%",
            "contract_date": "2025-05-01",
        },
    ],
    "note": SECRETS["note"],
}
HIDDEN = "Qnote|Qevidence|Qlabel|Qpayer|Qother|Qreference|Qplatform|Qguarantor"
PLAN = "card: waive interest=50% when=completion + defer 3 + split 24; Qother: split 12"


def text_of(path: Path) -> str:
    """Return all that a file says: its text, for a PDF its properties as well."""
    if path.suffix != ".pdf":
        return path.read_text(encoding="utf-8")
    document = PdfReader(path)
    said = "".join(page.extract_text() for page in document.pages)
    raw = path.read_bytes().decode("latin-1")
    # bookmarks, and what is read out for drawings
    objects = (document.get_object(n) for n in range(1, int(str(document.trailer["/Size"]))))
    return f"{said}{document.metadata}{document.xmp_metadata and raw}{[*objects]}"


def propose(root: Path, *more: str, case: Any = CASE) -> tuple[int, str]:
    """Write the pack of *case* into `out` below *root*, in this process; code and messages."""
    (root / "case.json").write_text(json.dumps(case), encoding="utf-8")
    args = ["propose", str(root / "case.json"), "--plan", PLAN, "-o", str(root / "out"), *more]
    done = CliRunner().invoke(app.app, args)
    code = done.exception.exit_code if isinstance(done.exception, ReplanError) else done.exit_code
    return code, f"{done.stderr}{done.exception or ''}"
