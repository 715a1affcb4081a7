"""The calendars of two States side by side, and the days that an office marks in its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from registry import local_days
from registry.access import authorities_where
from registry.deadline_calendar import EARLIEST, LATEST, own_office
from registry.models import Authority, Dossier, State
from registry.refusals import NotAllowed, Refusal
from registry.side_by_side import side_by_side, span_of_clocks
from registry.state_directory import states_by_name


class MarkForm(forms.Form):
    """Days to mark; which may be marked and how, ``registry.local_days`` says."""

    place = forms.ChoiceField(label=gettext_lazy("For whom"))
    first_day = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput({"type": "date"})
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Empty: one day only."),
    )
    label = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        help_text=gettext_lazy("For example: court recess, office closed, Saturday worked."),
    )
    working = forms.ChoiceField(
        label=gettext_lazy("What they are"),
        choices=[("", gettext_lazy("Days off")), ("on", gettext_lazy("Days worked"))],
        required=False,
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places


@login_required
def days_off(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    places = _places(request)
    if not places:
        refusal = NotAllowed("role_may_not", _("Your role does not allow marking days."))
        return _page(request, refused=refusal, status=403)
    form = MarkForm(request.POST, places=places)
    if not form.is_valid():
        return _page(request, form=form, status=400)
    kind, _colon, key = form.cleaned_data["place"].partition(":")
    authority = Authority.objects.get(pk=key) if kind == "office" else None
    state = State.objects.get(pk=authority.state_id if authority else key)
    try:
        local_days.add(
            state=state,
            authority=authority,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            label=form.cleaned_data["label"],
            working=bool(form.cleaned_data["working"]),
            user=request.user,
            now=timezone.now(),
        )
    except Refusal as refusal:
        for field, sentences in refusal.by_field().items():
            form.add_error(field if field in form.fields else None, sentences)
        return _page(request, form=form, status=refusal.status)
    messages.success(request, _("Marked. Clocks that count by these days are looked at again."))
    return redirect(_back(request))


@login_required
@require_POST
def remove(request: HttpRequest, number: int) -> HttpResponse:
    return _changed(request, lambda now: local_days.remove(number, user=request.user, now=now))


@login_required
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    return _changed(request, lambda now: local_days.undo(number, user=request.user, now=now))


def _changed(request: HttpRequest, do: Any) -> HttpResponse:
    try:
        do(timezone.now())
    except Refusal as refusal:
        return _page(request, refused=refusal, status=refusal.status)
    messages.success(request, _("Done. Clocks that count by these days are looked at again."))
    return redirect(_back(request))


def _page(
    request: HttpRequest,
    *,
    form: MarkForm | None = None,
    refused: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page. A constant number of queries, whatever the span."""
    office = own_office(request.user)
    dossier = _dossier(request)
    names = states_by_name()
    known = {code for code, _name in names}
    one = _known(request.GET.get("one", ""), known) or (office.state_id if office else "")
    other = _known(request.GET.get("other", ""), known)
    if dossier is not None and dossier.counterpart_id:
        one, other = dossier.owner.state_id, dossier.counterpart_id
    states = {state.code: state for state in State.objects.filter(pk__in=[one, other])}
    places = [
        (states[code], _office_shown(dossier, office, code))
        for code in (one, other)
        if code in states
    ]
    first, last, problem = _span(request, dossier)
    shown = side_by_side(places, first, last)
    kept = _places(request)
    context = {
        "shown": shown,
        "dossier": dossier,
        "states": names,
        "one": one,
        "other": other,
        "problem": problem,
        "day_numbers": range(1, 32),
        "marked": [
            (days, local_days.may_keep(request.user, days.state_id, days.authority))
            for code in states
            for days in local_days.local_days(code, first, last)
        ],
        "changes": list(local_days.changes_of(list(states))) if kept else [],
        "form": form or (MarkForm(places=kept) if kept else None),
        "refused": refused,
        "query": request.GET.urlencode(),
    }
    return render(request, "registry/days_off.html", context, status=status)


def _places(request: HttpRequest) -> list[tuple[str, str]]:
    """For whom the person may mark days: authorities, and for an administrator whole States."""
    found = [
        (f"office:{office.pk}", f"{office.name} ({office.state})")
        for office in local_days.authorities_kept_by(request.user)
    ]
    if authorities_where(request.user, "keep_state_calendar"):
        everywhere = _("%(state)s, everywhere")
        found += [
            (f"state:{code}", everywhere % {"state": name}) for code, name in states_by_name()
        ]
    return found


def _office_shown(dossier: Dossier | None, office: Authority | None, code: str) -> Authority | None:
    """The authority whose own days count in this State: the dossier's, else the person's."""
    own = dossier.owner if dossier is not None else office
    return own if own is not None and own.state_id == code else None


def _dossier(request: HttpRequest) -> Dossier | None:
    reference = request.GET.get("dossier", "").replace("\x00", "")
    if not reference:
        return None
    visible = Dossier.objects.visible_to(request.user).select_related("owner__state")
    found = visible.filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def _span(request: HttpRequest, dossier: Dossier | None) -> tuple[date, date, str]:
    """The first and last day asked for: of the dossier's clocks, a span, or a year."""
    if dossier is not None and (clocks := span_of_clocks(dossier)):
        return *clocks, ""
    today = timezone.localdate()
    this_year = date(today.year, 1, 1), date(today.year, 12, 31)
    given = request.GET
    try:
        if given.get("since") or given.get("until"):
            first = date.fromisoformat(given.get("since") or f"{today.year}-01-01")
            last = date.fromisoformat(given.get("until") or f"{first.year}-12-31")
        elif given.get("year"):
            year = int(given["year"]) if given["year"].isdecimal() else 0
            first, last = date(year, 1, 1), date(year, 12, 31)
        else:
            return *this_year, ""
    except ValueError:
        return *this_year, _("Write a day like 2026-02-28 and a year like 2026.")
    if not EARLIEST <= first <= last <= LATEST:
        return *this_year, _("The span ends before it begins, or is too far away.")
    return first, last, ""


def _known(given: str, known: set[str]) -> str:
    return given if given in known else ""


def _back(request: HttpRequest) -> str:
    query = request.POST.get("query", "")
    return f"{reverse('both-calendars')}{'?' + query if query else ''}"
