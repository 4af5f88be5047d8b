"""Pictures of a process: one model, drawn as SVG, as Mermaid text or as an outline."""

from engine.diagram.model import Arrow, Box, BoxKind, Marks, Picture, picture
from engine.diagram.outline import outline
from engine.diagram.svg import stylesheet, svg
from engine.diagram.text import mermaid

__all__ = [
    "Arrow",
    "Box",
    "BoxKind",
    "Marks",
    "Picture",
    "mermaid",
    "outline",
    "picture",
    "stylesheet",
    "svg",
]
