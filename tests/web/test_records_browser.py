"""The page of the shared records in a real browser, small and large, light and dark."""

from datetime import timedelta

from support.looking import page_of, sound
from support.office import Office, serving

RATE = """
process: rate
version: 1
subject: person
data: {mark: {type: integer, from: start}}
states: {closed: {end: done}}
records: {rating: {of: subject, value: data.mark, valid: 12 months, why: '"A long reason that does not fit beside the other columns of a small telephone."'}}
"""


def test_the_records_have_no_barrier_and_lead_from_what_is_stale_to_its_case(
    browser, office: Office
):
    world = office.world
    world.publish(RATE)
    world.start("rate", "p_ann", mark=2)
    later = world.now + timedelta(days=396)
    world.now = later
    world.start("rate", "p_dan", mark=4)
    with serving(world, clock=lambda: later) as served, page_of(browser, script=True) as page:
        page.goto(f"{served.site.base_url}/records?show=any")
        sound(page)
        page.get_by_role("link", name="1 stale").click()
        sound(page)
        page.get_by_role("link", name="RAT-0001").click()

        assert page.get_by_role("heading", level=1).inner_text().startswith("Ann")
