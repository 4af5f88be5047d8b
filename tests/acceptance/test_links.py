"""A link in a mail: opening it tells and changes nothing, however often a scanner comes by."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import httpx
import pytest
from acceptance_house import browser

_UNKNOWN = "tk_" + "A" * 43
_SCANNERS = 8
_LOOKS = 50


@pytest.fixture(scope="module")
def link(house):
    """A fresh link to Ann's task, when all is quiet."""
    house.machine.do(house.folder.home, "start", "feedback", "n-ann")
    mail = house.folder.mail_to("ann@example.org")
    house.folder.settle()
    return mail.token


def test_fifty_looks_change_nothing_and_learn_nothing(house, link):
    folder = house.folder
    before = folder.tables()
    with httpx.Client(timeout=60) as client, ThreadPoolExecutor(_SCANNERS) as scanners:

        def look(method: str) -> tuple[str, int, dict[str, str], bytes]:
            return seen(method, client.request(method, f"{folder.url}/t/{link}"))

        looks = list(scanners.map(look, islice(cycle(("GET", "HEAD")), _LOOKS)))
        unknown = {
            method: seen(method, client.request(method, f"{folder.url}/t/{_UNKNOWN}"))
            for method in ("GET", "HEAD")
        }
    after = folder.tables()

    assert [looked for looked in looks if looked != unknown[looked[0]]] == []
    assert unknown["GET"][1] == 200
    assert b"Open my task" in unknown["GET"][3]
    assert unknown["HEAD"][2] == unknown["GET"][2]
    assert after == before
    assert len(before["link"]) > 0


def seen(method: str, response: httpx.Response) -> tuple[str, int, dict[str, str], bytes]:
    """Everything that a scanner can see, but for the time of day."""
    headers = {name: value for name, value in response.headers.items() if name != "date"}
    return method, response.status_code, headers, response.content


def test_a_link_is_over_once_its_task_is_answered_and_looks_as_before(house, link):
    folder = house.folder
    with browser(folder) as ann:
        fresh = ann.client.get(f"{folder.url}/t/{link}").content
        ann.open(link)
        answered = ann.answer(words="All well.")
    with browser(folder) as later:
        pressed = later.open(link)
        looked = later.client.get(f"{folder.url}/t/{link}")

    assert answered.status_code == 303
    assert folder.task_of(link)[3] == "answered"
    assert (pressed.status_code, later.cookies()) == (410, [])
    assert (looked.status_code, looked.content) == (200, fresh)
