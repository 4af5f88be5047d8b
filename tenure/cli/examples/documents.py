"""Examples for what is wrong with a text before anybody asks what it means."""
# ruff: noqa: E501 - a wrong and a right line are compared side by side

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tenure.cli.examples.example import Example, text

DOCUMENTS: Final[Mapping[str, Example]] = MappingProxyType(
    {
        "E102": text(b"title: Caf\xe9\n", "title: Café\n"),
        "E103": text("x" * (256 * 1024 + 1), "process: laptop-return\n"),
        "E104": text("title: Laptop\x07 return\n", "title: Laptop return\n"),
        "E105": text("# nothing yet\n", "process: laptop-return\n"),
        "E106": text("buttons: [accept,, return]\n", "buttons: [accept, return]\n"),
        "E107": text("task:\n\tto: subject\n", "task:\n  to: subject\n"),
        "E108": text("task:\n    to: subject\n  form: rating\n", "task:\n  to: subject\n  form: rating\n"),
        "E109": text('title: "Laptop return\n', 'title: "Laptop return"\n'),
        "E110": text("buttons: [accept, return\n", "buttons: [accept, return]\n"),
        "E111": text("buttons: [accept, return]]\n", "buttons: [accept, return]\n"),
        "E112": text("title: Rating: the second look\n", 'title: "Rating: the second look"\n'),
        "E113": text("version:1\ntitle: Review\n", "version: 1\ntitle: Review\n"),
        "E114": text('if: "senior" == data.level\n', "if: '\"senior\" == data.level'\n"),
        "E115": text("row: {if: data.rating in [1, 5], go: talk}\n", 'row: {if: "data.rating in [1, 5]", go: talk}\n'),
        "E116": text("title: {{ subject.name }} rated\n", 'title: "{{ subject.name }} rated"\n'),
        "E117": text("if: >= 4\n", 'if: "data.rating >= 4"\n'),
        "E118": text('if: data.why == "reason # 1"\n', "if: 'data.why == \"reason # 1\"'\n"),
        "E119": text('help: "see C:\\qa"\n', 'help: "see C:\\\\qa"\n'),
        "E120": text("title: One\ntitle: Two\n", "title: One\ndescription: Two\n"),
        "E121": text("due: &soon 5 workdays\n", "due: 5 workdays\n"),
        "E122": text("due: *soon\n", "due: 5 workdays\n"),
        "E123": text("task:\n  <<: {to: subject}\n", "task:\n  to: subject\n"),
        "E124": text("if: !data.remote\n", 'if: "!data.remote"\n'),
        "E125": text("process: one\n---\nprocess: two\n", "process: one\n"),
        "E126": text("anchors: {1: poor}\n", 'anchors: {"1": poor}\n'),
        "E127": text("form: " + "[" * 31 + "]" * 31 + "\n", "form: rating\n"),
        "E128": text("max: 1" + "0" * 40 + "\n", "max: 1000000\n"),
        "E129": text("%YAML 1.1\n---\nprocess: one\n", "process: one\n"),
        "E130": text("title: Room #5\n", 'title: "Room #5"\n'),
        "E131": text("task:\n  to:subject\n", "task:\n  to: subject\n"),
    }
)  # fmt: skip
