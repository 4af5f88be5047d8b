"""The console is for whoever sits at the machine, and for nobody else."""

import re
from dataclasses import replace

import pytest
from support.office import client_of

from notifications.maildir import store
from web.app import create_app

PAGES = (
    "/insight",
    "/insight/action-rate",
    "/cases",
    "/cohorts",
    "/records",
    "/people",
    "/people/p_ann",
    "/hand-over?person=p_bob",
    "/start",
    "/start/review",
    "/starter",
    "/versions",
    "/versions/review",
    "/cases/REV-0001",
    "/processes/review",
    "/dev/mail",
)
LOCAL = "http://localhost:8700"
MAIL = b"""To: Ann <ann@example.org>\r
Subject: Goals\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain\r
\r
Hello Ann, http://localhost:8700/t/tk_abc\r
--x\r
Content-Type: text/html\r
\r
<p style="color:red">Hello</p><script>alert(1)</script><a href="https://evil.example/t/x">x</a>\r
--x--\r
"""


@pytest.fixture
def local(office, review, tmp_path):
    store(tmp_path / "mail", MAIL)
    site = replace(office.site, base_url=LOCAL, mail=tmp_path / "mail")
    return lambda **more: client_of(
        create_app(replace(site, **more)), base_url=LOCAL, peer="127.0.0.1"
    )


def test_whoever_sits_at_the_machine_sees_the_console(local):
    client = local()
    for path in PAGES:
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "way",
    ["far", "bound", "proxy", "tls proxy", "rebound", "no host", "half a host", "named", "off"],
)
def test_to_everybody_else_there_is_no_console(local, way):
    client = local(host="0.0.0.0" if way == "bound" else "127.0.0.1", console=way != "off")
    headers = {}
    if way == "far":
        client.peer = "203.0.113.7"
    if way == "proxy":
        headers["X-Forwarded-For"] = "203.0.113.7"
    if way == "tls proxy":
        headers["X-Forwarded-Proto"] = "https"
    hosts = {"rebound": "evil.example:8700", "no host": "", "half a host": "[::1"}
    hosts["named"] = "evil.example@localhost"
    if way in hosts:
        headers["Host"] = hosts[way]

    for path in PAGES:
        assert client.get(path, headers=headers).status_code == 404, path
    assert "Today" not in client.get("/", headers=headers).text


# What participants reach without being at the machine: all else is the console's.
FOR_ALL = ("/t/", "/task", "/static/")


def test_every_route_that_is_not_for_participants_is_closed_to_them(local):
    """Deny by default: a new page is the console's, unless somebody says here that it is not."""
    client = local()
    closed = [
        (path, methods)
        for path, methods in _routes(client.app.routes)
        if path != "/" and not path.startswith(FOR_ALL)
    ]
    assert ("/hand-over", {"POST"}) in closed
    client.peer = "203.0.113.7"
    for path, methods in closed:
        address = re.sub(r"\{[^}]+\}", "1", path)
        for method in methods:
            assert client.request(method, address).status_code == 404, (method, path)


def _routes(found):
    """Path and methods of every route, those of routers that were included as well."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        elif getattr(route, "methods", None):
            yield route.path, route.methods


def test_a_case_tells_where_it_stands_what_comes_and_what_happened(local):
    text = local().get("/cases/REV-0001").text

    for said in (
        "Ann: Performance review",
        "stands at Rate",
        "a reminder goes to Bob",
        "“Goals of Ann” was opened",
        "▶ ✎ Rate",
        "&gt; Rate",
    ):
        assert said in text, said


def test_cases_are_found_by_name_person_and_process(local, office):
    office.world.start("review", "p_dan")
    client = local()

    assert "REV-0001" in client.get("/cases?who=ann").text
    assert "REV-0002" not in client.get("/cases?who=ann").text
    assert "REV-0001" not in client.get("/cases?name=rev-0002").text
    assert "No case fits" in client.get("/cases?process=laptop").text
    assert "Which one?" in client.get("/cases?who=sales").text
    assert "Nobody is called so" in client.get("/cases?who=zzz").text
    assert client.get("/cases/REV-9999").status_code == 404
    assert client.get("/cases?after=x").status_code == 422
    assert client.get(f"/cases?after={2**64}").status_code == 422


def test_mail_is_shown_in_a_frame_that_can_do_nothing_but_open_its_links(local):
    client = local()
    key = client.get("/dev/mail").text.partition('href="/dev/mail/')[2].partition('"')[0]
    page, frame = client.get(f"/dev/mail/{key}"), client.get(f"/dev/mail/{key}/html")

    opens = "allow-popups allow-popups-to-escape-sandbox"  # for its links, and nothing else
    assert f'sandbox="{opens}"></iframe>' in page.text
    assert 'href="/t/tk_abc"' in page.text
    assert 'href="https://evil.example' not in page.text
    assert "alert(1)" in frame.text
    policy = frame.headers["content-security-policy"]
    assert policy.startswith(f"sandbox {opens}; default-src 'none'")
    assert "script" not in policy
    assert client.get("/dev/mail/..%2f..%2fetc%2fpasswd").status_code == 404
    assert client.get("/dev/mail/nope").status_code == 404


def test_letters_that_are_still_on_the_way_are_told(local, office):
    assert "One mail is on the way." in local().get("/dev/mail").text
    office.world.start("review")
    assert "2 mails are on the way." in local().get("/dev/mail").text

    office.world.database.write(lambda tx: tx.cursor.execute("UPDATE outbox SET status = 'sent'"))
    assert "on the way" not in local().get("/dev/mail").text


def test_without_a_mail_folder_there_is_no_mail_page(local):
    assert local(mail=None).get("/dev/mail").status_code == 404


def test_sensitive_answers_are_not_on_the_page(local, office):
    office.world.publish(SENSITIVE)
    office.world.start("bank")
    office.world.answer("ask", "ann", iban="DE02120300000000202051", colour="green")
    text = local().get("/cases/BAN-0001?details=1").text

    assert "DE0212" not in text
    assert "it is sensitive" in text
    assert "green" in text


SENSITIVE = """
process: bank
version: 1
subject: person
data:
  iban:   {type: text, sensitive: true}
  colour: {type: text}
states:
  ask:   {task: {to: subject, form: bank, due: 1 workday}}
  check: {task: {to: subject.manager, due: 1 workday}}
  closed: {end: done}
forms:
  bank: {title: Bank, fields: [iban, colour]}
"""


def test_the_page_of_a_process_tells_how_long_people_take(local):
    page = local().get("/processes/review").text

    assert "Median wait" in page
    assert re.search(r"<td>0 of [0-9.]+ days</td>", page)
    assert 'class="track"' in page
