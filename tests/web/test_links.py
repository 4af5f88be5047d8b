"""The link in the mail: what scanners meet, and what a person gets."""

from dataclasses import replace

import pytest
from support.office import client_of

from engine.store.tables import OutboxRow, SessionRow
from web.app import create_app


def test_looking_at_a_link_shows_the_same_bytes_for_every_token_and_writes_nothing(office, review):
    good = office.token(review, "bob")
    client = office.client()
    before = office.rows()
    bodies = set()
    for token in (good, "tk_unknown", "x", "%00", good) * 10:
        answer = client.get(f"/t/{token}")
        head = client.head(f"/t/{token}")
        bodies.add(answer.content)
        assert (answer.status_code, head.status_code) == (200, 200)
        assert "set-cookie" not in answer.headers
        assert head.content == b""

    assert len(bodies) == 1
    assert office.rows() == before


def test_a_link_is_exchanged_for_a_cookie_and_the_token_leaves_the_address(office, review):
    client = office.client()
    answer = client.post(f"/t/{office.token(review, 'bob')}")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/task/{review}"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-tenure-")
    for part in ("Path=/", "HttpOnly", "SameSite=Lax", "Secure"):
        assert part in cookie
    assert "Domain" not in cookie
    assert client.get(f"/task/{review}").status_code == 200


@pytest.mark.parametrize("kind", ["unknown", "closed", "expired"])
def test_a_dead_link_says_the_same_whatever_killed_it(office, review, kind):
    token = office.token(review, "bob")
    if kind == "unknown":
        token = "tk_unknown"
    if kind == "expired":
        office.world.later(days=61)
    if kind == "closed":
        office.world.service.cancel("REV-0001", None, "not needed", office.world.now)
    answer = office.client().post(f"/t/{token}")

    assert answer.status_code == 410
    assert "Send me a new link" in answer.text
    assert "Goals of" not in answer.text


def test_a_new_link_is_mailed_to_whoever_has_the_task_and_the_page_never_tells(office, review):
    token = office.token(review, "bob")
    office.world.later(days=61)
    said = {
        office.client().post(f"/t/{one}", data={".do": "new link"}).text
        for one in (token, "tk_unknown", token)
    }

    letters = [row.person for row in office.world.rows(OutboxRow) if row.kind == "new_link"]
    assert len(said) == 1
    assert set(letters) == {"p_bob"}
    assert office.nudges


def test_on_plain_http_the_cookie_has_another_name_and_no_secure_flag(office, review):
    site = replace(office.site, base_url="http://localhost:8700")
    client = client_of(create_app(site), base_url=site.base_url)
    cookie = client.post(f"/t/{office.token(review, 'bob')}").headers["set-cookie"]

    assert cookie.startswith("tenure-development-")
    assert "Secure" not in cookie
    assert client.get(f"/task/{review}").status_code == 200


def test_no_cookie_is_ever_set_by_looking(office, review):
    client = office.seated(review, "bob")
    for path in (f"/task/{review}", f"/task/{review}/check", "/tasks", "/static/tenure.css"):
        assert "set-cookie" not in client.get(path).headers


def test_the_token_is_in_no_row(office, review):
    token = office.token(review, "bob")
    office.client().post(f"/t/{token}")

    assert len(office.world.rows(SessionRow)) == 1
    assert token not in repr(office.rows())
