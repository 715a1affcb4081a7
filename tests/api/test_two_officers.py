"""Two officers cannot overwrite each other, and a repetition is done once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mla.models import AssistanceRequest
from registry import idempotency
from registry.models import Document, IdempotencyKey
from registry.refusals import NotPossibleNow
from registry.tasks import forget_idempotency_keys

START = {"requested_state": "SEN", "measures": ["taking_evidence"], "offences": ["corruption"]}


@pytest.fixture
def one(started):
    return f"/requests/{started.dossier.reference}/"


def test_the_second_of_two_officers_is_told_that_the_draft_changed(
    one, drafter, colleague, calling
):
    first, second = calling(drafter), calling(colleague)
    tag = first.call("GET", one)["ETag"].strip('"')
    assert second.call("GET", one)["ETag"].strip('"') == tag
    assert first.call("PATCH", one, {"facts": "Mine."}, version=tag).status_code == 200
    refused = second.call("PATCH", one, {"facts": "Yours."}, version=tag)
    assert (refused.status_code, refused.json()["code"]) == (412, "stale")
    assert first.call("GET", one).json()["facts"] == "Mine."


def test_a_change_without_the_version_seen_is_refused(one, drafter, calling):
    refused = calling(drafter).call("PATCH", one, {"facts": "x"})
    assert (refused.status_code, refused.json()["code"]) == (428, "if_match_required")


def test_a_star_takes_any_version(one, drafter, calling):
    assert calling(drafter).call("PATCH", one, {"facts": "x"}, version="*").status_code == 200


def test_a_weak_tag_is_not_the_version(one, drafter, calling):
    refused = calling(drafter).call("PATCH", one, {"facts": "x"}, **{"If-Match": 'W/"1"'})
    assert refused.status_code == 412


def test_a_tag_without_quotation_marks_is_told(one, drafter, calling):
    refused = calling(drafter).call("PATCH", one, {"facts": "x"}, **{"If-Match": "1"})
    assert refused.json()["errors"][0]["field"] == "If-Match"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "legal-basis/", {"instrument": "UNCAC"}),
        ("POST", "measures/", {"kind": "taking_evidence"}),
        ("POST", "persons/", {"role": "witness", "family_name": "N"}),
        ("POST", "offences/", {"family": "torture"}),
        ("POST", "moves/", {"move": "withdraw", "reason": "x"}),
    ],
)
def test_every_change_needs_the_version(one, drafter, calling, method, path, body):
    caller = calling(drafter)
    assert caller.call(method, one + path, body).status_code == 428
    assert caller.call(method, one + path, body, version=99).status_code == 412
    assert caller.call(method, one + path, body, version=1).status_code in (200, 201)


def test_a_repeated_start_opens_one_request(register, drafter, calling):
    caller = calling(drafter)
    first = caller.call("POST", "/requests/", START, key="a-key")
    again = caller.call("POST", "/requests/", START, key="a-key")
    assert again["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first
    assert (again.status_code, again.json()) == (201, first.json())
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert AssistanceRequest.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(register, drafter, calling):
    caller = calling(drafter)
    caller.call("POST", "/requests/", START, key="a-key")
    refused = caller.call("POST", "/requests/", START | {"title": "Other"}, key="a-key")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert AssistanceRequest.objects.count() == 1


def test_keys_of_two_persons_do_not_meet(register, drafter, colleague, calling):
    for user in (drafter, colleague):
        answer = calling(user).call("POST", "/requests/", START, key="a-key")
        assert "Idempotent-Replay" not in answer
    assert AssistanceRequest.objects.count() == 2


def test_a_refused_start_can_be_corrected_under_the_same_key(register, drafter, calling):
    caller = calling(drafter)
    assert (
        caller.call("POST", "/requests/", START | {"measures": ["x"]}, key="k").status_code == 400
    )
    assert caller.call("POST", "/requests/", START, key="k").status_code == 201


def test_a_key_of_too_many_characters_is_told(register, drafter, calling):
    refused = calling(drafter).call("POST", "/requests/", START, key="k" * 201)
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


def test_while_the_first_is_worked_on_the_second_waits(drafter, now):
    assert idempotency.begin(drafter, "k", "d", now=now) is None
    with pytest.raises(NotPossibleNow, match="being_answered"):
        idempotency.begin(drafter, "k", "d", now=now + timedelta(seconds=5))


def test_a_key_whose_worker_died_is_taken_over(drafter, now):
    assert idempotency.begin(drafter, "k", "d", now=now) is None
    later = now + idempotency.ABANDONED_AFTER + timedelta(seconds=1)
    assert idempotency.begin(drafter, "k", "d", now=later) is None


def test_answers_are_kept_for_a_day(drafter, now):
    idempotency.begin(drafter, "k", "d", now=now)
    idempotency.keep(drafter, "k", idempotency.Answer(201, {}, "{}"))
    within, after = now + timedelta(hours=23), now + timedelta(hours=25)
    assert idempotency.begin(drafter, "k", "d", now=within) == idempotency.Answer(201, {}, "{}")
    assert idempotency.begin(drafter, "k", "d", now=after) is None


def test_what_is_old_is_forgotten(drafter):
    idempotency.begin(drafter, "old", "d", now=timezone.now() - timedelta(hours=25))
    idempotency.begin(drafter, "new", "d", now=timezone.now())
    forget_idempotency_keys()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]


def upload(caller, one, name, content, key=""):
    headers = {"If-Match": "*", **({"Idempotency-Key": key} if key else {})}
    file = SimpleUploadedFile(name, content)
    return caller.post(f"/api/v1{one}annexes/", {"file": file, "title": "Annex"}, headers=headers)


def test_a_repeated_upload_adds_one_annex(one, drafter, calling):
    caller = calling(drafter)
    first = upload(caller, one, "note.txt", b"Plain words.", key="u")
    assert first.status_code == 201, first.content
    assert upload(caller, one, "note.txt", b"Plain words.", key="u").json() == first.json()
    assert upload(caller, one, "note.txt", b"Other words.", key="u").status_code == 422
    assert Document.objects.count() == 1


def test_a_file_that_is_not_what_it_says_is_refused(one, drafter, calling):
    refused = upload(calling(drafter), one, "letter.pdf", b"MZ\x90\x00 not a PDF")
    assert refused.status_code == 400
    assert refused.json()["errors"]


def test_an_annex_can_be_fetched_as_a_download(one, drafter, calling):
    caller = calling(drafter)
    added = upload(caller, one, "note.txt", b"Plain words.").json()
    fetched = caller.call("GET", f"{one}annexes/{added['id']}/", Accept="*/*")
    assert b"".join(fetched.streaming_content) == b"Plain words."
    assert fetched["Content-Disposition"].startswith("attachment")


def test_an_annex_without_a_file_is_told(one, drafter, calling):
    refused = calling(drafter).post(f"/api/v1{one}annexes/", {}, headers={"If-Match": "*"})
    assert refused.json()["errors"][0]["field"] == "file"


def test_the_version_stays_usable_when_the_caller_takes_compressed_answers(one, drafter, calling):
    caller = calling(drafter)
    seen = caller.call("GET", one, **{"Accept-Encoding": "gzip"})
    changed = caller.call(
        "PATCH", one, {"facts": "x"}, **{"If-Match": seen["ETag"], "Accept-Encoding": "gzip"}
    )
    assert changed.status_code == 200, changed.content


def test_a_long_list_is_compressed_for_who_takes_it_so(one, drafter, calling):
    answer = calling(drafter).call("GET", "/requests/", **{"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
