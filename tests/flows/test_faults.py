"""Prefect may stop, and so may we: nothing is lost, and it is said in a sentence."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from flows_book import Book, now

import flows
from flows.server import Server, check_database


def test_a_stop_of_prefect_loses_nothing_and_is_said(hand, book, until, prefect):
    running = hand(longest_pause_seconds=0.5)
    book.write(3)
    until(lambda: book.count("letter WHERE state = 'sent'") == 3)
    prefect.stop()
    try:
        sleep(1.5)
        book.write(40)
        until(lambda: running.status().state == "away")
        said = running.status().sentence
    finally:
        prefect.start()
        os.environ["PREFECT_API_URL"] = prefect.api_url
    until(lambda: book.count("letter WHERE state = 'sent'") == 43)

    assert "effects wait in the outbox" in said
    assert len(book.lines("sent")) == 43


def test_stopping_gives_back_what_was_claimed_and_not_begun(hand, book, until):
    running = hand(threads=2, letters_in_flight=32)
    book.write(32, seconds=0.3)
    until(lambda: len(book.lines("try")) >= 2)
    begun = monotonic()
    running.stop()

    assert monotonic() - begun < 30.0
    assert running.status().state == "stopped"
    assert book.count("letter WHERE state = 'waiting' AND held_until <> ''") == 0
    assert len(book.lines("sent")) + len(book.lines("released")) == 32


def test_a_killed_process_comes_up_again_and_marks_its_last_runs_crashed(tmp_path, until):
    book = Book(tmp_path / "book.db")
    book.write(4, seconds=60)
    first = _process(tmp_path)
    try:
        until(lambda: len(book.lines("try")) >= 4)
        sleep(1.5)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
    with book.open() as file:
        file.execute("UPDATE letter SET seconds = 0, held_until = ''")

    second = _process(tmp_path)
    try:
        line = second.stdout.readline()
        assert line.startswith("ready after "), line
        seconds = float(line.split()[-1])
        until(lambda: book.count("letter WHERE state = 'sent'") == 4)
        second.stdin.write("states\n")
        second.stdin.flush()
        states = second.stdout.readline().split()
        begun = monotonic()
        second.stdin.write("stop\n")
        second.stdin.flush()
        assert second.wait(120) == 0
        stopped = monotonic() - begun
    finally:
        second.kill()
        second.communicate()

    assert seconds < 60.0  # it comes up by itself, however busy the machine is
    assert stopped < 30.0
    assert "Crashed" in states


def _process(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "flows_process.py"), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_tenure_in_the_same_folder_is_refused(prefect):
    with pytest.raises(flows.ServerError, match=f"process {os.getpid()}"):
        Server(folder=prefect._home.parent).prepare()


def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = flows.Settings(folder=tmp_path, clock=now, port=port)

        with pytest.raises(flows.ServerError, match=f"Port {port} on this machine is not free"):
            flows.start(Book(tmp_path / "book.db"), settings)


def test_a_damaged_database_is_named_with_the_way_out(tmp_path):
    (tmp_path / "prefect.db").write_bytes(b"not a database, by any measure" * 100)

    with pytest.raises(flows.ServerError, match="moving it away is safe"):
        check_database(tmp_path / "prefect.db")
