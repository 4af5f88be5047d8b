"""Cases and cohorts move in batches, each a transaction."""


def test_due_timers_move_in_batches(hand, book, until):
    book.timers(1_200)
    hand(cases_in_batch=500)
    until(lambda: book.count("timer WHERE done = 0") == 0)

    assert [note for _, note, _ in book.lines("batch")] == ["500", "500", "200"]


def test_a_cohort_is_started_chunk_by_chunk_and_shows_its_progress(hand, book, until):
    from prefect.client.orchestration import get_client

    def progress():
        with get_client(sync_client=True) as client:
            found = client.request("POST", "/artifacts/filter", json={}).json()
        return [each["data"] for each in found if each["key"] == "cohort-17"]

    book.cohort(17, 1_250)
    hand(cohort_chunk=500)
    until(lambda: book.count("cohort WHERE done = total") == 1)
    until(lambda: progress() == [100.0])


def test_a_scheduled_deployment_fires(hand, book, until):
    # a sixth field counts seconds: nobody should write that, but a test has no minute to spare
    hand(digests_at="* * * * * */4", schedule_look_seconds=0.5)
    until(lambda: book.lines("digest"))

    assert book.lines("housekeeping") == []
