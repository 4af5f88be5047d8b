"""What a terminal sees whatever happens: sentences, exit codes, plain text where it must be."""

import io
import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tenure.cli import main
from tenure.cli.commands import COMMANDS, command_line
from tenure.cli.reference import reference
from tenure.cli.terminal import Screen, shown

ROOT = Path(__file__).parents[2]
TENURE = [sys.executable, "-c", "import sys; from tenure.cli import main; sys.exit(main())"]


def process(*words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with these variables besides."""
    return subprocess.run(
        [*TENURE, *words],
        capture_output=True,
        timeout=60,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more},
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verfy"], "There is no command `verfy`. Did you mean `verify`? `tenure --help` tells"),
        (["people", "imprt"], "There is no command `people imprt`. Did you mean `people import`?"),
        (["qqq"], "There is no command `qqq`. `tenure --help` tells what there is."),
        (["check", "--fromat", "json", "x"], "`tenure check --help` tells what there is."),
        (["check", "x", "--format", "xml"], "xml"),
        (["cancel", "ONB-1"], "--reason is missing. `tenure cancel --help` tells"),
        (["cancel", "ONB-1", "--reason"], "--reason needs a value behind it."),
        (["history"], "CASE is missing. `tenure history --help` tells"),
        (["retry", "four"], "INCIDENT wants a whole number; “four” is none."),
        (["cases", "--limit", "x"], "--limit wants a whole number; “x” is none."),
        (["explain", "E212", "E213"], "`E213` is more than this command takes."),
    ],
)
def test_what_is_not_understood_is_exit_code_2(run, words, sentence):
    ran = run(*words)

    assert (ran.code, ran.out) == (2, "")
    assert sentence in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_home_without_anything_in_it_is_not_made_by_looking(run, tmp_path):
    ran = run("cases", "--home", tmp_path / "typo")

    assert ran.code == 1
    assert ran.err.startswith(f"There is nothing in {tmp_path / 'typo'} yet.")
    assert not (tmp_path / "typo").exists()


def test_a_home_that_cannot_be_made_is_told(run, review):
    ran = run("publish", review, "--home", "/proc/nowhere")

    assert ran.code == 1
    assert ran.err.startswith("The folder /proc/nowhere cannot be made:")


def test_a_setting_that_cannot_be_used_is_told(run, home, monkeypatch):
    monkeypatch.setenv("TENURE_PORT", "none")

    assert run("cases", "--home", home).err.startswith("TENURE_PORT: ")


def test_a_file_that_is_no_database_is_told(run, tmp_path):
    (tmp_path / "tenure.db").write_bytes(
        b"not a database at all, but long enough to be read as one"
    )
    ran = run("cases", "--home", tmp_path)

    assert ran.code == 1
    assert "cannot be opened" in ran.err
    assert "Traceback" not in ran.err


def test_a_defect_is_one_sentence_and_a_file_with_the_rest(run, home, monkeypatch):
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by Ann Lee")

    monkeypatch.setattr("tenure.cli.looking.find_cases", break_down)
    ran = run("cases", "--home", home)

    assert ran.code == 70
    assert "Ann Lee" not in ran.err
    written = Path(re.search(r"stands in (\S+);", ran.err)[1])
    assert "ZeroDivisionError: by Ann Lee" in written.read_text()
    assert written.stat().st_mode & 0o077 == 0
    written.unlink()


def test_ctrl_c_ends_a_command_without_a_traceback(run, home, monkeypatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenure.cli.looking.find_cases", interrupt)
    ran = run("cases", "--home", home)

    assert (ran.code, ran.err) == (130, "Stopped.\n")


def test_a_name_cannot_command_the_terminal(run, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("number,name,email\n1,Ann \x1b[31mLee,ann@example.com\n")
    ran = run("people", "import", file, "--dry-run", "--home", tmp_path / "new")

    assert "\x1b" not in ran.out


@pytest.mark.parametrize(
    ("text", "unicode", "expected"),
    [
        ("Tomás → “Zoë”…", True, "Tomás → “Zoë”…"),
        ("Tomás → “Zoë”…", False, 'Tomas -> "Zoe"...'),
        ("日本", False, "??"),
        ("a\nb\tc", True, "a b    c"),
        ("a\x1b[31mb", True, "a?[31mb"),
        ("a\u202eb", True, "a?b"),
    ],
)
def test_text_is_made_safe_for_the_screen(text, unicode, expected):
    screen = Screen(color=False, unicode=unicode, interactive=False, width=80)

    assert shown(text, screen) == expected


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_colour_follows_no_color(review, monkeypatch):
    said = {}
    for name in ("colour", "none"):
        screen = _Terminal()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("NO_COLOR", raising=False)
        if name == "none":
            monkeypatch.setenv("NO_COLOR", "1")
        assert main(["test", str(review)]) == 0
        said[name] = screen.getvalue()

    assert "\x1b[32m" in said["colour"]
    assert "\x1b" not in said["none"]
    assert re.sub(r"\x1b\[[\d;]*m", "", said["colour"]) == said["none"]


def test_a_no_at_the_terminal_writes_nothing(home, tmp_path, monkeypatch):
    file = tmp_path / "people.csv"
    file.write_text("number,name,email\n9,Eve New,eve@example.com\n")
    for answer, sentence in (("\n", "Nothing was written."), ("y\n", "Done: 1 person written.")):
        screen, keyboard = _Terminal(), _Terminal(answer)
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setattr(sys, "stdin", keyboard)
        assert main(["people", "import", str(file), "--home", str(home)]) == 0
        assert "Write this? [y/N]" in screen.getvalue()
        assert sentence in screen.getvalue()


def test_plain_ascii_where_a_terminal_is_not_utf_8(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "process: a\nversion: 1\ntitle: Café\nstates: {ask: {task: {to: Zoë}}}\n", "utf-8"
    )
    ran = process("check", str(file), PYTHONIOENCODING="ascii", PYTHONUTF8="0")

    assert ran.returncode == 1
    assert ran.stdout.isascii()
    assert b"^^^" in ran.stdout


def test_a_reader_that_goes_away_is_no_error(review):
    with subprocess.Popen(
        [*TENURE, "explain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    ) as ran:
        ran.stdout.close()
        said = ran.stderr.read()

    assert said == b""


def test_the_version_is_told_by_a_process_of_its_own():
    ran = process("--version")

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert re.fullmatch(rb"\d+\.\d+\.\d+\S*\n", ran.stdout)


def test_help_loads_no_room_that_takes_long():
    code = (
        "import sys; from tenure.cli import main; main(['--help']); "
        "print([name for name in ('sqlalchemy', 'prefect', 'fastapi', 'pydantic', 'engine', 'web',"
        " 'flows') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=True, cwd=ROOT
    )

    assert ran.stdout.splitlines()[-1] == b"[]"


def test_the_reference_page_is_made_from_the_commands():
    """After a change of commands: python -m tenure.cli.reference > docs/reference/cli.md"""
    assert (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8") == reference()


def test_every_command_is_in_the_reference_and_every_option_has_help():
    page = reference()

    assert [one.name for one in COMMANDS if f"# tenure {one.name}\n" not in page] == []
    for line in page.splitlines():
        if line.startswith("* `-"):
            assert re.match(r"\* `[^`]+`: \S", line), line


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_shows_its_help(run, command):
    ran = run(*command.name.split(), "--help")

    assert ran.code == 0
    assert " ".join(command.help.split("\n\n")[0].split()) in " ".join(ran.out.split())


def test_a_list_of_commands_needs_no_parser_twice():
    assert len({one.name for one in COMMANDS}) == len(COMMANDS)
    assert "people" in command_line()


def test_a_port_that_is_taken_is_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = process("serve", "--port", port, "--home", str(tmp_path / "home"))

    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Nothing can listen on 127.0.0.1:{port}".encode())
    assert b"Traceback" not in ran.stderr


def test_a_full_disk_is_told_as_what_it_is(home):
    def no_room() -> None:
        largest = 33_000  # bytes of a file: enough to begin to write, too little for a commit
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    ended = subprocess.run(
        [*TENURE, "start", "review", "3", "--set", "year=2026", "--home", home],
        capture_output=True,
        timeout=60,
        check=False,
        # It must not leave half a compiled module behind.
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        preexec_fn=no_room,
        text=True,
    )

    assert ended.returncode == 1, ended.stderr
    assert "The database does not do what it is asked: " in ended.stderr
    assert "Look at the free space" in ended.stderr
