"""People, processes, cases and their record, from the command line to a real database."""

import json
import sqlite3
from pathlib import Path

import pytest

ONE = "number,name,email,manager,department,location,country,zone,roles,queues\n"


@pytest.fixture
def case(run, home) -> str:
    assert run("start", "review", "3", "--set", "year=2026", "--home", home).code == 0
    return "REV-0001"


def the_task(run, home: Path, title: str) -> str:
    told = run("tasks", "--home", home, "--format", "json").data
    return next(one["public_id"] for one in told if one["title"] == title)


# --- people ---


def test_an_import_is_told_in_words_and_done(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("number,name,email\n1,Ann Lee,ann@example.com\n")
    first = run("people", "import", file, "--home", tmp_path / "new")
    second = run("people", "import", file, "--home", tmp_path / "new")

    assert first.code == second.code == 0
    assert "joins    Ann Lee (1)" in first.out
    assert first.out.endswith("Done: 1 person written.\n")
    assert "nothing changes" in second.out
    assert "Done" not in second.out


def test_a_dry_run_writes_nothing(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("number,name,email\n1,Ann Lee,ann@example.com\n")
    ran = run("people", "import", file, "--dry-run", "--home", tmp_path / "new")

    assert "joins    Ann Lee (1)" in ran.out
    assert run("people", "list", "--home", tmp_path / "new").out == "Nobody is found.\n"


def test_a_file_with_problems_is_refused_unless_they_are_skipped(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("number,name,email\n1,Ann Lee,ann@example.com\n2,Bob Ray,nowhere\n")
    home = tmp_path / "new"
    refused = run("people", "import", file, "--home", home)
    done = run("people", "import", file, "--skip-problems", "--home", home)

    assert refused.code == 1
    assert "line 3" in refused.out
    assert "--skip-problems" in refused.err
    assert done.code == 0
    assert "1 person written" in done.out


def test_nobody_is_removed_without_a_yes(run, home, tmp_path):
    file = tmp_path / "fewer.csv"
    file.write_text("number,name,email\n1,Cy Boss,cy@example.com\n")
    refused = run("people", "import", file, "--full", "--home", home)
    kept = run("people", "list", "--home", home, "--format", "json").data
    done = run("people", "import", file, "--full", "--yes", "--home", home)
    left = run("people", "list", "--home", home, "--format", "json").data

    assert refused.code == 1
    assert refused.err == (
        "Nothing was written: 3 people would leave, and nobody is here to say yes. Add --yes if "
        "that is right; without --full nobody leaves.\n"
    )
    assert [one["name"] for one in kept] == ["Ann Lee", "Bob Ray", "Cy Boss", "Dan Fox"]
    assert done.code == 0
    assert [one["name"] for one in left] == ["Cy Boss"]


def test_cases_look_again_when_their_people_change(run, home, case, tmp_path):
    file = tmp_path / "moved.csv"
    file.write_text("number,name,email,manager\n3,Ann Lee,ann@example.com,1\n")
    run("people", "import", file, "--home", home)

    with sqlite3.connect(home / "tenure.db") as connection:
        (count,) = connection.execute("select count(*) from inbox").fetchone()
    connection.close()
    assert count == 1


def test_people_are_listed_with_their_roles(run, home):
    ran = run("people", "list", "sales", "bob", "--home", home)

    assert ran.out.splitlines()[1].split() == [
        "2", "Bob", "Ray", "Sales", "Cy", "Boss", "hr-partner@Sales,", "it-desk",
    ]  # fmt: skip


# --- publishing ---


def test_publishing_twice_changes_nothing(run, home, review):
    ran = run("publish", review, "--home", home)

    assert ran.code == 0
    assert ran.out.startswith("review version 1 was published before; nothing changes")


def test_the_same_version_with_other_content_is_refused(run, home, review):
    review.write_text(review.read_text().replace("due: 5 workdays", "due: 6 workdays"))
    ran = run("publish", review, "--home", home)

    assert ran.code == 1
    assert "version" in ran.err


def test_of_several_files_nothing_is_published_when_one_is_wrong(run, tmp_path, review):
    (tmp_path / "wrong.yaml").write_text("process: wrong\n")
    ran = run("publish", review, tmp_path / "wrong.yaml", "--home", tmp_path / "new")

    assert ran.code == 1
    assert "error[E203]" in ran.out
    assert ran.err.startswith("Nothing is published: there are errors in 1 definition")
    assert not (tmp_path / "new").exists()


# --- starting ---


def test_a_case_is_started_and_listed(run, home, case):
    (told,) = run("cases", "--home", home, "--format", "json").data

    assert (told["name"], told["process"], told["subject"]["name"], told["open_tasks"]) == (
        case, "review", "Ann Lee", 1,
    )  # fmt: skip
    assert (
        run("cases", "--home", home).out.splitlines()[1].startswith("REV-0001  review 1  Ann Lee")
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["3"], "To start review, year must be given as well."),
        (["3", "--set", "yaer=2026"], "There is no field `yaer` here. Did you mean `year`?"),
        (["3", "--set", "year"], "Write a value as field=value; `year` is none."),
        (["3", "--set", "year=1", "--set", "year=2"], "`year` is set twice; keep one."),
        (["3", "--set", "year=1", "--set", "day=2027-02-30"], "enter a date such as"),
        (["zoe", "--set", "year=1"], "The directory knows nobody called “zoe”."),
        (["a", "--set", "year=1"], "“a” may be "),
        (
            ["3", "--cohort", "x.csv"],
            "Name a person, a --cohort file or --eligible people, one of them.",
        ),
        (["--cohort", "nowhere.csv"], "nowhere.csv cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_started_is_told(run, home, words, sentence):
    ran = run("start", "review", *words, "--home", home)

    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err


def test_an_unknown_process_is_told(run, home):
    assert run("start", "rewiew", "3", "--home", home).err.startswith("No process `rewiew`")


def test_a_second_case_for_the_same_key_names_the_first(run, home, case):
    ran = run("start", "review", "ann@example.com", "--set", "year=2026", "--home", home)

    assert ran.code == 1
    assert "REV-0001" in ran.err


def test_a_cohort_starts_all_but_the_lines_that_it_refuses(run, home, case, tmp_path):
    file = tmp_path / "year.csv"
    file.write_text("number;year;day\n4;2026;\n\n9;2026;\n2;2026;soon\n3;2026;\n")
    ran = run("start", "review", "--cohort", file, "--home", home)

    assert ran.code == 1
    assert ran.out == "1 case of review started, 3 lines refused.\n"
    assert [line.split(": ")[0] for line in ran.err.splitlines()] == [
        f"{file}:4", f"{file}:5", f"{file}:6",
    ]  # fmt: skip
    assert "REV-0001" in ran.err.splitlines()[2]


def test_the_same_cohort_file_is_not_started_twice(run, home, tmp_path):
    file = tmp_path / "year.csv"
    file.write_text("number,year\n4,2026\n")

    assert run("start", "review", "--cohort", file, "--home", home).code == 0
    again = run("start", "review", "--cohort", file, "--home", home)
    assert again.code == 1
    assert "year.csv" in again.err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("number,year,colour\n4,2026,red\n", "year.csv:1: the process asks no `colour`"),
        ("name,year\n", "asks no `name`"),
        ("year\n2026\n", "the column `number` is missing"),
        ("number,number\n4,4\n", "the column `number` is there twice"),
        ("number,year\n4,2026,x\n", "year.csv:2: this line has 3 cells and the header 2"),
        ('number,year\n4,"20"26\n', "this is no CSV"),
        ("number,year\n", "has no line below its header"),
    ],
)
def test_a_cohort_file_of_the_wrong_shape_is_refused_as_a_whole(
    run, home, tmp_path, text, sentence
):
    file = tmp_path / "year.csv"
    file.write_text(text)
    ran = run("start", "review", "--cohort", file, "--home", home)

    assert ran.code == 1
    assert sentence in ran.err
    assert run("cases", "--home", home).out == "No case fits.\n"


# --- tasks and answers ---


def test_a_task_is_answered_and_the_next_one_opens(run, home, case):
    ran = run(
        "answer", the_task(run, home, "Rate Ann Lee"), "--by", "bob",
        "--set", "rating=4", "--set", "share=12.5%", "--set", "fee=1200.50 eur",
        "--set", "fine=yes", "--set", "peers=Dan Fox, 1", "--home", home,
    )  # fmt: skip
    (told,) = run("tasks", "--home", home, "--format", "json").data

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("REV-0001: “Rate Ann Lee” is answered (submit); reference REV-0001.")
    assert told["title"] == "Take the laptop back"
    record = run("export", "--home", home, "--format", "jsonl").out
    data = json.loads(record)
    assert [data[f"data.{name}"] for name in ("rating", "share", "fee", "fine")] == [
        4, 0.125, {"amount": "1200.50", "currency": "EUR"}, True,
    ]  # fmt: skip
    assert len(data["data.peers"]) == 2


def test_somebody_of_a_queue_takes_the_task_by_answering(run, home, case):
    run(
        "answer",
        the_task(run, home, "Rate Ann Lee"),
        "--by",
        "2",
        "--set",
        "rating=4",
        "--home",
        home,
    )
    kit = the_task(run, home, "Take the laptop back")
    ran = run(
        "answer", kit, "--by", "3", "--set", 'items=[{"what": "bag", "by": "Dan"}]', "--home", home
    )

    assert (ran.code, ran.err) == (0, "")
    assert "Ann Lee took" in run("history", case, "--home", home).out
    assert run("tasks", "--home", home).out == "No task is open.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--by", "4"], "The task is not 4's to answer; it is with Bob Ray."),
        (["--by", "2"], "The page would not take this. rating: Rating: choose one."),
        (["--by", "2", "--set", "rating=9"], "enter 5 or less"),
        (["--by", "2", "--set", "rating=high"], "`rating` wants a number such as 4 or 0.5"),
        (["--by", "2", "--set", "fine=maybe"], "`fine` wants yes or no; “maybe” is neither."),
        (["--by", "2", "--set", "fee=12"], "`fee` wants an amount and a currency such as"),
        (["--by", "2", "--set", "rating=3", "--press", "send"], "no button 'send'"),
    ],
)
def test_an_answer_that_its_page_would_not_take_is_refused(run, home, case, words, sentence):
    ran = run("answer", the_task(run, home, "Rate Ann Lee"), *words, "--home", home)

    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err


def test_nobody_answers_for_somebody_else_where_mail_goes_to_people(run, home, case, monkeypatch):
    task = the_task(run, home, "Rate Ann Lee")
    monkeypatch.setenv("TENURE_SMTP_HOST", "mail.example.com")
    ran = run("answer", task, "--by", "2", "--set", "rating=4", "--home", home)

    assert ran.code == 1
    assert ran.err.startswith("Nobody answers for somebody else where mail is sent to people")
    assert the_task(run, home, "Rate Ann Lee") == task


def test_an_answer_given_so_is_marked_in_the_history(run, home, case):
    run(
        "answer",
        the_task(run, home, "Rate Ann Lee"),
        "--by",
        "2",
        "--set",
        "rating=4",
        "--home",
        home,
    )
    told = run("history", case, "--home", home, "--format", "json").data

    assert [one["request"] for one in told if one["kind"] == "task.answered"] == ["development"]


def test_a_closed_task_says_so(run, home, case):
    task = the_task(run, home, "Rate Ann Lee")
    run("answer", task, "--by", "2", "--set", "rating=4", "--home", home)
    ran = run("answer", task, "--by", "2", "--set", "rating=4", "--home", home)

    assert ran.err == "The task “Rate Ann Lee” is closed already: submit.\n"


# --- operators ---


def test_tasks_are_given_to_somebody_else_one_or_all(run, home, case):
    task = the_task(run, home, "Rate Ann Lee")
    assert run("start", "review", "4", "--set", "year=2026", "--home", home).code == 0
    one = run("reassign", task, "--to", "cy", "--reason", "Bob is ill", "--home", home)
    again = run("reassign", task, "--to", "cy", "--reason", "Bob is ill", "--home", home)
    rest = run("reassign", "--all-of", "2", "--to", "1", "--reason", "Bob leaves", "--home", home)
    none = run("reassign", "--all-of", "2", "--to", "1", "--reason", "Bob leaves", "--home", home)
    both = run("reassign", task, "--all-of", "2", "--to", "1", "--reason", "x", "--home", home)
    mute = run("reassign", task, "--to", "1", "--reason", " ", "--home", home)

    assert one.out == rest.out == "1 task given to Cy Boss.\n"
    assert again.code == 1
    assert "Cy Boss has this task of REV-0001 already." in again.err
    assert again.out == "0 tasks given to Cy Boss.\n"
    assert "Bob Ray has no open task." in none.err
    assert "one of them" in both.err
    assert "Say why" in mute.err
    told = run("tasks", "--format", "json", "--home", home).data
    assert [line["owners"][0]["name"] for line in told] == ["Cy Boss", "Cy Boss"]


def test_signals_cancelling_and_the_history(run, home, case):
    signal = run("signal", "calibration.published", "--set", "grade=4", "--home", home)
    refused = run("cancel", case, "--reason", " ", "--home", home)
    done = run("cancel", "rev-0001", "--reason", "Started by mistake", "--home", home)
    again = run("cancel", case, "--reason", "Started by mistake", "--home", home)

    assert signal.out == "calibration.published is raised; 0 cases waited for it.\n"
    assert refused.code == 1
    assert done.out == "REV-0001 is cancelled.\n"
    assert again.code == 1
    assert "Started by mistake" in run("history", case, "--home", home).out
    assert run("cases", "--home", home).out == "No case fits.\n"
    assert "ended as cancelled" in run("cases", "--status", "all", "--home", home).out


def test_details_of_a_history_are_shown_when_asked_for(run, home, case):
    run("cancel", case, "--reason", "Started by mistake", "--home", home)
    brief = run("history", case, "--home", home).out.splitlines()
    full = run("history", case, "--details", "--home", home).out.splitlines()

    assert brief[-1] == "1 line more with --details."
    assert len(full) == len(brief)
    assert [line.split()[0] for line in full] == ["line", *map(str, range(1, len(full)))]


def test_an_unknown_case_is_told(run, home):
    assert run("history", "ONB-0001", "--home", home).err.startswith("There is no case ONB-0001.")


def test_incidents_are_listed_and_tried_again(run, home):
    assert run("incidents", "--home", home).out == "No incident is open.\n"
    assert run("retry", "4", "--home", home).err == (
        "There is no incident 4. `tenure incidents` lists the open ones.\n"
    )


# --- the record ---


def test_a_whole_record_is_verified(run, home, case):
    assert run("verify", "--home", home).out.startswith("OK ")
    assert run("verify", "--home", home, "--format", "json").data["ok"] is True


def test_an_altered_row_is_named_and_fails(run, home, case):
    with sqlite3.connect(home / "tenure.db") as connection:
        connection.execute("update task set title = 'Another' where state = 'rate'")
        connection.execute("update \"case\" set outcome = 'done'")
    connection.close()
    ran = run("verify", "--home", home)

    assert ran.code == 1
    assert ran.out.startswith("ALTERED case REV-0001")
    assert run("verify", "--home", home, "--format", "json").data["finding"]["case"] == case


def test_exports_are_the_same_every_time(run, home, case, tmp_path):
    for what in ("cases", "history"):
        for format_ in ("csv", "jsonl"):
            words = ("export", what, "--process", "review", "--format", format_, "--home", home)
            assert run(*words, "--out", tmp_path / "one").code == 0
            assert run(*words, "--out", tmp_path / "two").code == 0
            assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes() != b""
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_an_export_without_sensitive_fields_goes_to_the_terminal(run, home, case):
    ran = run("export", "--home", home)

    assert ran.code == 0
    assert "data.year" in ran.out
    assert "data.secret" not in ran.out


def test_an_export_of_nothing_that_is_published_is_refused(run, home):
    assert run("export", "--process", "x", "--home", home).err == (
        "No process `x` is published; there are: review.\n"
    )


def test_an_export_that_cannot_be_written_says_so(run, home, tmp_path):
    ran = run("export", "--out", tmp_path / "no" / "file.csv", "--home", home)

    assert ran.code == 1
    assert "cannot be written: No such file or directory." in ran.err


# --- the machine ---


def test_the_doctor_finds_a_sound_house_sound(run, home, case):
    ran = run("doctor", "--home", home)

    assert ran.code == 0, ran.out
    assert "1 open case of 1 published process." in ran.out
    assert "wrong" not in ran.out


def test_the_doctor_looks_without_making_anything(run, tmp_path):
    assert run("doctor", "--home", tmp_path / "new").code == 0
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "value", "about", "sentence"),
    [
        ("TENURE_SMTP_HOST", "127.0.0.1", "mail", "does not work"),
        ("TENURE_SMTP_HOST", "127.0.0.1", "address", "Set TENURE_BASE_URL"),
        ("PREFECT_API_URL", "http://127.0.0.1:9/api", "prefect", "does not answer"),
        ("TENURE_PORT", "none", "settings", "TENURE_PORT"),
        ("TENURE_DATABASE", "oracle://x", "database", ""),
    ],
)
def test_the_doctor_names_what_is_wrong(run, home, monkeypatch, name, value, about, sentence):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("TENURE_SMTP_PORT", "9")
    ran = run("doctor", "--home", home, "--format", "json")

    assert ran.code == 1
    told = [
        one["sentence"] for one in ran.data if one["health"] == "wrong" and one["about"] == about
    ]
    assert len(told) == 1
    assert sentence in told[0]


def test_cases_of_a_process_that_nobody_published_are_not_just_none(run, home):
    ran = run("cases", "--process", "reviews", "--home", home)

    assert ran.code == 1
    assert ran.err == "No process `reviews` is published. There is `review`.\n"
