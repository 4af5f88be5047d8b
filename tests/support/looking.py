"""How the tests look at pages: strictly, at several widths, and as axe does."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from support.office import Office

# Each page is looked at so: width and scheme. Colours do not depend on the width.
LOOKS = ((320, "light"), (375, "dark"), (1280, "light"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def page_of(browser: Browser, *, width: int = 375, script: bool = False) -> Iterator[Page]:
    """A page that fails the test when anything breaks the policy or asks another host."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    complaints: list[str] = []
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://localhost", "data:", "about:"))
            else complaints.append(request.url)
        ),
    )
    try:
        yield page
    finally:
        context.close()
    # The browser itself logs an answer of 4xx as an error; those pages are meant.
    assert [one for one in complaints if "Failed to load resource" not in one] == []


def sound(page: Page) -> None:
    """No violation of WCAG 2.2 AA or the best practices, and nothing wider than the window."""
    page.evaluate(Axe().axe_script)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(
            """tags => axe.run({runOnly: tags, resultTypes: ['violations']}).then(
                 all => all.violations.map(one => [one.id, one.nodes.map(node => node.html)]))""",
            TAGS,
        )
        assert found == [], (page.url, width, scheme)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (page.url, width)


def open_task(page: Page, office: Office, task: str, person: str) -> None:
    page.goto(f"{office.site.base_url}/t/{office.token(task, person)}")
    page.get_by_role("button", name="Open my task").click()
    page.wait_for_url("**/task/*")
