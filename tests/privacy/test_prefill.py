"""A prefilled table shows who is meant, and nothing else that the directory knows of them."""

from support.office import Office

ROWS = """
process: rows
version: 1
subject: person
people: {manager: subject.manager}
states:
  look:
    task:
      to: subject
      fields:
        team:
          type: table
          columns: {who: {type: person}, since: {type: date, required: false}}
          prefill: '[{"who": subject.manager, "since": date("2027-01-31"), "other": "OTHER-4714"}]'
  closed: {end: done}
"""


def test_a_prefilled_row_names_a_person_by_id_alone(office: Office):
    office.world.publish(ROWS)
    office.world.start("rows")
    task = office.world.task("look")
    page = office.seated(task, "ann").get(f"/task/{task}")

    assert page.status_code == 200
    assert "Bob" in page.text
    assert "31" in page.text
    assert "email" not in page.text.lower().replace("people@", "")
    assert "OTHER-4714" not in page.text
    assert "{&#39;" not in page.text
