"""What every answer carries, and what no request gets past."""

import json
import re
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from support.office import BASE, client_of

PATHS = ("/", "/t/tk_x", "/task/x", "/task/x/check", "/tasks", "/nope", "/static/tenure.css")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(office, path):
    headers = office.client().get(path).headers

    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "strict-origin"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["strict-transport-security"]
    assert headers["cache-control"] == (
        "public, max-age=3600" if path.startswith("/static/") else "no-store"
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": BASE.replace("https", "http")},
        {"Origin": BASE + ":8443"},
    ],
)
def test_a_post_from_another_site_is_refused(office, review, headers):
    client = office.seated(review, "bob")
    before = office.rows()
    answer = client.post(f"/task/{review}", data={".do": "save", "why": "x"}, headers=headers)

    assert answer.status_code == 403
    assert "another site" in answer.text
    assert office.rows() == before


def test_a_post_from_our_own_page_is_taken(office, review):
    client = office.seated(review, "bob")
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": BASE}

    assert client.post(f"/task/{review}", data={".do": "save"}, headers=headers).status_code == 303


def test_the_host_header_changes_nothing(office, review):
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    client = office.client()
    answer = client.post(f"/t/{office.token(review, 'bob')}", headers=evil)

    assert answer.headers["location"] == f"/task/{review}"
    assert "evil" not in client.get(f"/task/{review}", headers=evil).text


@pytest.mark.parametrize("honest", [True, False])
def test_a_page_too_large_is_refused_whatever_its_length_claims_to_be(office, review, honest):
    client = office.seated(review, "bob")
    before = office.rows()

    async def chunks():
        for _ in range(70):
            yield b"a=" + b"x" * 10_000

    body = {"content": b"why=" + b"x" * 600_000} if honest else {"content": chunks()}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post(f"/task/{review}", headers=kind, **body)

    assert answer.status_code == 413
    assert office.rows() == before


def test_a_thousand_fields_too_many_are_refused(office, review):
    data = {f"f{number}": "" for number in range(3_500)}

    assert office.seated(review, "bob").post(f"/task/{review}", data=data).status_code == 413


def test_a_page_with_files_that_cannot_be_taken_apart_is_refused(office, review):
    client = office.seated(review, "bob")
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    assert client.post(f"/task/{review}", content=b"{}", headers=kind).status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_other_kinds_of_bodies_are_not_read(office, review, kind):
    client = office.seated(review, "bob")
    answer = client.post(f"/task/{review}", content=b"{}", headers={"Content-Type": kind})

    assert answer.status_code == 415


def test_errors_have_our_own_pages_with_the_number_of_the_request(office):
    with capture_logs() as log:
        answer = office.client().get("/nope")

    number = re.search(r"<code>(r_[0-9a-f]{16})</code>", answer.text)
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert number is not None
    assert number[1] == log[-1]["id"]


def test_what_breaks_in_us_is_a_page_and_a_line_in_the_log_and_no_traceback_on_the_page(office):
    def broken() -> None:
        raise RuntimeError("the secret reason")

    office.app.add_api_route("/broken", broken)
    with capture_logs() as log:
        answer = office.client().get("/broken")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
    assert any("the secret reason" in line.get("traceback", "") for line in log)


def test_the_log_never_holds_a_token_or_a_session(office, review):
    token = office.token(review, "bob")
    with capture_logs() as log:
        client = office.client()
        client.get(f"/t/{token}")
        client.post(f"/t/{token}")
        client.get(f"/task/{review}")

    said = json.dumps(log)
    assert [line["route"] for line in log] == ["/t/{token}", "/t/{token}", "/task/{task}"]
    assert token not in said
    assert not any(value in said for value in client.cookies.values())


def test_fifty_looks_at_every_page_change_no_row(office, review):
    client = office.seated(review, "bob")
    client.peer = "127.0.0.1"
    local = client_of(office.app, base_url="http://localhost", peer="127.0.0.1")
    before = office.rows()
    for path in (*PATHS, f"/task/{review}", f"/task/{review}/check", f"/task/{review}/done"):
        for _ in range(2):
            client.get(path)
            client.head(path)
    for path in (
        "/",
        "/cases",
        "/cases/REV-0001",
        "/cases/REV-0001?details=1",
        "/processes/review",
    ):
        assert local.get(path).status_code == 200

    assert office.rows() == before


def test_the_static_files_are_small(office):
    client = office.client()
    names = ("tenure.css", "tenure.js", "brand.css", "diagram.css")
    sizes = {name: len(client.get(f"/static/{name}").content) for name in names}

    assert sum(sizes.values()) < 60_000
    assert sizes["tenure.js"] <= 2048
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/nope.css").status_code == 404


def test_no_page_asks_another_host_for_anything():
    for file in Path(__file__).parents[2].joinpath("web").rglob("*.*"):
        if file.suffix in (".j2", ".css", ".js"):
            found = re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", file.read_text())
            assert found == [], file
