"""The fuzzed targets hold for their seeds and for some thousand mutations of them, every day."""

import random
import resource
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from targets import MOST_MEGABYTES, MOST_SECONDS, TARGETS, seeds

ROUNDS = {"loader": 150, "expression": 1500, "placeholder": 1500}
PIECES = [
    *"{}[]()\"'`|>&*!%@#:,-?.\n\t\\ =<>$~0",
    "{{", "}}", "&&", "||", "not ", " and ", "null", "1e999", "\ufeff", "\u202e", "\U0001f600",
    "data.", "has(", "states:", "go: ", "- {", "[" * 40, "(" * 200, "9" * 400, "é" * 50,
]  # fmt: skip


def mutated(text: str, random_: random.Random) -> str:
    """A few cuts, copies and insertions."""
    for _ in range(random_.randint(1, 4)):
        at, to = sorted(random_.randrange(len(text) + 1) for _ in range(2))
        match random_.randrange(4):
            case 0:
                text = text[:at] + text[min(to, at + 12) :]
            case 1:
                text = text[:to] + text[at : min(to, at + 200)] + text[to:]
            case 2:
                text = text[:at] + random_.choice(PIECES) + text[at:]
            case _:
                text = text[:at] + random_.choice(PIECES) + text[at + 1 :]
    return text


@pytest.mark.parametrize("name", TARGETS)
def test_any_text_gives_only_our_errors_in_little_time_and_memory(name):
    target, texts = TARGETS[name], list(seeds(name))
    for text in texts:
        target(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    random_ = random.Random(name)
    for _ in range(ROUNDS[name]):
        text = mutated(random_.choice(texts), random_)
        started = time.process_time()
        try:
            target(text)
        except Exception as error:  # the text is what somebody needs to see
            raise AssertionError(f"{type(error).__name__} for {text!r}") from error
        assert time.process_time() - started < MOST_SECONDS, text

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
    assert grown < MOST_MEGABYTES
    assert len(texts) > 20
