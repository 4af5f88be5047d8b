"""Who is away, from the command line to tasks that change hands."""


def owner(run, home) -> list[str]:
    (task,) = run("tasks", "--home", home, "--format", "json").data
    return [one["name"] for one in task["owners"]]


def test_an_absence_is_entered_listed_and_called_off(run, home):
    assert run("start", "review", "3", "--set", "year=2026", "--home", home).code == 0
    entered = run(
        "people",
        "away",
        "Bob",
        "--back",
        "2999-01-01",
        "--stand-in",
        "1",
        "--leave",
        "--home",
        home,
    )
    listed = run("people", "away", "--home", home)
    found = run("people", "list", "bob", "--home", home)

    assert entered.code == 0
    assert "Bob Ray is away from 20" in entered.out
    assert entered.out.endswith("and back on 2999-01-01; Cy Boss acts for them.\n")
    assert "2       Bob Ray" in listed.out
    assert "2999-01-01  Cy Boss" in listed.out
    assert "leave" in listed.out
    assert "Bob Ray (away, Cy Boss acts)" in found.out

    returned = run("people", "back", "2", "--home", home)
    again = run("people", "back", "2", "--home", home)
    assert returned.out.startswith("Bob Ray is there on 20")
    assert (again.code, again.err.startswith("Bob Ray is not away on 20")) == (1, True)
    assert run("people", "away", "--home", home).out == (
        "Nobody is away, and no absence is entered.\n"
    )


def test_an_absence_that_cannot_be_is_refused_with_the_reason(run, home):
    circle = run("people", "away", "3", "--stand-in", "3", "--home", home)
    backwards = run(
        "people", "away", "3", "--from", "2027-03-02", "--back", "2027-03-01", "--home", home
    )
    nobody = run("people", "away", "Zoe", "--home", home)

    assert circle.code == backwards.code == nobody.code == 1
    assert circle.err == (
        "Nothing was written: nobody would be left to act: Ann Lee → Ann Lee; choose somebody who "
        "is there in those days.\n"
    )
    assert "the first day back, 2027-03-01, is not after the first day away" in backwards.err
    assert "The directory knows nobody called “Zoe”" in nobody.err


def test_an_open_end_is_told_as_such(run, home):
    away = run("people", "away", "3", "--from", "2999-01-01", "--home", home)

    assert away.out == (
        "Ann Lee is away from 2999-01-01 until further notice; nobody acts for them: their tasks "
        "stay theirs.\n"
    )
    assert "absence, to come" in run("people", "away", "--home", home).out
    assert run("people", "back", "3", "--home", home).code == 0
