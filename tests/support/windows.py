"""One browser for all tests of a worker: Playwright runs no second one beside it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from support.browser import ARGUMENTS, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here; `make browser` fetches one")
    with sync_playwright() as playwright:
        expect.set_options(timeout=60_000)  # a busy machine fails no test
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()
