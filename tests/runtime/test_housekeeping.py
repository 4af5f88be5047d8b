"""What the nightly flow does in the house: dead links, old cases, files of drafts."""

from datetime import UTC, datetime

from tenure.house import _errands
from tenure.runtime import open_runtime
from tenure.settings import read_settings


def test_the_night_forgets_what_is_due(tmp_path):
    with open_runtime(read_settings(home=tmp_path / "home")) as runtime:
        said = _errands(runtime).housekeeping(datetime(2027, 3, 1, 3, tzinfo=UTC))

    assert "0 dead links" in said
    assert "0 cases erased, 0 held" in said
    assert "0 files of drafts swept" in said
