"""The check of one case's lines: a pure function, so that an export can be checked like a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from struct import error as StructError  # noqa: N812 - its name says nothing

import orjson

from engine.audit.chain import Line, commitment_of, event_hash, genesis
from engine.audit.findings import Fault, Finding

ERASED = "erased"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredLine:
    """A line as it was found."""

    seq: int
    at: int
    kind: str
    actor: str | None
    assurance: str | None
    object: str | None
    definition_version: int
    definition_sha256: str
    request: str | None
    public_json: str
    commitment: bytes | None
    prev: bytes
    hash: bytes
    salt: bytes | None  # None: there is no private part
    private_json: str | None


def erased_line(
    seqs: Iterable[int],
    *,
    by: str | None,
    reason: str,
    at: int,
    what: Iterable[str] = ("answers",),
) -> Line:
    """The line that must follow when private parts of these lines are deleted."""
    return Line(
        kind=ERASED,
        at=at,
        actor=by,
        public={"seqs": sorted(set(seqs)), "what": sorted(what)},
        private={"reason": reason},
    )


def check_lines(case: str, lines: Sequence[StoredLine], *, seq: int, head: bytes) -> Finding | None:
    """The first alteration among a case's lines, given in the order of their numbers.

    `seq` and `head` are what the case row says of its newest line.
    """
    erased = erased_seqs(lines)
    prev = genesis(case)
    for position, line in enumerate(lines):
        if line.seq != position + 1:
            return _misplaced(case, lines, position)
        if hash_of(line) != line.hash:
            return _misplaced(case, lines, position)
        if line.prev != prev:
            return _unlinked(case, lines, position, head)
        finding = _private(case, line, erased)
        if finding is not None:
            return finding
        prev = line.hash
    return _end(case, lines, seq, head, prev)


def hash_of(line: StoredLine, seq: int | None = None) -> bytes | None:
    """What the line's columns hash to, under another number if one is given.

    None: no hash at all, since SQLite keeps values of any type in any column.
    """
    try:
        return event_hash(
            seq=line.seq if seq is None else seq,
            at=line.at,
            kind=line.kind,
            actor=line.actor,
            assurance=line.assurance,
            object=line.object,
            definition_version=line.definition_version,
            definition_sha256=line.definition_sha256,
            request=line.request,
            public_json=line.public_json,
            commitment=line.commitment,
            prev=line.prev,
        )
    except (StructError, AttributeError, TypeError, UnicodeEncodeError):
        return None


def erased_seqs(lines: Iterable[StoredLine]) -> frozenset[int]:
    """Lines whose private part may be gone, because a later line says that it was erased."""
    covered: set[int] = set()
    for line in lines:
        if line.kind == ERASED:
            try:
                told = orjson.loads(line.public_json)
            except orjson.JSONDecodeError:
                continue  # an altered line, which its hash will tell
            seqs = told.get("seqs", []) if isinstance(told, Mapping) else []
            covered.update(number for number in seqs if isinstance(number, int))
    return frozenset(covered)


def _private(case: str, line: StoredLine, erased: frozenset[int]) -> Finding | None:
    if line.salt is None or line.private_json is None:
        if line.commitment is None or line.seq in erased:
            return None
        return Finding(
            fault=Fault.PRIVATE_DELETED,
            case=case,
            seq=line.seq,
            what=f"the private part of `{line.kind}` is gone, and no `erased` line covers it",
        )
    if line.commitment is None:
        return Finding(
            fault=Fault.PRIVATE_ADDED,
            case=case,
            seq=line.seq,
            what=f"`{line.kind}` was written without a private part and has one now",
        )
    if commitment_of(line.salt, line.private_json) != line.commitment:
        return Finding(
            fault=Fault.PRIVATE_CHANGED,
            case=case,
            seq=line.seq,
            what=f"the private part of `{line.kind}` is not the one that was committed to",
        )
    return None


def _end(
    case: str, lines: Sequence[StoredLine], seq: int, head: bytes, last: bytes
) -> Finding | None:
    count = len(lines)
    if count < seq:
        return _missing(case, count + 1, f"the case row knows {seq} lines")
    if count > seq:
        return Finding(
            fault=Fault.INSERTED,
            case=case,
            seq=seq + 1,
            what=f"`{lines[seq].kind}` stands behind the last line that the case row knows",
        )
    if head != last:
        return Finding(
            fault=Fault.HEAD,
            case=case,
            seq=None,
            what="the head on the case row is not the hash of its newest line",
        )
    return None


def _misplaced(case: str, lines: Sequence[StoredLine], position: int) -> Finding:
    """A line that does not give its hash, or stands where another should.

    Every line is asked under which number it would give its hash: that is what tells a line that
    was moved from one that was changed.
    """
    wanted, line = position + 1, lines[position]
    numbers = range(1, len(lines) + 17)
    own = [
        next((number for number in numbers if hash_of(one, number) == one.hash), None)
        for one in lines
    ]
    if line.seq == wanted and own[position] is None and wanted not in own:
        return Finding(
            fault=Fault.CHANGED,
            case=case,
            seq=wanted,
            what=f"`{line.kind}` no longer gives its hash: one of its columns was changed",
        )
    if own[position] is not None and own[position] in own[:position]:
        return Finding(
            fault=Fault.INSERTED,
            case=case,
            seq=position,
            what=f"`{lines[position - 1].kind}` was put in: "
            f"the line that was number {position} comes after it",
        )
    if wanted not in own:
        return _missing(case, wanted, "the lines behind it are there")
    if own.index(wanted) > position and None not in own:
        return Finding(
            fault=Fault.REORDERED,
            case=case,
            seq=wanted,
            what=f"`{line.kind}` was line {own[position]}, and line {wanted} stands further down",
        )
    return Finding(
        fault=Fault.INSERTED,
        case=case,
        seq=wanted,
        what=f"`{line.kind}` was put in before the line that was number {wanted}",
    )


def _unlinked(case: str, lines: Sequence[StoredLine], position: int, head: bytes) -> Finding:
    """A line that gives its hash, but does not follow the one before it.

    One of the two was written anew. If the rest of the chain leads on from this one, it was the
    one before.
    """
    last = position + 1 == len(lines)
    follows = head if last else lines[position + 1].prev
    guilty = lines[position]
    if position > 0 and follows == guilty.hash:
        guilty = lines[position - 1]
    return Finding(
        fault=Fault.REWRITTEN,
        case=case,
        seq=guilty.seq,
        what=f"`{guilty.kind}` was written anew: it gives its hash, but the chain does not lead "
        "through it",
    )


def _missing(case: str, seq: int, because: str) -> Finding:
    return Finding(
        fault=Fault.MISSING, case=case, seq=seq, what=f"this line is gone, and {because}"
    )
