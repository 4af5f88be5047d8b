"""The hash chain of one case: every line of its history seals all the lines before it.

The recipe, so that a stranger's program can check it; numbers are big-endian and signed, texts
UTF-8, and a missing text has the length -1:

    commitment  = SHA-256("tenure private v1" 00 || salt || private JSON)
    hash        = SHA-256("tenure event v1" 00 || seq || at || definition version  (8 bytes each)
                  || the lengths of the eight fields that follow                   (4 bytes each)
                  || kind || actor || assurance || object || definition SHA-256 in hex
                  || request || public JSON || commitment || prev)
    prev        = the hash of the line before; of the first: SHA-256("tenure case v1" 00 || name)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct
from typing import Any

from engine.audit.canonical import canonical, canonical_private

SALT_BYTES = 16

_CASE = b"tenure case v1\0"
_EVENT = b"tenure event v1\0"
_PRIVATE = b"tenure private v1\0"
_HEADER = Struct(">3q8i")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a history before it is chained."""

    kind: str  # past tense: `task.answered`, `state.entered`
    at: int  # µs since 1970 UTC
    actor: str | None = None  # random person id; None: a rule
    assurance: str | None = None  # how sure we were of the actor
    object: str | None = None  # place, task key or field it is about
    public: Mapping[str, Any]  # JSON without floats and without anything personal
    private: Mapping[str, Any] | None = None  # names, answers, look-ups: deletable
    request: str | None = None  # of the HTTP request or flow that brought it


@dataclass(frozen=True, kw_only=True, slots=True)
class Linked:
    """A line in its chain, as it is stored."""

    line: Line
    seq: int  # 1, 2, … within the case
    public_json: str  # canonical
    private_json: str | None
    salt: bytes | None  # 16 random bytes; None without a private part
    commitment: bytes | None  # stays when the private part is erased
    prev: bytes
    hash: bytes


def genesis(case_name: str) -> bytes:
    """The head of a case without history; binds the chain to the case's name."""
    return sha256(_CASE + case_name.encode()).digest()


def commitment_of(salt: bytes, private_json: str) -> bytes:
    return sha256(_PRIVATE + salt + private_json.encode()).digest()


def event_hash(
    *,
    seq: int,
    at: int,
    kind: str,
    actor: str | None,
    assurance: str | None,
    object: str | None,  # noqa: A002 - the column's name
    definition_version: int,
    definition_sha256: str,
    request: str | None,
    public_json: str,
    commitment: bytes | None,
    prev: bytes,
) -> bytes:
    """What the `hash` column of such a row must hold."""
    return sha256(
        _material(
            seq,
            at,
            definition_version,
            kind.encode(),
            actor,
            assurance,
            object,
            definition_sha256.encode(),
            request,
            public_json.encode(),
            commitment,
            prev,
        )
    ).digest()


def link_lines(
    lines: Sequence[Line],
    *,
    case_name: str,
    definition_version: int,
    definition_sha256: str,
    seq: int,
    head: bytes,
    entropy: Callable[[int], bytes],
) -> tuple[tuple[Linked, ...], int, bytes]:
    """The lines chained after `head`, the hash of line `seq`; with the new seq and head.

    With `seq` 0 the head must be the genesis of the case. Raises NotRecordable.
    """
    if seq == 0 and head != genesis(case_name):
        raise ValueError(f"the history of {case_name} does not start at its own genesis")
    definition = definition_sha256.encode()
    # One call for all salts: drawing randomness is a system call.
    salts = entropy(SALT_BYTES * sum(line.private is not None for line in lines))
    drawn = 0
    linked: list[Linked] = []
    for line in lines:
        seq += 1
        public = canonical(line.public)
        salt = commitment = private_json = None
        if line.private is not None:
            private = canonical_private(line.private)
            private_json = private.decode()
            salt = salts[drawn : drawn + SALT_BYTES]
            drawn += SALT_BYTES
            commitment = sha256(_PRIVATE + salt + private).digest()
        material = _material(
            seq,
            line.at,
            definition_version,
            line.kind.encode(),
            line.actor,
            line.assurance,
            line.object,
            definition,
            line.request,
            public,
            commitment,
            head,
        )
        prev, head = head, sha256(material).digest()
        linked.append(
            Linked(
                line=line,
                seq=seq,
                public_json=public.decode(),
                private_json=private_json,
                salt=salt,
                commitment=commitment,
                prev=prev,
                hash=head,
            )
        )
    return tuple(linked), seq, head


def _material(
    seq: int,
    at: int,
    version: int,
    kind: bytes,
    actor: str | None,
    assurance: str | None,
    object_: str | None,
    definition: bytes,
    request: str | None,
    public: bytes,
    commitment: bytes | None,
    prev: bytes,
) -> bytes:
    """The bytes under a line's hash; positional and in one piece for the hot path."""
    actor_ = b"" if actor is None else actor.encode()
    assurance_ = b"" if assurance is None else assurance.encode()
    about = b"" if object_ is None else object_.encode()
    request_ = b"" if request is None else request.encode()
    lengths = _HEADER.pack(
        seq,
        at,
        version,
        len(kind),
        -1 if actor is None else len(actor_),
        -1 if assurance is None else len(assurance_),
        -1 if object_ is None else len(about),
        len(definition),
        -1 if request is None else len(request_),
        len(public),
        -1 if commitment is None else len(commitment),
    )
    return b"".join(
        (
            _EVENT,
            lengths,
            kind,
            actor_,
            assurance_,
            about,
            definition,
            request_,
            public,
            commitment or b"",
            prev,
        )
    )
