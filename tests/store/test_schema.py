"""The migrations are the tables: what they make is what the row classes declare."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import engine.store.tables
from engine.store import Database, DatabaseUnusable, Transaction, schema


def test_migrations_and_row_classes_give_the_same_schema(database: Database):
    def differences(tx: Transaction) -> list[object]:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))

    assert database.write(differences) == []


def test_every_unique_constraint_and_partial_index_of_the_row_classes_was_made(database: Database):
    with database.read() as session:
        found = inspect(session.connection())
        for table in SQLModel.metadata.sorted_tables:
            made = {
                tuple(sorted(c["column_names"])) for c in found.get_unique_constraints(table.name)
            }
            declared = {
                tuple(sorted(c.name for c in u.columns))
                for u in table.constraints
                if u.__visit_name__ == "unique_constraint"
            }
            assert declared <= made, table.name
            assert {i.name for i in table.indexes} <= {
                i["name"] for i in found.get_indexes(table.name)
            }


def test_the_newest_version_is_the_last_migration():
    scripts = ScriptDirectory("engine/store/migrations")

    assert scripts.get_heads() == [schema.NEWEST]


def test_opening_a_second_time_changes_nothing(database_url: str):
    Database.open(database_url).close()

    with Database.open(database_url, migrate=False) as database:
        assert database.write(lambda tx: schema.revision(tx.connection)) == schema.NEWEST


def test_a_newer_database_is_refused_with_the_way_out(tmp_path):
    file = str(tmp_path / "newer.db")
    with Database.open(file) as database:
        newer = text("UPDATE alembic_version SET version_num = '9999'")
        database.write(lambda tx: tx.connection.execute(newer))

    with pytest.raises(DatabaseUnusable, match=r"newer tenure.*Install that version"):
        Database.open(file)


def test_an_empty_database_is_refused_where_it_may_not_be_migrated(tmp_path):
    with pytest.raises(DatabaseUnusable, match="tenure upgrade"):
        Database.open(str(tmp_path / "new.db"), migrate=False)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite://", "memory would lose"),
        ("sqlite:////no/such/folder/a.db", "folder /no/such/folder does not exist"),
        ("mysql://host/name", "'mysql' is not supported"),
        ("postgresql://nobody@127.0.0.1:1/x", "cannot be opened"),
        ("/tmp", "is a folder"),
    ],
)
def test_an_address_that_is_no_database_is_refused_in_a_sentence(url: str, sentence: str):
    with pytest.raises(DatabaseUnusable, match=sentence):
        Database.open(url)


@pytest.mark.parametrize("table", ["event", "definition"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_what_was_written_for_ever_is_neither_changed_nor_deleted(
    database: Database, table: str, statement: str
):
    database.write(_one_event)

    with pytest.raises(DBAPIError, match="never changed or deleted"):
        database.write(lambda tx: tx.connection.execute(text(statement.format(table))))

    with database.read() as session:
        count = session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar()
    assert count == 1


def test_replacing_or_truncating_the_history_is_refused_too(database: Database):
    database.write(_one_event)
    statement = (
        "TRUNCATE event CASCADE"
        if database.dialect == "postgresql"
        else "REPLACE INTO event SELECT * FROM event"
    )

    with pytest.raises(DBAPIError, match="never changed or deleted"):
        database.write(lambda tx: tx.connection.execute(text(statement)))


def _one_event(tx: Transaction) -> None:
    rows = engine.store.tables
    session = tx.session()
    session.add(
        rows.DefinitionRow(
            id=1, process="p", version=1, title="P", sha256="0", source="", published_at=0
        )
    )
    session.flush()
    session.add(
        rows.CaseRow(
            id=1,
            name="P-0001",
            process="p",
            definition_id=1,
            head=b"",
            snapshot="{}",
            opened_at=0,
            updated_at=0,
        )
    )
    session.flush()
    session.add(
        rows.EventRow(
            case_id=1, seq=1, at=0, kind="x", definition_id=1, public="{}", prev=b"", hash=b""
        )
    )


def test_who_stood_in_for_whom_is_kept_as_an_absence(tmp_path):
    file = tmp_path / "before.db"
    config = Config()
    config.set_main_option("script_location", "engine/store/migrations")
    made = create_engine(f"sqlite:///{file}")
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "records")
        for person in ("p_ann", "p_dan"):
            connection.execute(text("INSERT INTO person VALUES (:id, :id)"), {"id": person})
        connection.execute(
            text("INSERT INTO stand_in VALUES (7, 'p_ann', 'p_dan', '2027-03-01', '2027-03-09')")
        )
    made.dispose()

    with Database.open(str(file)) as database, database.read() as session:
        rows = session.connection().execute(text("SELECT * FROM absence")).all()

    assert rows == [(1, "p_ann", "p_dan", 0, "2027-03-01", "2027-03-09", None)]
