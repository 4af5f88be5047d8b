"""Every way to tamper with a case's lines is found, and named for what it is, at its line."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.audit.chain import Line, genesis, link_lines
from engine.audit.findings import Fault, Finding
from engine.audit.lines import StoredLine, check_lines, erased_line, hash_of

CASE = "ONB-0042"
SHA = "ab" * 32
History = list[StoredLine]


def counting(size: int) -> bytes:
    return bytes(index % 251 for index in range(size))


def history(count: int = 6, *more: Line) -> History:
    lines = [
        Line(
            kind=f"k{number}",
            at=number,
            actor="p_ann",
            object="rate#1",
            public={"n": number},
            private={"why": f"because {number}"} if number % 2 else None,
        )
        for number in range(1, count + 1)
    ]
    linked, _, _ = link_lines(
        [*lines, *more],
        case_name=CASE,
        definition_version=3,
        definition_sha256=SHA,
        seq=0,
        head=genesis(CASE),
        entropy=counting,
    )
    return [
        StoredLine(
            seq=one.seq,
            at=one.line.at,
            kind=one.line.kind,
            actor=one.line.actor,
            assurance=one.line.assurance,
            object=one.line.object,
            definition_version=3,
            definition_sha256=SHA,
            request=one.line.request,
            public_json=one.public_json,
            commitment=one.commitment,
            prev=one.prev,
            hash=one.hash,
            salt=one.salt,
            private_json=one.private_json,
        )
        for one in linked
    ]


def rehashed(line: StoredLine) -> StoredLine:
    return replace(line, hash=hash_of(line))


def renumbered(lines: History) -> History:
    return [replace(line, seq=number) for number, line in enumerate(lines, start=1)]


def check(lines: History, original: History | None = None) -> tuple[Fault, int | None] | None:
    """The finding, the case row being what it was for the original history."""
    untouched = history() if original is None else original
    finding = check_lines(CASE, lines, seq=len(untouched), head=untouched[-1].hash)
    return None if finding is None else (finding.fault, finding.seq)


def forged(lines: History, position: int) -> StoredLine:
    """A line that fits behind its predecessor and gives its hash."""
    prev = lines[position - 1].hash if position else genesis(CASE)
    return rehashed(
        replace(lines[0], seq=position + 1, kind="forged", prev=prev, commitment=None, salt=None,
                private_json=None)
    )  # fmt: skip


def test_an_untouched_history_is_whole() -> None:
    assert check(history()) is None
    assert check_lines(CASE, [], seq=0, head=genesis(CASE)) is None


COLUMNS: dict[str, Callable[[StoredLine], StoredLine]] = {
    "at": lambda line: replace(line, at=line.at + 1),
    "kind": lambda line: replace(line, kind="case.closed"),
    "actor": lambda line: replace(line, actor="p_bob"),
    "actor gone": lambda line: replace(line, actor=None),
    "assurance": lambda line: replace(line, assurance="login"),
    "object": lambda line: replace(line, object="rate#2"),
    "definition": lambda line: replace(line, definition_version=4),
    "definition text": lambda line: replace(line, definition_sha256="cd" * 32),
    "request": lambda line: replace(line, request="r"),
    "public": lambda line: replace(line, public_json='{"n":0}'),
    "commitment": lambda line: replace(line, commitment=b"\1" * 32),
    "prev": lambda line: replace(line, prev=b"\1" * 32),
    "hash": lambda line: replace(line, hash=b"\1" * 32),
}


@pytest.mark.parametrize("column", list(COLUMNS))
@pytest.mark.parametrize("position", [0, 2, 5])
def test_a_changed_column_is_found_at_its_line(column: str, position: int) -> None:
    lines = history()
    lines[position] = COLUMNS[column](lines[position])
    assert check(lines) == (Fault.CHANGED, position + 1)


@pytest.mark.parametrize("position", [0, 2, 4, 5])
def test_a_line_written_anew_with_its_own_hash_is_found(position: int) -> None:
    lines = history()
    lines[position] = rehashed(replace(lines[position], kind="case.closed"))
    expected = (Fault.REWRITTEN, position + 1) if position < 5 else (Fault.HEAD, None)
    assert check(lines) == expected


@pytest.mark.parametrize("position", range(6))
@pytest.mark.parametrize("gap", [True, False], ids=["leaving a gap", "closing the gap"])
def test_a_deleted_line_is_missing(position: int, gap: bool) -> None:
    lines = history()
    del lines[position]
    assert check(lines if gap else renumbered(lines)) == (Fault.MISSING, position + 1)


@pytest.mark.parametrize("position", range(7))
@pytest.mark.parametrize("consistent", [True, False], ids=["with its own hash", "with any hash"])
def test_an_inserted_line_is_found(position: int, consistent: bool) -> None:
    lines = history()
    line = forged(lines, position)
    lines.insert(position, line if consistent else replace(line, hash=b"\1" * 32))
    found = check(renumbered(lines))
    if position == 6 and not consistent:  # the last one, nothing behind it was renumbered
        assert found == (Fault.CHANGED, 7)
    else:
        assert found == (Fault.INSERTED, position + 1)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 4), (4, 5), (0, 5)])
def test_lines_that_changed_places_are_found_at_the_first_of_them(one: int, other: int) -> None:
    lines = history()
    lines[one], lines[other] = lines[other], lines[one]
    assert check(renumbered(lines)) == (Fault.REORDERED, one + 1)


def test_a_case_row_that_points_elsewhere_is_found() -> None:
    lines = history()
    finding = check_lines(CASE, lines, seq=6, head=b"\1" * 32)
    assert finding is not None
    assert finding.fault is Fault.HEAD


def test_the_last_line_cut_off_is_missing() -> None:
    assert check(history()[:-1]) == (Fault.MISSING, 6)


def test_a_history_under_another_cases_name_does_not_fit() -> None:
    lines = history()
    finding = check_lines("ONB-0043", lines, seq=6, head=lines[-1].hash)
    assert finding is not None
    assert (finding.fault, finding.seq) == (Fault.REWRITTEN, 1)


def test_an_altered_private_part_is_found() -> None:
    lines = history()
    lines[2] = replace(lines[2], private_json='{"why":"another"}')
    assert check(lines) == (Fault.PRIVATE_CHANGED, 3)
    lines = history()
    lines[2] = replace(lines[2], salt=b"\1" * 16)
    assert check(lines) == (Fault.PRIVATE_CHANGED, 3)


def test_a_private_part_where_none_was_is_found() -> None:
    lines = history()
    lines[1] = replace(lines[1], salt=b"\1" * 16, private_json="{}")
    assert check(lines) == (Fault.PRIVATE_ADDED, 2)


def test_a_private_part_may_go_only_when_an_erased_line_says_so() -> None:
    def without(lines: History) -> History:
        return [
            replace(line, salt=None, private_json=None) if line.seq in {3, 5} else line
            for line in lines
        ]

    assert check(without(history())) == (Fault.PRIVATE_DELETED, 3)
    told = history(6, erased_line([5, 3], by="p_dpo", reason="asked for", at=9))
    assert check(without(told), told) is None
    half = history(6, erased_line([3], by="p_dpo", reason="asked for", at=9))
    assert check(without(half), half) == (Fault.PRIVATE_DELETED, 5)


def test_a_finding_says_where_and_what_in_one_sentence() -> None:
    lines = history()
    lines[2] = replace(lines[2], kind="case.closed")
    finding = check_lines(CASE, lines, seq=6, head=lines[-1].hash)
    assert str(finding) == (
        "case ONB-0042, line 3: `case.closed` no longer gives its hash: "
        "one of its columns was changed"
    )
    assert str(Finding(fault=Fault.STATE, case="A-1", seq=None, what="x")) == "case A-1: x"


@settings(max_examples=200)
@given(st.data())
def test_no_mixture_of_lines_passes_for_the_history(data: st.DataObject) -> None:
    """Whatever is dropped, doubled, moved and renumbered: only the history itself is whole."""
    original = history()
    mixed = data.draw(st.lists(st.sampled_from(original), max_size=8))
    lines = renumbered(mixed) if data.draw(st.booleans()) else mixed
    seq, head = len(original), original[-1].hash
    whole = check_lines(CASE, lines, seq=seq, head=head) is None
    assert whole == (lines == original)
