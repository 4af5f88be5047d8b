"""What people call a case: letters for its process, and a number counted for each process."""

from collections.abc import Iterator

from sqlalchemy import Integer, String, bindparam, cast, select, update

from engine.store import Statement, Transaction
from engine.store.statements import insert_into, table_of
from engine.store.tables import MetaRow

_META = table_of(MetaRow)
_READ = Statement(select(_META.c.value).where(_META.c.name == bindparam("of")))
_ADD = insert_into(MetaRow)
_COUNT = Statement(
    update(_META)
    .where(_META.c.name == bindparam("of"))
    .values(value=cast(cast(_META.c.value, Integer) + 1, String))
    .returning(_META.c.value)
)
_FEWEST = 3  # letters before the dash


def letters_for(process: str) -> Iterator[str]:
    """Prefixes to try, the nicest first: `onboarding` is ONB, `leave-of-absence` LOA; endless."""
    words = [word for word in process.upper().split("-") if word]
    joined = "".join(words)
    initials = "".join(word[0] for word in words)
    if len(words) >= _FEWEST:
        yield initials
    for length in range(min(_FEWEST, len(joined)), len(joined) + 1):
        yield joined[:length]
    number = 2
    while True:
        yield f"{joined[:_FEWEST]}{number}"
        number += 1


def name_process(tx: Transaction, process: str) -> None:
    """Gives a process its letters, once and for ever; no two processes have the same."""
    if tx.one(_READ, {"of": f"case.letters/{process}"}) is not None:
        return
    for letters in letters_for(process):
        if tx.one(_READ, {"of": f"case.process/{letters}"}) is None:
            tx.run(
                _ADD,
                [
                    {"name": f"case.process/{letters}", "value": process},
                    {"name": f"case.letters/{process}", "value": letters},
                    {"name": f"case.count/{process}", "value": "0"},
                ],
            )
            return


def next_name(tx: Transaction, process: str) -> str:
    """`ONB-0042`: unique, counted without gaps unless a start is undone."""
    letters = tx.one(_READ, {"of": f"case.letters/{process}"})
    counted = tx.one(_COUNT, {"of": f"case.count/{process}"})
    assert letters is not None
    assert counted is not None
    return f"{letters[0]}-{int(counted[0]):04d}"
