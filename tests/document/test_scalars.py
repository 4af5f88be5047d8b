"""The core schema of YAML 1.2, and the words of YAML 1.1 that it leaves alone."""

import math

import pytest

from engine.document import DocumentRefused, Scalar, parse


def value_of(text):
    root = parse(text, "f.yaml").root
    assert isinstance(root, Scalar)
    return root.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", True), ("FALSE", False), ("null", None), ("~", None), ("[]x", None),
        ("12", 12), ("+12", 12), ("-7", -7), ("010", 10), ("0o17", 15), ("0xfF", 255),
        ("1.10", 1.1), ("-.5", -0.5), ("1e3", 1000.0), ("6.", 6.0), ("-.inf", -math.inf),
        ("on", "on"), ("NO", "NO"), ("yes", "yes"), ("y", "y"), ("off", "off"), ("tRUE", "tRUE"),
        ("1_000", "1_000"), ("2027-06-01", "2027-06-01"), ("12:30:45", "12:30:45"), ("0b11", "0b11"),
        ("0o19", "0o19"), ("1.2.3", "1.2.3"), ("+", "+"), (".", "."), ("1e", "1e"), ("0x", "0x"),
        ("+.inf", math.inf), ("٣", "٣"), ("=", "="), ('"true"', "true"), ("'12'", "12"), ("|\n 12\n", "12\n"),
    ],
)  # fmt: skip
def test_a_word_means_what_the_core_schema_says(text, expected):
    if text == "[]x":
        text = "a:"
        actual = parse(text, "f.yaml").root.entries[0].value.value
    else:
        actual = value_of(text)

    assert actual == expected
    assert type(actual) is type(expected)


def test_nan_is_a_number_that_is_none():
    assert math.isnan(value_of(".nan"))


@pytest.mark.parametrize("text", ["9223372036854775808", "9" * 5000, "1e999", "0x" + "f" * 17])
def test_a_number_that_cannot_be_kept_exactly_is_refused(text):
    with pytest.raises(DocumentRefused) as refused:
        parse(f"a: {text}", "f.yaml")

    assert [found.code for found in refused.value.diagnostics] == ["E128"]


def test_the_largest_number_is_kept():
    assert value_of("9223372036854775807") == 2**63 - 1


def test_a_scalar_knows_how_it_was_written():
    entries = parse("a: 010\nb: '010'\nc: >\n  x\n", "f.yaml").root.entries
    actual = [(entry.value.text, entry.value.quoted, entry.value.style) for entry in entries]

    assert actual == [("010", False, ""), ("010", True, "'"), ("x\n", True, ">")]
