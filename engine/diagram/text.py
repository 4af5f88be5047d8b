"""The process as Mermaid text, which code forges draw in a README."""

from collections.abc import Iterator, Mapping

from engine.diagram.marks import Marks
from engine.diagram.model import Arrow, Box, BoxKind, Picture

_HERE = "  classDef here stroke-width:4px,font-weight:bold"
_BEEN = "  classDef been stroke-dasharray:4 2"
_DEEPEST = 4  # boxes around a group that a way may lead to; its layout falls over below


def mermaid(picture: Picture, marks: Marks | None = None) -> str:
    """A `stateDiagram-v2`; state ids become identifiers, labels are escaped."""
    drawn = _Drawn(picture, marks or Marks())
    return "\n".join(["stateDiagram-v2", *drawn.inside(None, "  "), *drawn.classes()]) + "\n"


class _Drawn:
    def __init__(self, picture: Picture, marks: Marks) -> None:
        self.picture = picture
        self.marks = marks
        self.boxes: Mapping[str, Box] = {box.id: box for box in picture.boxes}
        self.children: dict[str | None, list[Box]] = {}
        for box in picture.boxes:
            self.children.setdefault(box.parent, []).append(box)

    def inside(self, parent: str | None, pad: str) -> Iterator[str]:
        """Mermaid draws a way where it is written: in the innermost box around both its ends."""
        together = parent is not None and self.boxes[parent].kind is BoxKind.BRANCHES
        for number, box in enumerate(self.children.get(parent, [])):
            if together and number:
                yield f"{pad}--"
            yield f'{pad}state "{self._words(box)}" as {_id(box.id)}'
            if box.id in self.children:
                yield f"{pad}state {_id(box.id)} {{"
                yield from self.inside(box.id, f"{pad}  ")
                yield f"{pad}}}"
        if not together:
            yield from self._begins_and_ends(parent, pad)
        for arrow in self.picture.arrows:
            if self._around(arrow) == parent:
                label = f" : {_text(arrow.label)}" if arrow.label else ""
                yield f"{pad}{_id(arrow.source)} --> {_id(self._entered(arrow.target))}{label}"

    def classes(self) -> Iterator[str]:
        for definition, name, marked in (
            (_HERE, "here", self.marks.current),
            (_BEEN, "been", self.marks.visited),
        ):
            known = [box.id for box in self.picture.boxes if box.id in marked]
            if known:
                yield definition
                yield f"  class {','.join(map(_id, known))} {name}"

    def _begins_and_ends(self, parent: str | None, pad: str) -> Iterator[str]:
        inner = self.children.get(parent, [])
        first = self.picture.first if parent is None else inner[0].id if inner else None
        if first:
            yield f"{pad}[*] --> {_id(first)}"
        for box in inner:
            if box.kind is BoxKind.END:
                yield f"{pad}{_id(box.id)} --> [*]"

    def _words(self, box: Box) -> str:
        mark = (
            "▶ " if box.id in self.marks.current else "✓ " if box.id in self.marks.visited else ""
        )
        count, heat = self.marks.counts.get(box.id), self.marks.heat.get(box.id)
        figures = [f"{count} open"] if count else []
        figures += [f"waits {heat.words}"] if heat else []
        tail = f" ({', '.join(figures)})" if figures else ""
        return _text(f"{mark}{box.label}{tail}")

    def _entered(self, box: str) -> str:
        """Where a way to the box ends: in its first state, if Mermaid cannot place it so deep."""
        if len(self._ancestors(box)) > _DEEPEST:
            while box in self.children:
                box = self.children[box][0].id
        return box

    def _around(self, arrow: Arrow) -> str | None:
        around = self._ancestors(arrow.source)
        both = set(self._ancestors(arrow.target))
        return next(box for box in around if box in both)

    def _ancestors(self, box: str) -> list[str | None]:
        """The boxes around a box, inner first, and None for the sheet itself."""
        found: list[str | None] = []
        parent = self.boxes[box].parent
        while parent is not None:
            found.append(parent)
            parent = self.boxes[parent].parent
        return [*found, None]


def _id(state: str) -> str:
    return "s_" + state.replace("_", "_u").replace(".", "_d").replace("-", "_m")


def _text(words: str) -> str:
    """Words with everything that ends or marks up a label written as an entity."""
    return "".join(f"#{ord(sign)};" if sign in _SPECIAL else sign for sign in words)


_SPECIAL = frozenset('#;:"<>{}[]&%`\\|-')
