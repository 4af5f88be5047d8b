"""YAML 1.2 text becomes a tree of nodes with positions, or is refused in full sentences."""

from engine.document.codes import DOCUMENT_CODES
from engine.document.diagnostics import Change, Diagnostic, DocumentRefused, Mark, Severity
from engine.document.frames import frame
from engine.document.nodes import Document, Entry, Mapping, Node, Scalar, Sequence
from engine.document.reading import parse, read
from engine.document.spans import Span
from engine.document.spelling import did_you_mean

__all__ = [
    "DOCUMENT_CODES",
    "Change",
    "Diagnostic",
    "Document",
    "DocumentRefused",
    "Entry",
    "Mapping",
    "Mark",
    "Node",
    "Scalar",
    "Sequence",
    "Severity",
    "Span",
    "did_you_mean",
    "frame",
    "parse",
    "read",
]
