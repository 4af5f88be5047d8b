"""Pages over a small firm, reached over HTTP without a network."""

import asyncio
import random
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from sqlmodel import col, select

from engine.links import mint
from engine.queries.reader import Reader
from engine.store.tables import AssignmentRow, TaskRow
from support.world import World
from tenure.insight import read_history
from tenure.settings import Settings
from web.app import create_app
from web.site import Site

BASE = "https://hr.example.org"

REVIEW = """
process: review
version: 1
title: Performance review
description: One talk, one page.
subject: person
people:
  manager: subject.manager
data:
  goals:
    type: table
    label: Goals
    columns: {goal: {type: text, label: Goal}, due: {type: date, label: Due}}
    seen_by: [subject, manager]
  peers:  {type: people, label: Whom shall we ask?, required: false, seen_by: [subject, manager]}
  rating: {type: scale, min: 1, max: 5, label: How was the year?, anchors: {"1": well below, "3": as expected, "5": well above}, seen_by: [manager]}
forms:
  goals:
    title: "Goals of {{ subject.name }}"
    intro: Three goals that matter are better than ten that do not.
    fields:
      goals:  {}
      peers:  {}
      rating: {}
      why:    {type: longtext, label: What did you see?, min: 20, seen_by: [subject, manager]}
      abroad: {type: yes_no, label: Was part of it abroad?}
      pay:    {type: money, label: New pay, required: false}
states:
  rate:
    task: {to: manager, form: goals, due: 5 workdays, about_minutes: 20, buttons: [accept, return]}
    remind: [1 workday before due]
    on: {accept: confirm, return: rate}
  confirm:
    task: {to: subject, due: 2 workdays, title: Please confirm that you have talked}
  closed: {end: done}
"""

DESK = """
process: laptop
version: 1
title: Laptop return
subject: person
states:
  check:
    task: {to: {queue: it}, form: check, due: 3 workdays}
  closed: {end: done}
forms:
  check: {title: Check the laptop, fields: {condition: {type: choice, options: [good, damaged], label: Condition}}}
"""


@dataclass(kw_only=True)
class Office:
    """A world with pages in front of it."""

    world: World
    site: Site
    app: FastAPI
    nudges: list[None] = field(default_factory=list)

    def token(self, task: str, person: str) -> str:
        """A fresh link for whoever holds the task, as a mail carries it."""
        with self.world.database.read() as session:
            number = session.exec(
                select(AssignmentRow.id)
                .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
                .where(
                    TaskRow.public_id == task,
                    AssignmentRow.person == f"p_{person}",
                    col(AssignmentRow.ended_at).is_(None),
                )
            ).one()
        return self.world.database.write(
            lambda tx: mint(tx, number, "task", self.world.now, self.site.entropy)
        )

    def client(self, **more: Any) -> "Client":
        return client_of(self.app, **more)

    def seated(self, task: str, person: str) -> "Client":
        """A client that has come by the link."""
        client = self.client()
        client.post(f"/t/{self.token(task, person)}")
        return client

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the database."""
        with self.world.database.read() as session:
            connection = session.connection()
            names = [
                name
                for (name,) in connection.exec_driver_sql(
                    "SELECT name FROM sqlite_master WHERE type = 'table'"
                )
            ]
            return {
                name: [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
                for name in names
            }


@dataclass(kw_only=True)
class Client:
    """A browser without a network: keeps its cookies, follows nothing by itself."""

    app: FastAPI
    base_url: str
    peer: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        # In a thread of its own: the browser of other tests keeps a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(self._request(method, path, **more))).result()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def head(self, path: str, **more: Any) -> httpx.Response:
        return self.request("HEAD", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)

    async def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(
            self.app, client=(self.peer, 50_000), raise_app_exceptions=False
        )
        async with httpx.AsyncClient(
            transport=transport, base_url=self.base_url, cookies=self.cookies, headers=self.headers
        ) as client:
            answer = await client.request(method, path, **more)
            self.cookies = client.cookies
            return answer


def client_of(app: FastAPI, *, base_url: str = BASE, peer: str = "203.0.113.7") -> "Client":
    return Client(app=app, base_url=base_url, peer=peer)


def site_for(world: World, **more: Any) -> Site:
    reader = Reader(directory=world.service.tools.directory)
    settings = Settings(timezone=world.service.tools.directory.home.zone)
    plain: dict[str, Any] = {
        "service": world.service,
        "clock": lambda: world.now,
        "entropy": random.Random(7).randbytes,
        "nudge": lambda: None,
        "status": lambda: "Mail leaves as it should.",
        "base_url": BASE,
        "host": "127.0.0.1",
        "organisation": "Example Ltd",
        "brand_colour": "#1f5f8b",
        "console": True,
        "mail": None,
        "help_contact": "People Operations, people@example.org",
        "reader": reader,
        "insight": lambda session, at: read_history(session, reader, settings, at),
    }
    return Site(**{**plain, **more})


def office_of(world: World) -> Office:
    world.publish(REVIEW)
    world.publish(DESK)
    nudges: list[None] = []
    site = site_for(world, nudge=lambda: nudges.append(None))
    return Office(world=world, site=site, app=create_app(site), nudges=nudges)


@contextmanager
def serving(world: World, *, mail: Path | None = None, **more: Any) -> Iterator[Office]:
    """The pages on a free port of this machine, over plain http as in development."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base_url = f"http://localhost:{listener.getsockname()[1]}"
        site = site_for(world, base_url=base_url, mail=mail, **more)
        app = create_app(site)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Office(world=world, site=site, app=app)
        finally:
            server.should_exit = True
            thread.join()
