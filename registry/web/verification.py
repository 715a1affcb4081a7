"""The public page that says whether a letter is genuine, and nothing else."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from registry import letter_codes, letter_sealing, letters
from registry.web.asked_too_often import asked_too_often

QUESTIONS_A_MINUTE = 30
LARGEST_FILE = 30 * 1024 * 1024

TOO_MANY = _("Too many questions from your address. Wait a minute and ask again.")

GENUINE, UNKNOWN, MISTYPED, SAME, ALTERED = "genuine", "unknown", "mistyped", "same", "altered"


def verification(request: HttpRequest) -> HttpResponse:
    """The form; a code given in it leads to the code's own address, a file is judged at once."""
    if request.method == "POST":
        return _file_judged(request)
    if code := request.GET.get("code", "").strip():
        return redirect("verification-of", code=letter_codes.read(code)[:60] or "-")
    return render(request, "registry/verification.html")


def _file_judged(request: HttpRequest) -> HttpResponse:
    """Whether a file is a letter that was issued here: by its digest, its data and its seal."""
    context: dict[str, object] = {}
    file = request.FILES.get("file")
    if asked_too_often(request, "verification", QUESTIONS_A_MINUTE):
        context["problem"] = TOO_MANY
        return render(request, "registry/verification.html", context, status=429)
    if file is None:
        context["problem"] = _("Choose the PDF that you want to check.")
    elif (file.size or 0) > LARGEST_FILE:
        context["problem"] = _("No letter is that large: this is not one of ours.")
    else:
        content = file.read()
        verdict = letters.judge(content)
        context["verdict"] = verdict
        if verdict is letters.Verdict.GENUINE:
            context["seal"] = letter_sealing.look_at(content)
    return render(request, "registry/verification.html", context)


def verification_of(request: HttpRequest, code: str) -> HttpResponse:
    """Whether the letter with this code is genuine; with a file, whether the file is that letter."""
    if asked_too_often(request, "verification", QUESTIONS_A_MINUTE):
        return render(
            request,
            "registry/verification.html",
            {"problem": TOO_MANY},
            status=429,
        )
    stored = letter_codes.read(code)
    context = {"code": letter_codes.grouped(stored), "result": _result(stored)}
    if request.method == "POST" and context["result"] == GENUINE:
        file = request.FILES.get("file")
        if file is None:
            context["problem"] = _("Choose the PDF that you want to compare.")
        elif (file.size or 0) > LARGEST_FILE:
            context["problem"] = _("No letter is that large: this is not one of ours.")
        else:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            context["file"] = SAME if letters.matches(stored, digest.hexdigest()) else ALTERED
    return render(request, "registry/verification.html", context)


def _result(stored: str) -> str:
    if not letter_codes.is_well_formed(stored):
        return MISTYPED
    return GENUINE if letters.is_genuine(stored) else UNKNOWN
