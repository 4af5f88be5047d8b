"""The bench follows the file, and the case on it follows the file and the clock."""

import threading

import pytest
from dev_files import REVIEW, TESTS

from engine.scenarios import NotAsWritten, PlayStep, scripts_of
from tenure.dev.workshop import Workshop

ANSWER = PlayStep(name="ann self", value={"peers": ["dan"]})
RATE = PlayStep(name="bob rate", value={"rating": 4})


def save(file, text):
    file.write_text(text, "utf-8")


def where(workshop):
    return workshop.bench.show.stage.where()


def test_it_begins_where_the_first_test_begins(workshop):
    assert workshop.bench.script.people["manager"] == "bob"
    assert where(workshop) == ["self"]


def test_without_a_test_people_and_values_are_invented(file):
    save(file, REVIEW)

    bench = Workshop(file).bench

    assert bench.script.people == {
        "subject": "ann",
        "manager": "bob",
        "boss": "cy",
        "it-desk": "dan",
    }
    assert bench.script.start == {"year": "Year"}
    assert bench.show.stage.where() == ["self"]


def test_a_broken_file_leaves_the_last_good_version_in_play(file, workshop):
    workshop.add(ANSWER)
    save(file, (REVIEW + TESTS).replace("form: rating", "form: raiting"))

    reading = workshop.look()

    assert reading.errors == 1
    assert "did you mean `rating`" in reading.frames()[0][1]
    assert workshop.bench.stale
    assert where(workshop) == ["rate"]


def test_a_mended_file_is_played_from_the_start_again(file, workshop):
    workshop.add(ANSWER)
    save(file, (REVIEW + TESTS).replace("  rate:\n", "  judge:\n"))
    workshop.look()

    assert not workshop.bench.stale
    assert where(workshop) == ["judge"]


def test_a_step_that_no_longer_fits_is_told_and_kept(file, workshop):
    workshop.add(ANSWER)
    workshop.add(RATE)
    save(file, (REVIEW + TESTS).replace("  rate:\n", "  judge:\n"))
    workshop.look()

    assert "No task `rate` is open" in workshop.bench.trouble
    assert where(workshop) == ["judge"]
    save(file, REVIEW + TESTS)
    workshop.look()
    assert workshop.bench.trouble is None
    assert where(workshop) == ["kit"]


def test_time_goes_back_and_forth_along_the_play(workshop):
    workshop.add(ANSWER)
    workshop.add(RATE)
    workshop.go(1)
    assert where(workshop) == ["rate"]
    workshop.go(2)
    assert where(workshop) == ["kit"]
    workshop.go(99)
    assert workshop.bench.at == 2


def test_a_step_taken_in_the_past_replaces_what_came_after(workshop):
    workshop.add(ANSWER)
    workshop.add(RATE)
    workshop.go(1)
    workshop.add(PlayStep(name="bob rate", value="return"))

    assert where(workshop) == ["self"]
    assert len(workshop.bench.script.steps) == 2


def test_a_step_that_cannot_be_taken_changes_nothing(workshop):
    before = workshop.bench
    with pytest.raises(NotAsWritten, match="is not bob's"):
        workshop.add(PlayStep(name="bob self", value=None))

    assert workshop.bench == before


def test_a_file_that_vanishes_is_a_finding_and_comes_back(file, workshop):
    file.unlink()
    assert workshop.look().errors == 1
    assert workshop.bench.stale
    save(file, REVIEW + TESTS)
    assert workshop.look().errors == 0


def test_nothing_is_read_again_before_it_is_saved(workshop):
    assert workshop.look() is None


def test_who_waits_hears_of_the_next_change(workshop):
    seen = workshop.bench.version
    heard = []
    waiting = threading.Thread(target=lambda: heard.append(workshop.wait(seen, 60)))
    waiting.start()
    workshop.add(ANSWER)
    waiting.join(60)

    assert heard == [workshop.bench.version]


def test_a_whole_test_can_be_put_on_the_bench(workshop):
    workshop.begin(scripts_of(workshop.bench.good)[0])

    assert where(workshop) == ["kit"]


def test_a_file_that_never_was_sound_has_no_case(file):
    save(file, "process: [")

    bench = Workshop(file).bench

    assert (bench.definition, bench.show) == (None, None)
    assert bench.reading.errors
