"""Pictures of a process: one model, drawn as SVG, as Mermaid text or as an outline."""

from engine.diagram.data import as_data
from engine.diagram.marks import Heat, Marks, case_marks
from engine.diagram.model import Arrow, Box, BoxKind, Picture, picture
from engine.diagram.outline import outline
from engine.diagram.svg import stylesheet, svg
from engine.diagram.text import mermaid

__all__ = [
    "Arrow",
    "Box",
    "BoxKind",
    "Heat",
    "Marks",
    "Picture",
    "as_data",
    "case_marks",
    "mermaid",
    "outline",
    "picture",
    "stylesheet",
    "svg",
]
