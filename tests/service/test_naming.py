from itertools import islice

import pytest

from engine.service.naming import letters_for, name_process, next_name
from engine.store import Database
from engine.store.tables import MetaRow


@pytest.mark.parametrize(
    ("process", "letters"),
    [
        ("onboarding", ["ONB", "ONBO", "ONBOA"]),
        ("pcer-year", ["PCE", "PCER", "PCERY"]),
        ("leave-of-absence", ["LOA", "LEA", "LEAV"]),
        ("go", ["GO", "GO2", "GO3"]),
    ],
)
def test_letters_come_from_the_name_of_the_process(process: str, letters: list[str]):
    assert list(islice(letters_for(process), 3)) == letters


def test_two_processes_never_share_letters_and_each_counts_for_itself(database: Database):
    def job(tx):
        for process in ("onboarding", "onboarding-it", "onboard", "onboarding"):
            name_process(tx, process)
        return [next_name(tx, p) for p in ("onboarding", "onboard", "onboarding", "onboarding-it")]

    names = database.write(job)

    assert names == ["ONB-0001", "ONBOA-0001", "ONB-0002", "ONBO-0001"]


def test_the_ten_thousandth_case_has_five_digits(database: Database):
    def job(tx):
        name_process(tx, "onboarding")
        tx.session().get(MetaRow, "case.count/onboarding").value = "9999"
        tx.session().flush()
        return next_name(tx, "onboarding")

    assert database.write(job) == "ONB-10000"
