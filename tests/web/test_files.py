"""Files: chosen, kept with the draft, checked, handed out as files only, and only to whom may see them."""

import io
import re
import zipfile
from hashlib import sha256

import pytest
from support.office import Office
from test_browser import open_task, page_of, sound

from engine.audit.verify import verify
from engine.store.tables import DraftRow, EventPrivateRow, FileRow

PDF = b"%PDF-1.7\n%made for a test\n"
CLAIM = """
process: claim
version: 1
title: Expenses
subject: person
people: {manager: subject.manager}
retention: {files: 1 year}
data:
  receipt: {type: file, label: Your receipt, seen_by: [subject, manager]}
  secret:  {type: file, label: Doctor's note, required: false, sensitive: true, seen_by: [subject]}
forms:
  claim: {title: What did you pay?, fields: {receipt: {}, secret: {}, why: {type: text, label: What for?}}}
  look:  {title: Look at it, fields: {receipt: {}, fine: {type: yes_no, label: Is it fine?}}}
  other: {title: And you?, fields: {receipt: {required: false}, secret: {}, note: {type: text, required: false}}}
states:
  ask:  {task: {to: subject, form: claim, due: 5 workdays}}
  both:
    parallel:
      look: {task: {to: manager, form: look, due: 5 workdays}}
      desk: {task: {to: {role: it-desk}, form: other, due: 5 workdays}}
  closed: {end: done}
"""


@pytest.fixture
def task(office: Office) -> str:
    office.world.publish_unproved(CLAIM)
    office.world.start("claim")
    return office.world.task("ask")


def hand_in(client, task, name="receipt.pdf", content=PDF, field="receipt", do="continue", **more):
    with_files = {field: (name, content, "application/pdf")}
    form = {".revision": more.pop("revision", "0"), "why": "a train", ".do": do}
    return client.post(f"/task/{task}", data=form, files=with_files)


def claimed(office, task):
    """Handed in with both files and sent."""
    mine = office.seated(task, "ann")
    hand_in(mine, task, do="save")
    hand_in(mine, task, "note.pdf", PDF + b"ill", "secret", revision="1")
    assert mine.post(f"/task/{task}", data={".revision": "2", ".do": "submit"}).status_code == 303
    return mine


def links(text):
    return re.findall(r'href="(/(?:task|cases)/[^"]+/files/[0-9a-f]{32})"', text)


def test_a_file_is_kept_with_the_draft_and_named_by_the_answer(office, task):
    mine = office.seated(task, "ann")
    assert hand_in(mine, task, do="save").headers["location"] == f"/task/{task}?saved=1"
    page = mine.get(f"/task/{task}").text
    assert "receipt.pdf" in page
    assert "multipart/form-data" in page
    (link,) = links(page)
    given = mine.get(link)
    assert given.content == PDF
    assert given.headers["content-disposition"] == "attachment; filename*=UTF-8''receipt.pdf"
    assert given.headers["content-security-policy"].startswith("sandbox")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-type"] == "application/octet-stream"

    checked = mine.post(
        f"/task/{task}", data={".revision": "1", "why": "a train", ".do": "continue"}
    )
    assert checked.headers["location"].endswith("/check")
    assert "receipt.pdf" in mine.get(f"/task/{task}/check").text
    mine.post(f"/task/{task}", data={".revision": "1", ".do": "submit"})

    (file,) = office.world.rows(FileRow)
    assert file.bound
    told = "".join(row.payload for row in office.world.rows(EventPrivateRow))
    assert sha256(PDF).hexdigest() in told
    assert verify(office.world.database).ok


def test_a_file_is_taken_back_and_replaced(office, task):
    mine = office.seated(task, "ann")
    hand_in(mine, task, do="save")
    hand_in(mine, task, "better.pdf", do="save", revision="1")
    assert [file.name for file in office.world.rows(FileRow)] == ["better.pdf"]
    mine.post(f"/task/{task}", data={".revision": "2", ".do": "drop receipt"})

    assert "better.pdf" not in mine.get(f"/task/{task}").text


def _zip(*names, first=b""):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, first)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("run.exe", b"MZ", "not of a kind that is taken"),
        ("page.html", b"<script>", "not of a kind that is taken"),
        ("photo.svg", b"<svg/>", "not of a kind that is taken"),
        ("receipt", PDF, "not of a kind that is taken"),
        ("receipt.pdf", b"<script>alert(1)</script>", "is no PDF file"),
        ("receipt.png", PDF, "is no PNG file"),
        ("letter.docx", _zip("word/document.xml"), "is no DOCX file"),
        (
            "letter.docx",
            _zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "is no DOCX file",
        ),
        ("list.csv", b"a\0b", "is no CSV file"),
        ("receipt.pdf", b"", "is empty"),
        ("receipt.pdf", PDF + b"x" * (10 * 2**20), "is too large: 10 MB"),
        ("ann\u202efdp.exe", b"MZ", "not of a kind that is taken"),
    ],
)
def test_what_is_not_taken_is_said_at_its_question_and_nothing_typed_is_lost(
    office, task, name, content, said
):
    mine = office.seated(task, "ann")
    page = hand_in(mine, task, name, content)

    assert page.status_code == 422
    assert said in page.text
    assert 'value="a train"' in page.text
    assert office.world.rows(FileRow) == []
    assert len(office.world.rows(DraftRow)) == 1


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("letter.docx", _zip("[Content_Types].xml", "word/document.xml"), "letter.docx"),
        ("list.csv", "Größe;1".encode(), "list.csv"),
        ("..\\..\\etc/pass<wd>.PDF", PDF, "passwd.PDF"),
        ("x" * 300 + ".pdf", PDF, "x" * 116 + ".pdf"),
        ("scan.jpeg", b"\xff\xd8\xff\xe0", "scan.jpeg"),
    ],
)
def test_what_is_taken_gets_a_harmless_name(office, task, name, content, kept):
    hand_in(office.seated(task, "ann"), task, name, content)

    (file,) = office.world.rows(FileRow)
    assert file.name == kept
    assert re.fullmatch("[0-9a-f]{32}", file.id)


def test_more_than_a_page_may_hold_is_cut_off(office, task):
    mine = office.seated(task, "ann")
    assert hand_in(mine, task, content=PDF + b"x" * (26 * 2**20)).status_code == 413
    many = [("receipt", (f"{n}.pdf", PDF)) for n in range(11)]
    assert mine.post(f"/task/{task}", data={".do": "save"}, files=many).status_code in (400, 413)
    big = mine.post(f"/task/{task}/draft", data={"why": "x" * 600_000})
    assert big.status_code == 413
    assert office.world.rows(FileRow) == []


def test_only_who_may_see_the_field_gets_the_file(office, task):
    mine = claimed(office, task)
    receipt, note = sorted(office.world.rows(FileRow), key=lambda file: file.field)
    look, desk = office.world.task("both.look"), office.world.task("both.desk")
    manager, helper = office.seated(look, "bob"), office.seated(desk, "eve")

    assert links(manager.get(f"/task/{look}").text) == [f"/task/{look}/files/{receipt.id}"]
    assert manager.get(f"/task/{look}/files/{receipt.id}").content == PDF
    assert manager.get(f"/task/{look}/files/{note.id}").status_code == 404
    assert links(helper.get(f"/task/{desk}").text) == []
    for file in (receipt, note):
        assert helper.get(f"/task/{desk}/files/{file.id}").status_code == 404
        assert office.client().get(f"/task/{desk}/files/{file.id}").status_code == 404
        assert office.client().get(f"/cases/CLA-0001/files/{file.id}").status_code == 404
        assert mine.get(f"/task/{task}/files/{file.id}").status_code == 200


def test_an_operator_gets_every_file_but_a_sensitive_one(office, task):
    from dataclasses import replace

    from support.office import client_of

    from web.app import create_app

    claimed(office, task)
    receipt, note = sorted(office.world.rows(FileRow), key=lambda file: file.field)
    local = "http://localhost:8700"
    console = client_of(
        create_app(replace(office.site, base_url=local)), base_url=local, peer="127.0.0.1"
    )
    page = console.get("/cases/CLA-0001").text

    assert links(page) == [f"/cases/CLA-0001/files/{receipt.id}"]
    assert console.get(f"/cases/CLA-0001/files/{receipt.id}").content == PDF
    assert console.get(f"/cases/CLA-0001/files/{note.id}").status_code == 404


def test_a_file_of_another_case_is_not_taken_for_an_answer(office, task):
    hand_in(office.seated(task, "ann"), task, do="save")
    (file,) = office.world.rows(FileRow)
    office.world.start("claim", "p_dan")
    other = next(t for t in office.world.open_tasks("CLA-0002").values())
    from engine.service import Refused

    reference = {"id": file.id, "name": file.name, "size": file.size, "sha256": file.sha256}
    with pytest.raises(Refused, match="not here any more"):
        office.world.answer(other, "dan", receipt=reference, why="mine now")


def test_what_no_answer_came_of_is_swept_once_its_task_is_closed(office, task):
    mine = office.seated(task, "ann")
    hand_in(mine, task, do="save")
    assert office.world.service.sweep_files() == 0
    office.world.service.cancel("CLA-0001", None, "not needed", office.world.now)

    assert office.world.service.sweep_files() == 1
    assert office.world.rows(FileRow) == []


def test_files_are_erased_in_their_time_and_the_history_keeps_their_hash(office, task):
    claimed(office, task)
    office.world.answer("both.look", "bob", fine=True)
    office.world.answer("both.desk", "eve")
    office.world.later(days=370)
    for erasure in office.world.service.erasures(office.world.now):
        assert erasure.what == ("files",)
        office.world.service.erase(erasure, None, office.world.now)

    assert office.world.rows(FileRow) == []
    assert verify(office.world.database).ok
    assert sha256(PDF).hexdigest() in "".join(r.payload for r in office.world.rows(EventPrivateRow))


def test_it_works_in_a_browser_without_javascript(browser, served, tmp_path):
    served.world.publish_unproved(CLAIM)
    served.world.start("claim")
    task = served.world.task("ask")
    good, bad = tmp_path / "train ticket.pdf", tmp_path / "virus.exe"
    good.write_bytes(PDF)
    bad.write_bytes(b"MZ")
    with page_of(browser) as page:
        open_task(page, served, task, "ann")
        page.get_by_label("What for?").fill("A train to Berlin")
        page.get_by_label("Your receipt").set_input_files(bad)
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_text("is not of a kind that is taken").first.wait_for()
        page.get_by_label("Your receipt").set_input_files(good)
        page.get_by_role("button", name="Save and go on later").click()
        page.get_by_text("Handed in:").wait_for()
        page.get_by_role("button", name="Continue").last.click()
        page.wait_for_url("**/check")
        page.get_by_role("link", name="train ticket.pdf").wait_for()
        with page.expect_download() as waiting:
            page.get_by_role("link", name="train ticket.pdf").click()
        assert waiting.value.suggested_filename == "train ticket.pdf"
        page.get_by_role("button", name="Send").click()
        page.wait_for_url("**/done")


def test_the_page_is_accessible(browser, served, tmp_path):
    served.world.publish_unproved(CLAIM)
    served.world.start("claim")
    task = served.world.task("ask")
    hand_in_file = tmp_path / "a-rather-long-name-of-a-receipt-from-a-journey-in-march-2027.pdf"
    hand_in_file.write_bytes(PDF)
    with page_of(browser, script=True) as page:
        open_task(page, served, task, "ann")
        sound(page)
        page.get_by_label("Your receipt").set_input_files(hand_in_file)
        page.get_by_role("button", name="Continue").last.click()
        page.get_by_text("Handed in:").wait_for()
        sound(page)
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(tmp_path / f"files-{width}.png"), full_page=True)
