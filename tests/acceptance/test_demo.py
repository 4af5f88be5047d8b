"""`tenure demo --once` in a fresh folder: the whole product in one command."""

import re


def test_the_demo_ends_well_and_says_so_in_its_last_line(demo):
    last = demo.process.said().rstrip().splitlines()[-1]

    assert demo.process.popen.returncode == 0, demo.process.said()
    assert re.fullmatch(r"demo: \d+ cases closed, \d+ mails delivered, history verified", last)


def test_its_figures_are_those_of_the_database_and_of_the_mail(demo):
    folder = demo.folder
    last = demo.process.said().rstrip().splitlines()[-1]
    cases, mails = (int(number) for number in re.findall(r"\d+", last))

    assert cases == folder.count("SELECT count(*) FROM [case] WHERE closed_at IS NOT NULL")
    assert cases == folder.count("SELECT count(*) FROM [case]")
    assert mails == folder.mail_count()
    assert mails == folder.count("SELECT count(*) FROM outbox WHERE status = 'sent'")
    assert mails == folder.count("SELECT count(*) FROM event WHERE kind = 'mail.sent'")
    assert mails == len({mail.id for mail in folder.mails()})


def test_it_leaves_nothing_undone(demo):
    folder = demo.folder

    assert folder.undone() == {}
    assert folder.count("SELECT count(*) FROM task WHERE status = 'open'") == 0
    assert folder.count("SELECT count(*) FROM incident") == 0
    assert (
        folder.count("SELECT count(*) FROM outbox WHERE status NOT IN ('sent', 'cancelled')") == 0
    )


def test_nothing_in_its_logs_asks_for_help(demo):
    assert demo.folder.troubles() == []


def test_it_does_not_play_in_a_folder_that_is_in_use(demo, machine):
    again = machine.run(demo.folder.home, "demo", "--once", "--port", "0")

    assert again.returncode == 1
    assert "wants a fresh folder" in again.stdout
