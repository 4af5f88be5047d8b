"""The page about proofs shows what the program says."""

from pathlib import Path

from engine.document import frame
from engine.loader import load_text
from engine.verify import VERIFY_CODES, judge

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "proofs.md").read_text("utf-8")
FAULT = ROOT / "tests" / "verify" / "faults" / "two-branches-wait-for-each-other.yaml"


def test_the_stuck_case_is_shown_as_check_shows_it():
    source = FAULT.read_text("utf-8")
    verdict = judge(load_text(source, FAULT.name))
    (found,) = verdict.diagnostics

    assert frame(found, source, color=False, unicode=True) in PAGE
    assert f"{FAULT.name}: {verdict.bound}" in PAGE


def test_every_code_is_in_the_table():
    assert [code for code in VERIFY_CODES if code not in PAGE] == []
