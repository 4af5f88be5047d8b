"""The directory from a real SCIM server on loopback, and from a file that one wrote."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
WORK = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
TOKEN = "s3cret"


class Identity:
    """A SCIM server, and the people in it by their user names."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.ids: dict[str, str] = {}
        self.client = httpx.Client(
            base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
        )

    def person(self, name: str, number: str, manager: str | None = None, **more: Any) -> None:
        work: dict[str, Any] = {"employeeNumber": number, "department": "Sales"}
        if manager is not None:
            work["manager"] = {"value": self.ids[manager]}
        body = {
            "schemas": [USER, WORK],
            "userName": name,
            "displayName": name.title(),
            "emails": [
                {"value": f"private-{name}@example.org"},
                {"value": f"{name}@example.com", "primary": True},
            ],
            "active": True,
            WORK: work,
            **more,
        }
        if name in self.ids:
            answer = self.client.put(f"/Users/{self.ids[name]}", json=body)
        else:
            answer = self.client.post("/Users", json=body)
        assert answer.is_success, answer.text
        self.ids[name] = answer.json()["id"]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).parent / "scim2-server"
    running = subprocess.Popen(
        [command, "--hostname", "127.0.0.1", "--port", str(port), "--bearer-token", TOKEN],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{address}/ServiceProviderConfig", timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.2)
        yield address
    finally:
        running.terminate()
        running.wait(60)


@pytest.fixture
def identity(server: str, monkeypatch: pytest.MonkeyPatch) -> Identity:
    monkeypatch.setenv("TENURE_SCIM_TOKEN", TOKEN)
    found = Identity(server)
    for one in found.client.get("/Users").json().get("Resources", []):
        assert found.client.delete(f"/Users/{one['id']}").is_success
    found.person("cy", "1", title="Boss", userType="employee")
    found.person("bob", "2", "cy", preferredLanguage="de", roles=[{"value": "hr-partner@Sales"}])
    found.person("ann", "3", "bob")
    return found


def people(run, home) -> dict[str, dict[str, Any]]:
    told = run("people", "list", "--home", home, "--format", "json").data
    return {one["number"]: one for one in told}


def test_everybody_who_is_active_is_here_with_their_manager(run, identity, tmp_path):
    home = tmp_path / "new"
    first = run("people", "sync", "--scim", f"{identity.address}/", "--home", home)
    second = run("people", "sync", "--scim", identity.address, "--home", home)

    assert (first.code, first.err) == (0, "")
    assert "As of" in first.out
    assert first.out.endswith("Done: 3 people written.\n")
    assert "nothing changes" in second.out
    found = people(run, home)
    assert {one["name"]: one["manager"] for one in found.values()} == {
        "Cy": None,
        "Bob": "Cy",
        "Ann": "Bob",
    }
    assert found["2"]["roles"] == ["hr-partner@Sales"]
    assert (found["1"]["email"], found["1"]["title"]) == ("cy@example.com", "Boss")


def test_who_is_no_longer_active_has_left_once_somebody_says_yes(run, identity, tmp_path):
    home = tmp_path / "new"
    run("people", "sync", "--scim", identity.address, "--home", home)
    identity.person("bob", "2", "cy", active=False)

    refused = run("people", "sync", "--scim", identity.address, "--home", home)
    assert refused.code == 1
    assert "1 person would leave" in refused.err
    done = run("people", "sync", "--scim", identity.address, "--yes", "--home", home)

    assert done.code == 0
    found = people(run, home)
    assert {one["name"]: one["manager"] for one in found.values()} == {"Cy": None, "Ann": None}


def test_more_people_than_one_page_holds_are_all_here(run, identity, tmp_path, monkeypatch):
    monkeypatch.setattr("tenure.cli.syncing._AT_A_TIME", 2)
    for number in range(4, 9):
        identity.person(f"person{number}", str(number), "bob")

    run("people", "sync", "--scim", identity.address, "--home", tmp_path / "new")

    assert len(people(run, tmp_path / "new")) == 8


def test_a_token_that_is_refused_and_an_address_that_is_wrong_are_told(
    run, identity, tmp_path, monkeypatch
):
    lost = run("people", "sync", "--scim", f"{identity.address}/nowhere", "--home", tmp_path)
    monkeypatch.setenv("TENURE_SCIM_TOKEN", "wrong")
    refused = run("people", "sync", "--scim", identity.address, "--home", tmp_path)
    plain = run("people", "sync", "--scim", "http://id.example.com/v2", "--home", tmp_path)
    nobody = run("people", "sync", "--scim", "http://127.0.0.1:9/v2", "--home", tmp_path)

    assert [each.code for each in (lost, refused, plain, nobody)] == [1] * 4
    assert "/nowhere/Users answers 404" in lost.err
    assert "Set TENURE_SCIM_TOKEN to a token that may read users." in refused.err
    assert "is not https" in plain.err
    assert "does not answer" in nobody.err


def test_a_list_that_was_saved_is_read_from_its_file(run, identity, tmp_path):
    file = tmp_path / "people.json"
    file.write_bytes(identity.client.get("/Users").content)
    done = run("people", "sync", "--scim", file, "--home", tmp_path / "new")
    assert done.out.endswith("Done: 3 people written.\n")

    file.write_text("{")
    broken = run("people", "sync", "--scim", file, "--home", tmp_path / "new")
    file.write_text(json.dumps([{"userName": 7, "emails": "x"}]))
    strange = run("people", "sync", "--scim", file, "--home", tmp_path / "new")
    missing = run("people", "sync", "--scim", tmp_path / "none.json", "--home", tmp_path / "new")

    assert "this is no JSON" in broken.err
    assert "person 1 of the list is no SCIM user" in strange.err
    assert "cannot be read" in missing.err
    assert broken.code == strange.code == missing.code == 1
    assert len(people(run, tmp_path / "new")) == 3


def test_somebody_without_an_address_is_a_problem_that_names_them(run, identity, tmp_path):
    identity.person("dan", "4", "bob", emails=[])
    told = run("people", "sync", "--scim", identity.address, "--home", tmp_path / "new")

    assert told.code == 1
    assert "column `email`" in told.out
    assert "everybody needs one" in told.out
