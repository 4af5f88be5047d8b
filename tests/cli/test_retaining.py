"""What operators do about what is kept: look, erase, hold."""

import json

YEAR = """\
process: talk
version: 1
subject: person
people: {manager: subject.manager}
retention: {answers: 1 day}
states:
  ask: {task: {to: manager, fields: {said: {type: text}}}}
  closed: {end: done}
"""


def _closed(run, home, tmp_path):
    file = tmp_path / "talk.yaml"
    file.write_text(YEAR)
    assert run("publish", str(file), "--home", str(home)).code == 0
    assert run("start", "talk", "3", "--home", str(home)).code == 0
    (task,) = run("tasks", "--format", "json", "--home", str(home)).data
    answered = run(
        "answer", task["public_id"], "--by", "2", "--set", "said=SECRET", "--home", str(home)
    )
    assert answered.code == 0, answered.err
    (home / "clock-ahead").write_text(str(3 * 86_400))
    return task["case"]


def test_a_dry_run_shows_and_the_real_one_erases(run, home, tmp_path):
    case = _closed(run, home, tmp_path)
    dry = run("retention", "--dry-run", "--home", str(home))
    assert case in dry.out
    assert "Nothing was erased" in dry.out

    held = run("hold", case, "--reason", "a lawsuit", "--home", str(home))
    assert "is held" in held.out
    assert "0 cases erased, 1 held" in run("retention", "--home", str(home)).out
    assert run("release", case, "--reason", "settled", "--home", str(home)).code == 0

    assert "1 case erased, 0 held" in run("retention", "--home", str(home)).out
    assert "Nothing is due" in run("retention", "--home", str(home)).out
    assert json.loads(run("retention", "--format", "json", "--home", str(home)).out) == []
    assert run("verify", "--home", str(home)).out.startswith("OK")
    assert b"SECRET" not in (home / "tenure.db").read_bytes()


def test_a_hold_wants_a_reason_and_a_case(run, home):
    assert "Say why" in run("hold", "TAL-0001", "--reason", " ", "--home", str(home)).err
    wrong = run("hold", "TAL-0001", "--reason", "x", "--home", str(home))
    assert wrong.code == 1
    assert "There is no case TAL-0001" in wrong.err


GUEST = """\
process: ask
version: 1
subject: person
retention: {answers: 1 day}
data: {who: {type: guest, from: start}}
states:
  ask: {task: {to: data.who, fields: {said: {type: text}}}}
  closed: {end: done}
"""


def test_guests_whom_nothing_keeps_are_shown_and_erased(run, home, tmp_path):
    file = tmp_path / "ask.yaml"
    file.write_text(GUEST)
    run("publish", str(file), "--home", str(home))
    who = "who=Cara Doe <cara@example.net>"
    assert run("start", "ask", "3", "--set", who, "--home", str(home)).code == 0
    assert run("cancel", "ASK-0001", "--reason", "a mistake", "--home", str(home)).code == 0
    (home / "clock-ahead").write_text(str(40 * 86_400))

    assert "1 guest whom no case keeps" in run("retention", "--dry-run", "--home", str(home)).out
    told = json.loads(run("retention", "--dry-run", "--format", "json", "--home", str(home)).out)
    assert [min(one) for one in told] == ["case", "guest"]
    assert "1 case erased, 0 held, 1 guest erased." in run("retention", "--home", str(home)).out
    assert b"cara@example.net" not in (home / "tenure.db").read_bytes()
    assert "Nothing is due" in run("retention", "--home", str(home)).out
