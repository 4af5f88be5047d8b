"""The house's colour on our pages: adjusted until it is legible, in light and in dark."""

import re

from notifications.colour import contrast, text_on

_LIGHT, _DARK = "#f6f7f8", "#1a2128"  # the least favourable grounds of tenure.css
_LEGIBLE = 4.5  # WCAG 2.2 AA for text


class BrandUnusable(ValueError):  # noqa: N818 - what happened
    """The colour is none; the message says what to write."""


def stylesheet(colour: str) -> str:
    """`--brand` and what stands on it, and the same colour as an accent on either ground.

    Raises BrandUnusable for what is no `#rrggbb`.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise BrandUnusable(
            f"The brand colour {colour!r} is no colour. Write it as #rrggbb, such as #1f5f8b."
        )
    light, dark = _towards(colour, 0, _LIGHT), _towards(colour, 255, _DARK)
    return (
        f":root {{ --brand: {colour}; --on-brand: {text_on(colour)}; --accent: {light}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {dark}; }} }}\n"
    )


def _towards(colour: str, end: int, ground: str) -> str:
    """The colour, moved towards black or white as little as makes it legible on the ground."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(21):
        moved = "#" + "".join(f"{round(c + (end - c) * step / 20):02x}" for c in channels)
        if contrast(moved, ground) >= _LEGIBLE:
            return moved
    raise AssertionError("black and white are legible on our grounds")
