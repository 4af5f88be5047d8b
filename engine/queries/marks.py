"""What a process page knows, as marks on the process's picture."""

from engine.diagram import Heat, Marks
from engine.queries.processes import ProcessPage


def process_marks(page: ProcessPage) -> Marks:
    """Where its open cases are, and how long they wait there."""
    return Marks(
        counts={line.state: line.now for line in page.states if line.now},
        heat={
            line.state: Heat(wait=line.wait.median, target=line.wait.target)
            for line in page.states
            if line.wait is not None
        },
    )
