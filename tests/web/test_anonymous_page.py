"""The page of an anonymous task says what is promised, and what is not."""

from test_browser import open_task, page_of, sound

PULSE = """
process: pulse
version: 1
title: How are we doing?
subject: person
data: {peers: {type: people, min: 3, from: start}}
states:
  ask:
    each: peer in data.peers
    task:
      to: peer
      title: How are we doing?
      anonymous: true
      due: 5 workdays
      fields: {mark: {type: scale, label: How was the month?}, why: {type: longtext, label: What would you change?}}
  closed: {end: done}
"""


def test_it_works_in_a_browser_without_javascript(browser, served, tmp_path):
    served.world.publish(PULSE)
    served.world.start("pulse", peers=["p_bob", "p_dan", "p_eve"])
    task = served.world.task("ask[p_bob]")
    with page_of(browser) as page:
        open_task(page, served, task, "bob")
        page.get_by_text("Nobody with your name.").wait_for()
        page.get_by_label("4").check()
        page.get_by_label("What would you change?").fill("Fewer meetings")
        page.get_by_role("button", name="Save and go on later").click()
        page.get_by_text("Fewer meetings").wait_for()
        page.get_by_role("button", name="Continue").last.click()
        page.wait_for_url("**/check")
        page.get_by_text("Fewer meetings").wait_for()
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/done")
        page.get_by_text("not even this page can show it again").wait_for()
    with page_of(browser, script=True) as page:
        open_task(page, served, served.world.task("ask[p_dan]"), "dan")
        sound(page)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(tmp_path / f"anonymous-{width}.png"), full_page=True)
