"""The chain: one recipe, which a stranger can repeat, and which every altered bit breaks."""

import hashlib
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.audit.canonical import NotRecordable, canonical, canonical_private
from engine.audit.chain import Line, Linked, commitment_of, event_hash, genesis, link_lines

SHA = "ab" * 32


def counting(size: int) -> bytes:
    return bytes(index % 251 for index in range(size))


def link(*lines: Line, seq: int = 0, head: bytes | None = None) -> tuple[Linked, ...]:
    linked, _, _ = link_lines(
        lines,
        case_name="ONB-0042",
        definition_version=3,
        definition_sha256=SHA,
        seq=seq,
        head=genesis("ONB-0042") if head is None else head,
        entropy=counting,
    )
    return linked


def test_a_line_hashes_as_the_written_recipe_says() -> None:
    """Repeated here from the module's docstring with nothing of ours."""
    (linked,) = link(
        Line(
            kind="task.answered",
            at=5,
            object="grün#1",
            public={"b": 1, "a": "é"},
            private={"x": 0.5},
        )
    )
    public, private = '{"a":"é","b":1}'.encode(), b'{"x":0.5}'
    salt = counting(16)
    commitment = hashlib.sha256(b"tenure private v1\0" + salt + private).digest()
    kind, about = b"task.answered", "grün#1".encode()
    lengths = struct.pack(">8i", len(kind), -1, -1, len(about), 64, -1, len(public), 32)
    material = (
        b"tenure event v1\0" + struct.pack(">3q", 1, 5, 3) + lengths
        + kind + about + SHA.encode() + public + commitment
        + hashlib.sha256(b"tenure case v1\0ONB-0042").digest()
    )  # fmt: skip

    assert linked.hash == hashlib.sha256(material).digest()
    assert (linked.salt, linked.commitment) == (salt, commitment)


TEXTS = st.none() | st.text(max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
LINES = st.builds(
    Line,
    kind=st.sampled_from(["case.started", "task.answered", "state.entered"]),
    at=st.integers(0, 2**60),
    actor=TEXTS,
    assurance=TEXTS,
    object=TEXTS,
    public=st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    private=st.none() | st.dictionaries(st.text(max_size=4), VALUES, max_size=3),
    request=TEXTS,
)


def hash_of(linked: Linked, **altered: object) -> bytes:
    line = linked.line
    fields: dict[str, object] = {
        "seq": linked.seq,
        "at": line.at,
        "kind": line.kind,
        "actor": line.actor,
        "assurance": line.assurance,
        "object": line.object,
        "definition_version": 3,
        "definition_sha256": SHA,
        "request": line.request,
        "public_json": linked.public_json,
        "commitment": linked.commitment,
        "prev": linked.prev,
    }
    return event_hash(**{**fields, **altered})  # type: ignore[arg-type]


@given(st.lists(LINES, max_size=6))
def test_every_line_seals_the_one_before_and_can_be_checked_from_its_columns(
    lines: list[Line],
) -> None:
    linked, seq, head = link_lines(
        lines,
        case_name="ONB-0042",
        definition_version=3,
        definition_sha256=SHA,
        seq=0,
        head=genesis("ONB-0042"),
        entropy=counting,
    )
    before = genesis("ONB-0042")
    for number, one in enumerate(linked, start=1):
        assert (one.seq, one.prev) == (number, before)
        assert one.hash == hash_of(one)
        if one.private_json is not None and one.salt is not None:
            assert one.commitment == commitment_of(one.salt, one.private_json)
        assert json.loads(one.public_json) == one.line.public
        before = one.hash
    assert (seq, head) == (len(lines), before)


@given(LINES)
def test_no_field_can_be_altered_without_another_hash(line: Line) -> None:
    (linked,) = link(line)
    altered = {
        "seq": 2,
        "at": line.at + 1,
        "kind": line.kind + "s",
        "actor": "" if line.actor is None else None,
        "assurance": "" if line.assurance is None else line.assurance + "x",
        "object": "" if line.object is None else line.object + "x",
        "definition_version": 4,
        "definition_sha256": "ac" * 32,
        "request": "" if line.request is None else line.request + "x",
        "public_json": linked.public_json + " ",
        "commitment": b"\0" * 32,
        "prev": b"\0" * 32,
    }
    hashes = {hash_of(linked, **{name: value}) for name, value in altered.items()}
    assert linked.hash not in hashes
    assert len(hashes) == len(altered)


def test_text_cannot_move_from_one_field_to_its_neighbour() -> None:
    left, right = (
        link(Line(kind="k", at=0, actor=actor, assurance=assurance, public={}))[0].hash
        for actor, assurance in (("ab", "c"), ("a", "bc"))
    )
    assert left != right


def test_the_same_history_under_another_case_name_is_another_chain() -> None:
    assert genesis("ONB-0042") != genesis("ONB-0043")


def test_a_history_that_starts_at_another_head_is_refused() -> None:
    with pytest.raises(ValueError, match="does not start at its own genesis"):
        link(Line(kind="k", at=0, public={}), head=genesis("ONB-0043"))


def test_linking_in_two_parts_gives_the_same_chain_as_linking_at_once() -> None:
    lines = [Line(kind=f"k{number}", at=number, public={"n": number}) for number in range(4)]
    whole = link(*lines)
    first = link(*lines[:2])
    second = link(*lines[2:], seq=2, head=first[-1].hash)
    assert first + second == whole


def test_every_private_part_has_a_salt_of_its_own() -> None:
    linked = link(*(Line(kind="k", at=0, public={}, private={"why": "x"}) for _ in range(2)))
    assert linked[0].salt != linked[1].salt
    assert linked[0].commitment != linked[1].commitment


def test_a_float_in_the_public_part_is_refused_with_its_place() -> None:
    with pytest.raises(
        NotRecordable, match=r"holds no floats, but rows\.1\.share is 0\.8; write it as"
    ):
        canonical({"rows": [1, {"share": 0.8}]})


@pytest.mark.parametrize("endless", [float("nan"), float("inf"), float("-inf")])
def test_the_private_part_holds_floats_but_no_endless_ones(endless: float) -> None:
    assert canonical_private({"share": 0.8}) == b'{"share":0.8}'
    with pytest.raises(NotRecordable, match=r"answers\.share is .*, which JSON cannot hold"):
        canonical_private({"answers": {"share": endless, "old": None}})


def test_what_is_not_json_is_refused_in_a_sentence() -> None:
    with pytest.raises(NotRecordable, match="the history holds JSON only, and this is not"):
        canonical({"when": object()})
    with pytest.raises(NotRecordable, match="the history holds JSON only, and this is not"):
        canonical({"text": "\ud800"})
