"""Twenty browsers send the answer to one task in the same moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier

from acceptance_house import browser

_BROWSERS = 20


def test_of_twenty_answers_one_is_recorded_and_the_others_are_told_so(house):
    folder = house.folder
    house.machine.do(folder.home, "start", "feedback", "n-dan")
    token = folder.mail_to("dan@example.org").token
    together = Barrier(_BROWSERS)
    with ExitStack() as stack, ThreadPoolExecutor(_BROWSERS) as hands:
        browsers = [stack.enter_context(browser(folder)) for _ in range(_BROWSERS)]
        for one in browsers:
            one.open(token)
        browsers[0].fill_in(words="Once is enough.")
        ready = [one.ready_to_send() for one in browsers]

        def send(number):
            together.wait(60)
            return browsers[number].post(browsers[number].task, ready[number])

        answers = list(hands.map(send, range(_BROWSERS)))
    row, _, case, status = folder.task_of(token)

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: _BROWSERS - 1}
    calm = [answer for answer in answers if "This is already recorded" in answer.text]
    assert len(calm) == _BROWSERS - 1
    assert status == "answered"
    assert decisions(folder, case) == 1
    assert folder.count("SELECT count(*) FROM task WHERE id = ? AND outcome = 'submit'", row) == 1
    assert (
        folder.count("SELECT count(*) FROM [case] WHERE name = ? AND outcome = 'given'", case) == 1
    )


def decisions(folder, case):
    return folder.count(
        "SELECT count(*) FROM event JOIN [case] ON [case].id = event.case_id"
        " WHERE event.kind = 'task.answered' AND [case].name = ?",
        case,
    )
