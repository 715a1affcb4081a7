"""Packages: made and signed by one installation, checked and taken in by another, answered back.

Both sides share this database; which installation acts is decided by the key that is in use.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from mla import drafting, lifecycle
from mla.models import ArrivedPackage, AssistanceRequest, Package, ReportedStatus
from mla.packages import arriving, container, reporting, sending
from registry import installation_key, naming, peers
from registry.documents import content_with
from registry.models import PeerMessage, Role
from registry.refusals import Invalid, NotAllowed, NotPossibleNow
from tests.factories import UserFactory


@pytest.fixture
def as_installation(settings, tmp_path):
    """``as_installation("ours")`` lets the installation with this key act from here on."""

    def acting(name: str) -> str:
        settings.INSTALLATION_KEY_FILE = str(tmp_path / f"{name}.pem")
        return installation_key.public_key()

    acting("ours")
    return acting


@pytest.fixture
def protected(complete, drafter, now):
    """The draft has a suspect and a protected witness."""
    common = {"user": drafter, "now": now}
    drafting.add_person(
        complete, fields={"role": "suspect", "family_name": "Sarr", "birth_year": 1980}, **common
    )
    drafting.add_person(
        complete,
        fields={
            "role": "witness",
            "family_name": "Verborgen",
            "protected": True,
            "protected_alias": "Witness W-3",
        },
        **common,
    )
    return complete


@pytest.fixture
def package(as_installation, protected, approved, drafter):
    made = sending.order(approved, user=drafter, now=timezone.now())
    assert sending.make_ordered() == 1
    made.refresh_from_db()
    return made


@pytest.fixture
def their_registrar(other_office):
    return UserFactory(name="Rama Registrar", works_in=other_office, role=Role.APPROVING_OFFICER)


@pytest.fixture
def their_administrator(other_office):
    return UserFactory(name="Awa Admin", works_in=other_office, role=Role.ADMINISTRATOR)


@pytest.fixture
def accepted(as_installation, administrator, their_administrator):
    """Each side has accepted the other's key and knows its address."""
    ours, theirs = as_installation("ours"), as_installation("theirs")
    now = timezone.now()
    sender = peers.accept(
        name="Brussels", state="BEL", public_key=ours, address="http://ours.example",
        user=their_administrator, now=now,
    )  # fmt: skip
    as_installation("ours")
    receiver = peers.accept(
        name="Dakar", state="SEN", public_key=theirs, address="http://theirs.example",
        user=administrator, now=now,
    )  # fmt: skip
    return sender, receiver


def bytes_of(package: Package) -> bytes:
    return content_with(package.digest)


def altered(content: bytes, path: str, change) -> bytes:
    """The package with one file of it changed."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(out, "w") as new:
        for name in old.namelist():
            kept = old.read(name)
            new.writestr(name, change(kept) if name == path else kept)
    return out.getvalue()


# --- making and checking ------------------------------------------------------------------


def test_a_package_has_letter_data_digests_and_a_signature_that_is_right(package, approved):
    opened = container.open_checked(io.BytesIO(bytes_of(package)))

    assert opened.identifier == package.identifier
    assert opened.fingerprint == installation_key.fingerprint()
    assert opened.told["request"]["reference"] == approved.dossier.reference
    with ZipFile(io.BytesIO(bytes_of(package))) as packed:
        assert packed.namelist()[0] == "mimetype"
        letter = next(name for name in packed.namelist() if name.startswith("letter/"))
        assert packed.read(letter).startswith(b"%PDF")


def test_a_protected_identity_is_nowhere_in_the_package(package):
    with ZipFile(io.BytesIO(bytes_of(package))) as packed:
        data = packed.read("request.json").decode()
    assert "Witness W-3" in data
    assert "Sarr" in data
    assert "Verborgen" not in data


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("request.json", lambda kept: kept.replace(b"Sarr", b"Sorr")),
        ("META-INF/manifest.json", lambda kept: kept.replace(b"sha256", b"sha257")),
        ("META-INF/signature.json", lambda kept: kept.replace(b'"signature": "M', b'"signature": "N')),
    ],
)  # fmt: skip
def test_an_altered_package_is_refused_and_the_problem_named(package, path, change):
    with pytest.raises(Invalid) as refused:
        container.open_checked(io.BytesIO(altered(bytes_of(package), path, change)))
    assert refused.value.fields["file"]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04"])
def test_what_is_no_package_is_refused(content):
    with pytest.raises(Invalid):
        container.open_checked(io.BytesIO(content))


def test_a_package_is_made_once_for_a_letter_and_only_by_who_may_send(
    package, approved, drafter, auditor
):
    assert sending.order(approved, user=drafter, now=timezone.now()) == package
    with pytest.raises(NotAllowed):
        sending.order(approved, user=auditor, now=timezone.now())


def test_without_a_letter_there_is_no_package(complete, drafter, now):
    with pytest.raises(NotPossibleNow):
        sending.order(complete, user=drafter, now=now)


# --- arriving -----------------------------------------------------------------------------


def test_an_unknown_sender_is_refused_by_the_api_and_waits_when_brought_by_hand(
    package, as_installation, client, their_registrar, other_office
):
    content = bytes_of(package)
    as_installation("theirs")
    answer = client.post("/api/v1/exchange/packages/", content, content_type="application/zip")
    assert answer.status_code == 403
    assert answer.json()["code"] == "sender_unknown"

    kept = arriving.arrive(io.BytesIO(content), brought_by=their_registrar, now=timezone.now())
    with pytest.raises(NotPossibleNow):
        arriving.take_in(kept, other_office, user=their_registrar, now=timezone.now())
    assert arriving.keys_to_accept()[0]["state"] == "BEL"


def test_a_package_becomes_a_received_request_with_all_it_says_once(
    package, accepted, as_installation, client, their_registrar, other_office, approved
):
    as_installation("theirs")
    for _again in range(2):
        answer = client.post(
            "/api/v1/exchange/packages/", bytes_of(package), content_type="application/zip"
        )
        assert answer.json() == {"received": str(package.identifier)}
    arrived = ArrivedPackage.objects.get()

    made = arriving.take_in(arrived, other_office, user=their_registrar, now=timezone.now())

    assert made.is_received
    assert made.dossier.foreign_reference == approved.dossier.reference
    assert (made.requesting_state_id, made.requested_state_id) == ("BEL", "SEN")
    assert made.facts == "It is so."
    assert {m.kind_id for m in made.measures.all()} == {"taking_evidence", "bank_financial_records"}
    assert [p.name_for_letters for p in made.dossier.persons.all()] == ["Sarr", "Witness W-3"]
    assert made.dossier.documents.filter(kind="received").count() == 1
    with pytest.raises(NotPossibleNow):
        arriving.take_in(arrived, other_office, user=their_registrar, now=timezone.now())


def test_a_sender_speaks_only_for_its_own_state(
    package, as_installation, their_administrator, their_registrar
):
    key = as_installation("ours")
    as_installation("theirs")
    peers.accept(
        name="Somebody", state="SEN", public_key=key, user=their_administrator, now=timezone.now()
    )
    with pytest.raises(Invalid) as refused:
        arriving.arrive(io.BytesIO(bytes_of(package)), brought_by=None, now=timezone.now())
    assert refused.value.code == "wrong_state"


def test_only_administrators_accept_keys(as_installation, drafter, now):
    theirs = as_installation("theirs")
    as_installation("ours")
    with pytest.raises(NotAllowed):
        peers.accept(name="Dakar", state="SEN", public_key=theirs, user=drafter, now=now)


def test_what_arrived_is_seen_only_by_who_registers_for_that_state(
    package, accepted, as_installation, signed_in, drafter, auditor, their_registrar
):
    as_installation("theirs")
    kept = arriving.arrive(io.BytesIO(bytes_of(package)), brought_by=None, now=timezone.now())
    page = reverse("arrived-package", args=[kept.pk])

    assert signed_in(their_registrar).get(page).status_code == 200
    for person in (drafter, auditor):
        assert signed_in(person).get(page).status_code == 404
        assert signed_in(person).post(page).status_code == 404
        api = f"/api/v1/exchange/arrived/{kept.pk}/taking-in/"
        assert signed_in(person).post(api, "{}", "application/json").status_code == 404
    assert signed_in(drafter).get("/api/v1/exchange/arrived/").json() == []


def test_a_sealed_request_shows_no_package_to_others(
    package, approved, approver, colleague, signed_in, now
):
    naming.seal(approved.dossier, user=approver, now=now)
    reference = approved.dossier.reference
    browser = signed_in(colleague)
    for address in (
        reverse("request-package", args=[reference]),
        reverse("request-package-file", args=[reference]),
        f"/api/v1/requests/{reference}/package/",
        f"/api/v1/requests/{reference}/package/file/",
    ):
        assert browser.get(address).status_code == 404


# --- reporting ----------------------------------------------------------------------------


def test_what_becomes_of_it_is_reported_once_and_moves_the_request_that_was_sent(
    package, accepted, as_installation, client, their_registrar, other_office, approved, drafter
):
    now = timezone.now()
    _brussels, dakar = accepted
    message = sending.send(approved, dakar.pk, user=drafter, now=now)
    sending.delivered(message, now)
    as_installation("theirs")
    arrived = arriving.arrive(io.BytesIO(bytes_of(package)), brought_by=None, now=now)
    made = arriving.take_in(arrived, other_office, user=their_registrar, now=now)
    lifecycle.advance(
        made, "acknowledge", user=their_registrar, now=now, acknowledged_at=timezone.now()
    )
    assert reporting.report_changes() == 1
    assert reporting.report_changes() == 0
    body = reporting.body_of(PeerMessage.objects.get(kind="status"))

    as_installation("ours")
    for _again in range(2):
        answer = client.post("/api/v1/exchange/reports/", body, content_type="application/json")
        assert answer.status_code == 200, answer.text

    ours = AssistanceRequest.objects.select_related("dossier").get(pk=approved.pk)
    assert ours.dossier.status == "acknowledged"
    assert ours.dossier.foreign_reference == made.dossier.reference
    assert ReportedStatus.objects.get().move == "acknowledge"
    assert ours.dossier.timeline.filter(event="mla.status_reported").count() == 1


def test_a_report_with_another_signature_or_of_a_stranger_is_refused(
    package, accepted, as_installation, client, approved, drafter
):
    as_installation("stranger")
    text = json.dumps({"format": "mla-status"})
    body = {
        "report": text,
        "fingerprint": installation_key.fingerprint(),
        "signature": installation_key.sign(text.encode()),
    }
    as_installation("ours")
    answer = client.post("/api/v1/exchange/reports/", json.dumps(body), "application/json")
    assert answer.status_code == 403


# --- keeping installations ----------------------------------------------------------------


def test_an_installation_that_moved_gets_what_waited_for_it(
    package, accepted, administrator, approved, drafter, signed_in
):
    _brussels, dakar = accepted
    sending.send(approved, dakar.pk, user=drafter, now=timezone.now())
    later = timezone.now() + timedelta(hours=1)
    PeerMessage.objects.update(claimed_until=later, attempts=4, last_error="Nobody answers.")
    browser = signed_in(administrator)
    page = browser.get(reverse("exchange")).text
    assert "Nobody answers." in page
    given = {"act": "change", "peer": dakar.pk, "name": "Dakar", "address": "no address"}
    refused = browser.post(reverse("exchange"), given)
    assert refused.status_code == 400
    assert "no address" in refused.text
    given["address"] = "https://new.example"
    assert browser.post(reverse("exchange"), given).status_code == 302
    dakar.refresh_from_db()
    assert dakar.address == "https://new.example"
    assert PeerMessage.objects.get().claimed_until is None


def test_a_blocked_installation_is_dealt_with_again(accepted, administrator, drafter, now):
    _brussels, dakar = accepted
    peers.block(dakar, user=administrator, now=now)
    assert peers.known(dakar.fingerprint) is None
    with pytest.raises(NotAllowed):
        peers.take_up_again(dakar, user=drafter, now=now)
    peers.take_up_again(dakar, user=administrator, now=now)
    assert peers.known(dakar.fingerprint) == dakar


# --- pages --------------------------------------------------------------------------------


def test_the_pages_make_download_and_bring_a_package(
    approved, as_installation, accepted, signed_in, drafter, their_registrar, their_administrator
):
    reference = approved.dossier.reference
    browser = signed_in(drafter)
    page = reverse("request-package", args=[reference])
    assert browser.post(page, {"act": "order"}).status_code == 302
    sending.make_ordered()
    assert "Download the package" in browser.get(page).text
    answer = browser.get(reverse("request-package-file", args=[reference]))
    content = b"".join(answer.streaming_content)
    assert browser.post(page, {"act": "send", "peer": "0"}).status_code == 400

    as_installation("theirs")
    registrar = signed_in(their_registrar)
    upload = SimpleUploadedFile("package.asice", content)
    assert registrar.post(reverse("exchange"), {"act": "bring", "file": upload}).status_code == 302
    kept = ArrivedPackage.objects.get()
    taken = registrar.post(reverse("arrived-package", args=[kept.pk]))
    assert taken.status_code == 302
    assert "signature checked" in registrar.get(taken["Location"]).text
    assert (
        installation_key.fingerprint()
        in signed_in(their_administrator).get(reverse("exchange")).text
    )
