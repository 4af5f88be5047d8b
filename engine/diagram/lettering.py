"""How much room words take, without a font to ask: on the safe side of the common ones."""

LINE = 17.0  # px from one line to the next
_CHAR = 8.0  # px of a character at 13 px in the wider of the common system fonts
_SMALL = 0.86  # of that, for the smaller letters of labels


def width_of(text: str) -> float:
    return len(text) * _CHAR


def label_width(text: str) -> float:
    """Of an arrow's label as it is drawn: shortened, in smaller letters."""
    return width_of(shortened(text)) * _SMALL


def shortened(text: str, width: int = 34) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def wrapped(text: str, width: int = 24) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
