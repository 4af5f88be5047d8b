"""Files that leave: the same bytes for the same data, nothing sensitive, nothing that calculates."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.audit.chain import event_hash
from engine.queries import Reader, as_csv, as_jsonl, case_records, event_records

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def played(house) -> str:
    first = house.start("ann", NOW, year="=1+1")
    house.answer(first, "self", "ann", now=NOW + timedelta(hours=1), words="A fine year")
    house.answer(
        first, "rate", "bob", now=NOW + timedelta(hours=2), rating=5, share=-0.5, secret="topsecret"
    )
    house.start("dan", NOW, year="2026")
    return first


def everything(house, process: str | None = "review") -> tuple[bytes, bytes, bytes, bytes]:
    reader = Reader(directory=house.directory)
    with house.database.read() as session:
        return (
            b"".join(as_csv(case_records(session, reader, "review"))),
            b"".join(as_jsonl(case_records(session, reader, "review"))),
            b"".join(as_csv(event_records(session, reader, process))),
            b"".join(as_jsonl(event_records(session, reader, process))),
        )


def test_the_same_data_give_the_same_bytes(house, played) -> None:
    assert everything(house) == everything(house) == everything(house, None)


def test_cases_leave_with_their_data_but_nothing_sensitive(house, played) -> None:
    table, lines, *_ = everything(house)
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    first, second = (json.loads(line) for line in lines.splitlines())

    assert [row["case"] for row in rows] == ["REV-0001", "REV-0002"]
    assert rows[0]["subject_name"] == first["subject_name"] == "Ann Lee"
    assert first["data.rating"] == 5
    assert second["data.rating"] is None
    assert "data.secret" not in first
    assert b"topsecret" not in b"".join(everything(house))


def test_a_text_that_a_spreadsheet_would_calculate_is_made_a_text(house, played) -> None:
    table, lines, *_ = everything(house)
    (row, _) = csv.DictReader(io.StringIO(table.decode("utf-8-sig")))
    assert row["data.year"] == "'=1+1"
    assert row["data.share"] == "-0.5"  # a number stays one
    assert json.loads(lines.splitlines()[0])["data.year"] == "=1+1"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_every_beginning_of_a_formula_is_neutralised(text: str) -> None:
    table = b"".join(as_csv([{"a": text}])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table, newline="")))[1] == [f"'{text}"]


def test_histories_leave_without_names_and_answers_but_with_all_that_a_hash_needs(
    house, played
) -> None:
    *_, table, lines = everything(house)
    records = [json.loads(line) for line in lines.splitlines()]
    for record in records:
        commitment = record["commitment"]
        assert (
            record["hash"]
            == event_hash(
                seq=record["seq"],
                at=record["at_micros"],
                kind=record["kind"],
                actor=record["actor"],
                assurance=record["assurance"],
                object=record["object"],
                definition_version=record["version"],
                definition_sha256=record["definition_sha256"],
                request=record["request"],
                public_json=record["public"],
                commitment=None if commitment is None else bytes.fromhex(commitment),
                prev=bytes.fromhex(record["prev"]),
            ).hex()
        )
    assert len(records) == table.count(b"\r\n") - 1
    for word in (b"Ann Lee", b"A fine year", b"ann@example.com"):
        assert word not in lines


def test_an_empty_export_is_an_empty_file(house) -> None:
    assert everything(house) == (b"", b"", b"", b"")
