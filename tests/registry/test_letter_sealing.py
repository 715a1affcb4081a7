"""A sealed letter: its data inside, its signature whole, and what becomes of it when it is touched."""

from __future__ import annotations

import io
import subprocess

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from registry import draft_letters, letter_codes, letter_sealing, letters, signing_identity
from registry.documents import read_content
from registry.letter_rendering import pdf_of
from registry.models import Letter
from tests.factories import AssistanceRequestFactory
from tests.pdf_checks import problems, qpdf_complaints

KIND = "tests.sealed"
HTML = (
    '<!doctype html><html lang="en"><title>Note</title><body><h1>Note</h1><p>{}</p></body></html>'
)


@pytest.fixture
def made(draft_dossier, drafter, now):
    """A letter made by the machine, with its bytes."""
    letters.declare(
        letters.LetterKind(
            KIND,
            pdf=lambda letter: pdf_of(HTML.format(letter.content["text"]), identifier="x"),
            version=lambda language: "v1",
            title=lambda _letter: "Note",
            sealed=True,
        )
    )
    letter = letters.order(
        draft_dossier,
        kind=KIND,
        language="en",
        content={"text": "Hello."},
        user=drafter,
        now=now,
    )
    assert letters.make_ordered() == 1
    letter.refresh_from_db()
    yield letter, read_content(letter.document)
    letters._KINDS.pop(KIND)


def changed(pdf: bytes) -> bytes:
    """The same letter with another subject, saved anew by a tool that keeps everything else."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.docinfo["/Subject"] = "Another"
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def appended(pdf: bytes) -> bytes:
    """The letter with something added behind the signature."""
    return pdf + b"\n% added\n"


def test_the_seal_of_a_letter_holds_and_names_its_signer(made):
    seal = letter_sealing.look_at(made[1])
    assert seal.holds
    assert "seal of letters" in seal.signer


def test_a_sealed_letter_is_still_archivable_and_tagged(made):
    assert problems(made[1], "en") == []
    assert qpdf_complaints(made[1]) == ""


def test_another_program_finds_the_signature_valid(made, tmp_path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(made[1])
    said = subprocess.run(
        ["pdfsig", "-nocert", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "Signature is Valid." in said.stdout
    assert "ETSI.CAdES.detached" in said.stdout
    assert "Total document signed" in said.stdout


def test_a_letter_carries_what_it_says_for_machines(made):
    letter, pdf = made
    data = letter_sealing.data_in(pdf)
    assert data["says"] == {"text": "Hello."}
    assert data["verification_code"] == letter.verification_code
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.Root.AF[0].AFRelationship == "/Data"
        assert opened.Root.AF[0].EF.F.Subtype == "/application/json"


@pytest.mark.parametrize("touch", [changed, appended])
def test_the_seal_of_a_touched_letter_does_not_hold(made, touch):
    seal = letter_sealing.look_at(touch(made[1]))
    assert seal is None or not seal.holds


def test_one_byte_within_breaks_the_seal(made):
    pdf = bytearray(made[1])
    place = pdf.index(b"/StructTreeRoot") if b"/StructTreeRoot" in pdf else len(pdf) // 2
    pdf[place + 3] ^= 1
    seal = letter_sealing.look_at(bytes(pdf))
    assert seal is None or not seal.holds


def test_the_signature_of_somebody_else_does_not_hold(made, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    assert not letter_sealing.look_at(made[1]).holds


def test_a_file_without_a_signature_has_no_seal():
    assert letter_sealing.look_at(pdf_of(HTML.format("x"))) is None


def test_what_is_no_pdf_at_all_does_not_hold():
    assert not letter_sealing.look_at(b"%PDF-1.7 nothing").holds


# --- judging a file -----------------------------------------------------------------------


def test_the_very_file_is_genuine(made):
    assert letters.judge(made[1]) is letters.Verdict.GENUINE


@pytest.mark.parametrize("touch", [changed, appended])
def test_a_touched_file_is_called_altered(made, touch):
    assert letters.judge(touch(made[1])) is letters.Verdict.ALTERED


def test_a_letter_taken_out_of_use_is_called_so(made, drafter, now):
    letters.void(made[0], user=drafter, now=now)
    assert letters.judge(made[1]) is letters.Verdict.VOID


def test_a_file_from_elsewhere_is_not_known(db):
    assert letters.judge(pdf_of(HTML.format("x"))) is letters.Verdict.UNKNOWN
    assert letters.judge(b"anything") is letters.Verdict.UNKNOWN


def test_a_file_that_names_a_code_of_nobody_is_not_known(made, now):
    letter = Letter(
        kind=KIND, content={}, verification_code=letter_codes.new_code(), ordered_at=now
    )
    forged = letter_sealing.seal(pdf_of(HTML.format("x")), letter, now)
    assert letters.judge(forged) is letters.Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("touch", "said"), [(bytes, "to the last byte"), (changed, "changed after it was sealed")]
)
def test_anybody_can_have_a_file_checked(client, made, touch, said):
    file = SimpleUploadedFile("letter.pdf", touch(made[1]), content_type="application/pdf")
    answer = client.post(reverse("verification"), {"file": file})
    assert said in answer.content.decode()
    assert made[0].dossier.reference not in answer.content.decode()


def test_the_check_without_a_file_says_what_to_do(client, db):
    answer = client.post(reverse("verification"))
    assert "Choose the PDF" in answer.content.decode()


# --- whose signature ----------------------------------------------------------------------


def test_production_without_a_certificate_does_not_sign(settings):
    settings.PRODUCTION = True
    assert signing_identity.signer() is None


def test_a_ministrys_own_certificate_signs(settings, tmp_path, now):
    place = tmp_path / "theirs"
    signing_identity._make_demonstration_identity(place)
    settings.PRODUCTION = True
    settings.LETTER_SIGNING_CERTIFICATE = str(place / signing_identity.CERTIFICATE)
    settings.LETTER_SIGNING_KEY = str(place / signing_identity.KEY)
    settings.LETTER_SIGNING_ROOTS = str(place / signing_identity.ROOTS)
    letter = Letter(kind=KIND, content={}, verification_code="X", ordered_at=now)
    sealed = letter_sealing.seal(pdf_of(HTML.format("x")), letter, now)
    assert letter_sealing.look_at(sealed).holds


def test_a_token_goes_before_files_and_is_asked_at_each_signature(settings, tmp_path):
    """No token is to be had in the tests: that its library is asked for is what is shown."""
    settings.LETTER_SIGNING_CERTIFICATE = str(tmp_path / "certificate.pem")
    settings.LETTER_SIGNING_PKCS11_MODULE = str(tmp_path / "no-such-library.so")
    assert signing_identity.source() is signing_identity.Source.HARDWARE
    with (
        pytest.raises(Exception, match=r"no-such-library|[Ll]ibrary|load"),
        signing_identity.signing(),
    ):
        pass


def test_what_is_missing_for_a_token_is_named(settings, tmp_path):
    settings.LETTER_SIGNING_PKCS11_MODULE = str(tmp_path / "no-such-library.so")
    said = " ".join(signing_identity.problems())
    for name in ("LETTER_SIGNING_PKCS11_MODULE", "LETTER_SIGNING_ROOTS", "PKCS11_LABEL"):
        assert name in said


def test_the_page_of_a_letter_says_that_it_will_not_be_signed(
    settings, office, drafter, now, signed_in
):
    dossier = AssistanceRequestFactory(owner=office, drafter=drafter).dossier
    draft = draft_letters.start(dossier, "mla.note_verbale", language="en", user=drafter, now=now)
    desk, address = signed_in(drafter), reverse("letter", args=[draft.pk])
    assert "no electronic signature" not in desk.get(address).content.decode()
    settings.PRODUCTION = True
    assert "no electronic signature" in desk.get(address).content.decode()


def test_the_key_is_readable_by_its_owner_alone():
    key = signing_identity.files().key
    assert key.stat().st_mode & 0o077 == 0
