"""Somebody with a full copy of the database, who wants to know who gave which anonymous answer.

They know everything but that: who took part, who has answered when, and all answers of a round.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import inspect

from engine.store import Database

Guess = dict[tuple[str, str], str]  # (case, author): the answer's words
Answer = Mapping[str, Any]
_PERSON = re.compile(rb"p_[a-z]+")


@dataclass(frozen=True, kw_only=True)
class Copy:
    """Every row of every table with what the database notes beside it, and the bytes below."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    raw: bytes = b""
    log: bytes = b""  # SQLite's WAL: older and newer pages, one after the other

    def text(self) -> bytes:
        """Everything, searchable."""
        return repr(self.tables).encode() + self.raw + self.log


@dataclass(frozen=True, kw_only=True)
class Loot:
    """What the attacker starts from."""

    copy: Copy  # when all rounds are over
    known: Mapping[str, Sequence[Answer]]  # by case: all answers, in no order
    earlier: Sequence[Copy] = ()  # copies taken again and again, oldest first
    authors: Mapping[str, Sequence[str]] = field(default_factory=dict)  # in the order they answered


def copy_of(database: Database) -> Copy:
    with database.read() as session:
        connection = session.connection()
        sqlite = connection.dialect.name == "sqlite"
        beside = "rowid AS beside_rowid" if sqlite else "xmin::text, ctid::text"
        tables = {}
        for name in inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT {beside}, * FROM "{name}"')
            tables[name] = [dict(row) for row in rows.mappings()]
        if not sqlite:
            return Copy(tables=tables)
        ((_, _, name),) = connection.exec_driver_sql("PRAGMA database_list")
    file = Path(name)
    log = file.with_name(file.name + "-wal")
    return Copy(tables=tables, raw=file.read_bytes(), log=log.read_bytes() if log.exists() else b"")


def answered_in_order(copy: Copy) -> dict[str, list[str]]:
    """By case: who has answered, first to last."""
    names = {row["id"]: row["name"] for row in copy.tables["case"]}
    found: dict[str, list[str]] = {}
    for row in sorted(copy.tables["event"], key=lambda row: (row["case_id"], row["seq"])):
        if row["kind"] == "task.answered" and row["object"].startswith("ask["):
            found.setdefault(names[row["case_id"]], []).append(row["actor"])
    return found


def by_stored_order(loot: Loot) -> Guess:
    """The answers as they stand in the snapshot, against the order in which people answered."""
    guess: Guess = {}
    for case, authors in loot.authors.items():
        text = _snapshot(loot.copy, case)
        words = sorted((a["why"] for a in loot.known[case]), key=text.find)
        guess |= {(case, author): word for author, word in zip(authors, words, strict=False)}
    return guess


def by_order_from_the_end(loot: Loot) -> Guess:
    turned = {case: list(reversed(authors)) for case, authors in loot.authors.items()}
    return by_stored_order(
        Loot(copy=loot.copy, known=loot.known, earlier=loot.earlier, authors=turned)
    )


def by_order_of_tasks(loot: Loot) -> Guess:
    """The answers against the order in which people were asked, which may be the list's."""
    ordered: dict[str, list[str]] = {}
    names = {row["id"]: row["name"] for row in loot.copy.tables["case"]}
    for row in sorted(loot.copy.tables["task"], key=lambda row: row["id"]):
        if row["closed_by"] and row["key"].startswith("ask["):
            ordered.setdefault(names[row["case_id"]], []).append(row["closed_by"])
    return by_stored_order(Loot(copy=loot.copy, known=loot.known, authors=ordered))


def by_nearness_in_rows(loot: Loot) -> Guess:
    """Whose id stands nearest to the words in any row that holds both."""
    return _nearest(
        loot, [repr(row).encode() for rows in loot.copy.tables.values() for row in rows]
    )


def by_nearness_in_bytes(loot: Loot) -> Guess:
    """The same in the raw file, free pages and log included."""
    return _nearest(loot, [loot.copy.raw, loot.copy.log])


def by_same_transaction(loot: Loot) -> Guess:
    """PostgreSQL tells of each row which transaction wrote it."""
    guess: Guess = {}
    wrote: dict[str, str] = {}
    for row in loot.copy.tables["event"]:
        if row["kind"] == "task.answered" and "xmin" in row:
            wrote[row["xmin"]] = row["actor"]
    for rows in loot.copy.tables.values():
        for row in rows:
            author = wrote.get(row.get("xmin", ""))
            for case, word in _words(loot) if author else ():
                if word in repr(row):
                    guess[case, author] = word
    return guess


def by_commitment(loot: Loot) -> Guess:
    """Every answer tried under the salt of every line, and in the line's public part."""
    guess: Guess = {}
    names = {row["id"]: row["name"] for row in loot.copy.tables["case"]}
    private = {row["event_id"]: row for row in loot.copy.tables["event_private"]}
    for row in loot.copy.tables["event"]:
        if row["kind"] != "task.answered" or row["id"] not in private:
            continue
        case, kept = names[row["case_id"]], private[row["id"]]
        payload = orjson.loads(kept["payload"])
        for answer in loot.known.get(case, ()):
            tried = {**payload, "event": {**payload["event"], "answers": dict(answer)}}
            bare = {"event": {"answers": dict(answer)}}
            for each in (tried, bare):
                text = orjson.dumps(each, option=orjson.OPT_SORT_KEYS)
                found = sha256(b"tenure private v1\0" + bytes(kept["salt"]) + text).digest()
                if found == bytes(row["commitment"]):
                    guess[case, row["actor"]] = answer["why"]
    return guess


def by_size(loot: Loot) -> Guess:
    """The longest answer is of whom the most bytes were written."""
    guess: Guess = {}
    names = {row["id"]: row["name"] for row in loot.copy.tables["case"]}
    private = {row["event_id"]: len(row["payload"]) for row in loot.copy.tables["event_private"]}
    sizes = {
        (names[row["case_id"]], row["actor"]): private.get(row["id"], 0)
        for row in loot.copy.tables["event"]
        if row["kind"] == "task.answered" and row["object"].startswith("ask[")
    }
    for case, answers in loot.known.items():
        people = sorted((p for c, p in sizes if c == case), key=lambda p: (sizes[case, p], p))
        words = [a["why"] for a in sorted(answers, key=lambda a: len(orjson.dumps(dict(a))))]
        guess |= {(case, person): word for person, word in zip(people, words, strict=False)}
    return guess


def by_comparing_copies(loot: Loot) -> Guess:
    """Whose answer came is in the second copy and not in the first, and so are its words."""
    guess: Guess = {}
    for before, after in zip(loot.earlier, loot.earlier[1:], strict=False):
        old, new = before.text(), after.text()
        was, now = answered_in_order(before), answered_in_order(after)
        for case, authors in now.items():
            fresh = authors[len(was.get(case, [])) :]
            for (where, word), author in product(_words(loot), fresh):
                if where == case and word.encode() in new and word.encode() not in old:
                    guess[case, author] = word
    return guess


def by_order_in_the_log(loot: Loot) -> Guess:
    """The log holds the pages as they were, one commit after the other."""
    guess: Guess = {}
    for case, authors in loot.authors.items():
        words = [a["why"] for a in loot.known[case] if a["why"].encode() in loot.copy.log]
        words.sort(key=lambda word: loot.copy.log.find(word.encode()))
        guess |= {(case, author): word for author, word in zip(authors, words, strict=False)}
    return guess


ATTACKS: Sequence[Callable[[Loot], Guess]] = (
    by_stored_order,
    by_order_from_the_end,
    by_order_of_tasks,
    by_nearness_in_rows,
    by_nearness_in_bytes,
    by_same_transaction,
    by_commitment,
    by_size,
    by_comparing_copies,
    by_order_in_the_log,
)


def _words(loot: Loot) -> Iterable[tuple[str, str]]:
    return ((case, answer["why"]) for case, answers in loot.known.items() for answer in answers)


def _snapshot(copy: Copy, case: str) -> str:
    return str(next(row["snapshot"] for row in copy.tables["case"] if row["name"] == case))


def _nearest(loot: Loot, texts: Sequence[bytes]) -> Guess:
    near: dict[tuple[str, str], tuple[int, str]] = {}
    for case, word in _words(loot):
        people = set(loot.authors[case])
        for text in texts:
            at = text.find(word.encode())
            while at >= 0:
                around = text[max(0, at - 400) : at + 400]
                for met in _PERSON.finditer(around):
                    person = met[0].decode()
                    far = abs(met.start() - min(at, 400))
                    if person in people and far < near.get((case, word), (10**6, ""))[0]:
                        near[case, word] = far, person
                at = text.find(word.encode(), at + 1)
    return {(case, person): word for (case, word), (_, person) in near.items()}
