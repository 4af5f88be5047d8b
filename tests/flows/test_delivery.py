"""Letters leave the outbox through Prefect: soon, once, and found again by their names."""

from time import sleep

import flows


def test_a_nudged_letter_does_not_wait_for_the_next_look(hand, book, until):
    running = hand(look_seconds=600.0)
    book.write()
    running.nudge()
    until(lambda: book.lines("sent"))
    sleep(1.0)  # the flow has ended, and nobody looks any more
    book.write()
    running.nudge()

    until(lambda: len(book.lines("try")) == 2)


def test_a_letter_that_nobody_announced_is_found_by_the_next_look(warm, book, until):
    book.write()

    until(lambda: len(book.lines("try")) == 2)


def test_a_trouble_that_passes_is_tried_again_at_once(hand, book, until):
    hand()
    book.write(passing=2)
    until(lambda: book.lines("sent"))

    assert len(book.lines("try")) == 3
    assert book.lines("released") == []


def test_a_trouble_that_lasts_goes_back_to_the_outbox_with_its_own_words(hand, book, until):
    hand()
    book.write(passing=100)
    until(lambda: book.lines("released"))
    sleep(0.3)

    assert len(book.lines("try")) == 3
    assert [note for _, note, _ in book.lines("released")] == ["ann@example.org: 421 try again"]


def test_an_error_of_ours_gives_the_letter_back_after_one_try(hand, book, until):
    hand()
    book.write(ending="bug")
    until(lambda: book.lines("released"))

    assert len(book.lines("try")) == 1


def test_every_letter_is_delivered_exactly_once_by_two_hands(hand, book, until):
    hand(worker="tenure-1")
    hand(worker="tenure-2")
    book.write(150)
    until(lambda: book.count("letter WHERE state = 'sent'") == 150)
    sleep(0.5)

    assert sorted(letter for letter, _, _ in book.lines("try")) == list(range(1, 151))


def test_a_case_finds_its_task_runs_by_its_name_and_no_other_s(hand, book, until):
    hand()
    book.write(2, case="case-SEEK-0004")
    book.write(1, case="case-SEEK-0004", ending="failed")
    book.write(1, case="case-SEEK-00042")
    until(lambda: book.count("letter WHERE state <> 'waiting'") == 4)
    until(lambda: len(flows.runs_of("case-SEEK-0004")) == 3)
    until(lambda: all(run.state != "Running" for run in flows.runs_of("case-SEEK-0004")))

    found = {run.name: run.state for run in flows.runs_of("case-SEEK-0004")}
    assert found == {
        "mail case-SEEK-0004 #1": "Sent",
        "mail case-SEEK-0004 #2": "Sent",
        "mail case-SEEK-0004 #3": "Refused",
    }


def test_prefect_is_told_nothing_that_names_a_person(hand, book, until, prefect):
    running = hand()
    book.write(1, passing=100)
    book.write(1, ending="bug")
    book.write(1, ending="deferred")
    until(lambda: len(book.lines("released")) == 2)
    until(lambda: len(flows.runs_of("case-ONB-0042")) >= 3)
    running.stop()
    sleep(1.5)

    database = prefect._home / "prefect.db"
    told = b"".join(path.read_bytes() for path in database.parent.glob("prefect.db*"))
    assert b"case-ONB-0042" in told
    assert b"ann@example.org" not in told


def test_without_work_there_is_no_flow_run(hand, flow_runs):
    names = ("deliver-effects", "advance-cases", "launch-cohort")
    before = [flow_runs(name) for name in names]
    hand()
    sleep(2.0)

    assert [flow_runs(name) for name in names] == before


def test_a_flow_lingers_so_that_the_next_letter_needs_no_new_one(hand, book, until, flow_runs):
    before = flow_runs("deliver-effects")
    running = hand(linger_seconds=20.0)
    for letter in (1, 2, 3):
        book.write()
        running.nudge()
        until(lambda letter=letter: len(book.lines("sent")) == letter)

    assert flow_runs("deliver-effects") == before + 1
