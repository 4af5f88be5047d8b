"""The picture as plain data, for programs that draw for themselves."""

from typing import Any

from engine.diagram.marks import Heat, Marks
from engine.diagram.model import Picture


def as_data(picture: Picture, marks: Marks) -> dict[str, Any]:
    """JSON-ready; `wait` and `target` are days."""
    return {
        "title": picture.title,
        "first": picture.first,
        "states": [
            {
                "id": box.id,
                "label": box.label,
                "note": box.note,
                "kind": box.kind,
                "parent": box.parent,
                "current": box.id in marks.current,
                "visited": box.id in marks.visited,
                "open": marks.counts.get(box.id, 0),
                **_days(marks.heat.get(box.id)),
            }
            for box in picture.boxes
        ],
        "ways": [
            {"from": way.source, "to": way.target, "label": way.label, "back": way.back}
            for way in picture.arrows
        ],
        "anywhere": [{"event": event, "to": target} for event, target in picture.anywhere],
    }


def _days(heat: Heat | None) -> dict[str, float | None]:
    if heat is None:
        return {"wait": None, "target": None}
    target = heat.target
    return {
        "wait": round(heat.wait.total_seconds() / 86_400, 3),
        "target": None if target is None else round(target.total_seconds() / 86_400, 3),
    }
