"""Nobody was there when timers fell due: they fire when the house is open again, each once."""

import orjson

_HOUR = 3600 * 1_000_000  # µs


def test_timers_that_fell_due_meanwhile_fire_once(firm, machine):
    """Due in two hours, a reminder after one, the manager is told after three, given up after 7."""
    machine.do(firm.home, "start", "feedback", "n-ann")
    opened = firm.count("SELECT opened_at FROM [case]")
    firm.sleep_through(3.5 * 3600)
    assert firm.undone() == {"letters": 1, "timers": 2}

    process = machine.serve(firm)
    firm.settle()
    code, _ = process.stop()  # what would fire twice has done so by the end
    fired = firm.rows("SELECT public FROM event WHERE kind = 'timer.fired' ORDER BY seq")
    letters = firm.rows("SELECT kind, status FROM outbox ORDER BY id")

    assert code == 0
    assert [orjson.loads(public)["due"] - opened for (public,) in fired] == [_HOUR, 3 * _HOUR]
    assert letters == [("task", "sent"), ("reminder", "sent"), ("escalation", "sent")]
    assert sorted(mail.to for mail in firm.mails()) == [
        "ann@example.org",
        "ann@example.org",
        "bob@example.org",
    ]
    assert firm.count("SELECT count(*) FROM [case] WHERE closed_at IS NULL") == 1
