"""What opens a task is in the mail and in the browser, and nowhere else: not even in a full log."""

from hashlib import sha256

import pytest
from acceptance_house import TOKEN, browser


@pytest.fixture(scope="module")
def used(house):
    """Tokens of links and of sessions after everything that a person and a stranger do with them."""
    folder = house.folder
    house.machine.do(folder.home, "start", "feedback", "n-eve")
    link = folder.mail_to("eve@example.org").token
    with browser(folder) as eve:
        eve.open(link)
        eve.client.get(f"{folder.url}/t/{link}/more")
        eve.client.get(f"{folder.url}{eve.task}", params={"token": link})
        eve.client.post(f"{folder.url}/t/{link}", headers={"Origin": "https://elsewhere.example"})
        eve.client.put(f"{folder.url}/t/{link}")
        eve.client.post(f"{folder.url}/t/{link}", content=b"\xff" * 100)
        eve.client.get(f"{folder.url}/t/{link}%00%ff")
        eve.answer(words="Not much.")
        eve.open(link)
        eve.post(f"/t/{link}", {".do": "new link"})
        eve.client.get(f"{folder.url}{eve.task}")
        sessions = eve.cookies()
    folder.settle()
    links = [mail.token for mail in folder.mails() if mail.token]
    return [*links, *sessions]


def test_no_token_is_anywhere_but_in_the_mail(house, used):
    haystacks = {path: path.read_bytes() for path in house.folder.outside_the_mail()}
    haystacks[house.process.output] = house.process.output.read_bytes()
    secrets = [token.removeprefix("tk_").removeprefix("ts_").encode() for token in used]

    assert {token[:3] for token in used} == {"tk_", "ts_"}
    assert {
        path.name for path, bytes_ in haystacks.items() if any(one in bytes_ for one in secrets)
    } == set()
    assert {path.name for path, bytes_ in haystacks.items() if TOKEN.search(bytes_)} == set()


def test_the_search_looks_where_tokens_could_be(house, used):
    files = {path.name: path.read_bytes() for path in house.folder.outside_the_mail()}
    stored = files["tenure.db"] + files["tenure.db-wal"]

    assert {"prefect.db", "prefect.log", "tenure.log"} <= set(files)
    assert all(sha256(token.encode()).digest() in stored for token in used)
    assert b"/t/{token}" in files["tenure.log"]


def test_the_demo_leaves_none_behind_either(demo):
    files = {path.name: path.read_bytes() for path in demo.folder.outside_the_mail()}
    files["output"] = demo.process.output.read_bytes()
    mailed = b"".join(path.read_bytes() for path in (demo.folder.home / "mail" / "new").iterdir())

    assert TOKEN.search(mailed)
    assert {name for name, bytes_ in files.items() if TOKEN.search(bytes_)} == set()
