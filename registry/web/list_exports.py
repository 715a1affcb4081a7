"""Taking lists away as tables: ordered from a list, followed on a page, downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from registry import list_exports
from registry.models import ListExport, User
from registry.refusals import NotFound, Refusal
from registry.spreadsheets import CSV_TYPE, XLSX_TYPE

SHOWN = 50
TYPES = {ListExport.Form.CSV: CSV_TYPE, ListExport.Form.XLSX: XLSX_TYPE}


@login_required
def exports(request: HttpRequest) -> HttpResponse:
    """The tables that the person had made."""
    context = {"exports": list(list_exports.of_person(request.user)[:SHOWN])}
    return render(request, "registry/list_exports.html", context)


@login_required
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Have a list made as a table; refused, back to the list with the reason."""
    given = request.POST
    try:
        made = list_exports.order(
            given.get("list", ""),
            given.get("query", ""),
            given.get("form", ""),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        for sentences in refusal.by_field().values():
            for sentence in sentences:
                messages.error(request, sentence)
        back = request.META.get("HTTP_REFERER", "")
        here = url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if here else "list-exports")
    return redirect("list-export", number=made.pk)


@login_required
def one(request: HttpRequest, number: int) -> HttpResponse:
    return render(request, "registry/list_export.html", {"export": _own(request.user, number)})


@login_required
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far the making is; once it is made, the page is loaded anew."""
    export = _own(request.user, number)
    answer = render(request, "registry/parts/list_export_progress.html", {"export": export})
    if export.state != ListExport.State.ORDERED:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
def download(request: HttpRequest, number: int) -> HttpResponse:
    export = _own(request.user, number)
    try:
        return file_of(export)
    except Refusal as refusal:
        messages.info(request, str(refusal.detail))
        return redirect("list-export", number=export.pk)


def file_of(export: ListExport) -> FileResponse:
    """The table to be saved; pages and API give the same. Raises NotPossibleNow."""
    day = timezone.localtime(export.ordered_at).date()
    return FileResponse(
        list_exports.open_file(export),
        as_attachment=True,
        filename=f"{export.list_code}-{day}.{export.form}",
        content_type=TYPES[ListExport.Form(export.form)],
    )


def _own(user: User, number: int) -> ListExport:
    try:
        return list_exports.one_of(user, number)
    except NotFound:
        raise Http404 from None
