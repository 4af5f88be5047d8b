"""Events as JSON: what waits in the inbox, and what a replay of the history reads again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from engine.core.events import (
    CaseCancelled,
    CaseStarted,
    DirectoryChanged,
    Event,
    SignalArrived,
    SubcaseClosed,
    TaskAnswered,
    TaskClaimed,
    TaskReassigned,
    TimerCameDue,
)
from engine.core.instants import from_micros, to_micros
from engine.core.snapshot import CaseFacts


def kind_of(event: Event) -> str:
    """The event's name in the history."""
    match event:
        case CaseStarted():
            return "case.started"
        case TaskAnswered():
            return "task.answered"
        case TimerCameDue():
            return "timer.fired"
        case SignalArrived():
            return "signal.arrived"
        case SubcaseClosed():
            return "subcase.closed"
        case TaskClaimed():
            return "task.claimed"
        case TaskReassigned():
            return "task.reassigned"
        case DirectoryChanged():
            return "directory.changed"
        case CaseCancelled():
            return "case.cancelled"
        case _:
            assert_never(event)


def encode_event(event: Event) -> dict[str, Any]:
    """JSON with the event's kind; instants are microseconds."""
    match event:
        case CaseStarted(case=case, data=data):
            body: dict[str, Any] = {
                "case": {
                    "id": case.id,
                    "subject": case.subject,
                    "opened_by": case.opened_by,
                    "opened_at": to_micros(case.opened_at),
                    "key": case.key,
                },
                "data": data,
            }
        case TaskAnswered(task=task, button=button, answers=answers, by=by, at=at):
            body = {"task": task, "button": button, "answers": answers, "by": by, "at": at}
        case TimerCameDue(timer=timer, at=at):
            body = {"timer": timer, "at": at}
        case SignalArrived(name=name, body=sent, at=at):
            body = {"name": name, "body": sent, "at": at}
        case SubcaseClosed(subcase=subcase, outcome=outcome, data=data, at=at):
            body = {"subcase": subcase, "outcome": outcome, "data": data, "at": at}
        case TaskClaimed(task=task, by=by, at=at):
            body = {"task": task, "by": by, "at": at}
        case TaskReassigned(task=task, to=to, by=by, reason=reason, at=at):
            body = {"task": task, "to": to, "by": by, "reason": reason, "at": at}
        case DirectoryChanged(at=at):
            body = {"at": at}
        case CaseCancelled(by=by, reason=reason, at=at):
            body = {"by": by, "reason": reason, "at": at}
        case _:
            assert_never(event)
    instant = body.get("at")
    if isinstance(instant, datetime):
        body["at"] = to_micros(instant)
    body["kind"] = kind_of(event)
    return body


def decode_event(body: Mapping[str, Any]) -> Event:
    """The event that `encode_event` wrote; KeyError if it was not that."""
    if body["kind"] == "case.started":
        case = body["case"]
        return CaseStarted(
            case=CaseFacts(
                id=case["id"],
                subject=case["subject"],
                opened_by=case["opened_by"],
                opened_at=from_micros(case["opened_at"]),
                key=case["key"],
            ),
            data=body["data"],
        )
    at = from_micros(body["at"])
    match body["kind"]:
        case "task.answered":
            return TaskAnswered(
                task=body["task"],
                button=body["button"],
                answers=body["answers"],
                by=body["by"],
                at=at,
            )
        case "timer.fired":
            return TimerCameDue(timer=body["timer"], at=at)
        case "signal.arrived":
            return SignalArrived(name=body["name"], body=body["body"], at=at)
        case "subcase.closed":
            return SubcaseClosed(
                subcase=body["subcase"], outcome=body["outcome"], data=body["data"], at=at
            )
        case "task.claimed":
            return TaskClaimed(task=body["task"], by=body["by"], at=at)
        case "task.reassigned":
            return TaskReassigned(
                task=body["task"], to=body["to"], by=body["by"], reason=body["reason"], at=at
            )
        case "directory.changed":
            return DirectoryChanged(at=at)
        case "case.cancelled":
            return CaseCancelled(by=body["by"], reason=body["reason"], at=at)
        case unknown:
            raise KeyError(unknown)
