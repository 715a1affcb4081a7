"""A person's reminders and absences; an office's schedules and supervision. Thin."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from registry import reminder_preferences, risk_limits, standing_in, webhooks
from registry.access import authorities_where
from registry.models import Audience, Authority, ReminderSchedule, RiskLimits
from registry.refusals import Refusal
from registry.reminder_preferences import StepWanted
from registry.web.posted import number_posted

SPARE_ROWS = 3
DAY = {"type": "date"}
HOUR = {"type": "time"}


class PreferencesForm(forms.Form):
    in_application = forms.BooleanField(label=gettext_lazy("In the application"), required=False)
    mail = forms.BooleanField(label=gettext_lazy("By e-mail"), required=False)
    webhook = forms.BooleanField(label=gettext_lazy("By my webhooks"), required=False)
    digest = forms.BooleanField(label=gettext_lazy("One mail each morning"), required=False)
    digest_hour = forms.IntegerField(
        label=gettext_lazy("At what hour"), min_value=0, max_value=23, initial=8
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(HOUR)
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Quiet until"), required=False, widget=forms.TimeInput(HOUR)
    )
    extra_days = forms.RegexField(
        r"^[\d\s,;]*$",
        label=gettext_lazy("Further days before the end"),
        required=False,
        help_text=gettext_lazy("Numbers of days, for example: 30, 21."),
        error_messages={"invalid": gettext_lazy("Write numbers of days, for example: 30, 21.")},
    )

    def clean_extra_days(self) -> list[int]:
        written = self.cleaned_data["extra_days"].replace(";", ",").replace(",", " ")
        return [int(day[:6]) for day in written.split() if day.isdecimal()]


class AbsenceForm(forms.Form):
    first_day = forms.DateField(label=gettext_lazy("First day away"), widget=forms.DateInput(DAY))
    last_day = forms.DateField(label=gettext_lazy("Last day away"), widget=forms.DateInput(DAY))
    deputy = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("Nobody: my supervisors are told"),
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = standing_in.colleagues_of(user)


class RiskLimitsForm(forms.Form):
    """The labels are those of the columns; the domain says what is wrong."""

    def __init__(self, kept: RiskLimits, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance = kept
        for name in risk_limits.NAMES:
            label = str(RiskLimits._meta.get_field(name).verbose_name)
            self.fields[name] = forms.IntegerField(
                label=label[:1].upper() + label[1:],
                initial=getattr(kept, name),
                widget=forms.TextInput({"inputmode": "numeric", "size": 4}),
            )


def _initial(user) -> dict:
    kept = reminder_preferences.preferences_of(user)
    names = [*PreferencesForm.base_fields]
    shown = {name: getattr(kept, name) for name in names}
    for name in ("quiet_from", "quiet_until"):
        shown[name] = shown[name].strftime("%H:%M") if shown[name] else ""
    return shown | {"extra_days": ", ".join(str(day) for day in kept.extra_days)}


def _refused(form: forms.Form, refusal: Refusal) -> None:
    for field, reasons in refusal.by_field().items():
        form.add_error(field if field in form.fields else None, reasons)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    form = PreferencesForm(request.POST or None, initial=_initial(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            reminder_preferences.set_preferences(
                request.user, **form.cleaned_data, now=timezone.now()
            )
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("my-reminders")
    return my_page(request, form=form, status=400 if form.errors else 200)


def my_page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    user = request.user
    offices = Authority.objects.filter(pk__in=authorities_where(user, "set_reminders"))
    shown = {
        "form": PreferencesForm(initial=_initial(user)),
        "absence_form": AbsenceForm(user),
        "absences": standing_in.absences_of(user, timezone.now()),
        "webhooks": [one for one in webhooks.endpoints_of(user) if one.user_id == user.pk],
        "offices": offices.order_by("name"),
    } | context
    return render(request, "registry/my_reminders.html", shown, status=status)


@login_required
@require_POST
def be_absent(request: HttpRequest) -> HttpResponse:
    form = AbsenceForm(request.user, request.POST)
    if form.is_valid():
        try:
            standing_in.be_absent(request.user, **form.cleaned_data, now=timezone.now())
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Saved: while you are away, reminders are handed over."))
            return redirect("my-reminders")
    return my_page(request, absence_form=form, status=400)


@login_required
@require_POST
def be_back(request: HttpRequest, absence: int) -> HttpResponse:
    try:
        standing_in.be_back(request.user, absence)
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("The absence was removed."))
    return redirect("my-reminders")


# --- the office -------------------------------------------------------------------------------


def _office(request: HttpRequest, office: int) -> Authority:
    """An office whose reminders the person may set; otherwise there is no such page."""
    if office not in authorities_where(request.user, "set_reminders"):
        raise Http404
    return get_object_or_404(Authority, pk=office)


@login_required
def office(request: HttpRequest, office: int) -> HttpResponse:
    return office_page(request, _office(request, office))


def office_page(
    request: HttpRequest, authority: Authority, *, status: int = 200, **context: object
) -> HttpResponse:
    members = list(standing_in.members_of(authority))
    supervisors = standing_in.supervisors_by_officer(authority)
    for member in members:
        member.supervisor_keys = supervisors.get(member.pk, [])
    shown = {
        "office": authority,
        "schedules": [_schedule_shown(authority, kind) for kind in ReminderSchedule],
        "audiences": Audience.choices,
        "members": members,
        "risk_form": RiskLimitsForm(risk_limits.limits_of(authority)),
        "webhooks": [
            one for one in webhooks.endpoints_of(request.user) if one.authority_id == authority.pk
        ],
    } | context
    return render(request, "registry/office_reminders.html", shown, status=status)


def _schedule_shown(authority: Authority, kind: ReminderSchedule) -> dict:
    steps, own = reminder_preferences.schedule_shown(authority, kind)
    unit = 24 if kind == ReminderSchedule.DAYS else 1
    rows = [
        {
            "offset": abs(step.offset_hours) // unit,
            "side": "after" if step.offset_hours > 0 else "before",
            "repeat": step.repeat_hours // 24 or "",
            "audience": step.audience,
            "escalate": step.escalate_after_hours or "",
            "escalate_critical": step.escalate_critical_after_hours or "",
        }
        for step in steps
    ]
    blank = {"offset": "", "side": "before", "audience": Audience.RESPONSIBLE}
    return {
        "kind": kind.value,
        "label": kind.label,
        "own": own,
        "in_days": kind == ReminderSchedule.DAYS,
        "rows": rows + [blank] * SPARE_ROWS,
    }


@login_required
@require_POST
def risk(request: HttpRequest, office: int) -> HttpResponse:
    authority = _office(request, office)
    form = RiskLimitsForm(risk_limits.limits_of(authority), request.POST)
    if form.is_valid():
        try:
            risk_limits.set_limits(
                authority, **form.cleaned_data, user=request.user, now=timezone.now()
            )
        except Refusal as refusal:
            _refused(form, refusal)
        else:
            messages.success(request, _("Saved: the list of what is at risk goes by these days."))
            return redirect("office-reminders", office=office)
    return office_page(request, authority, risk_form=form, status=400)


@login_required
@require_POST
def schedule(request: HttpRequest, office: int, schedule: int) -> HttpResponse:
    authority = _office(request, office)
    if schedule not in ReminderSchedule.values:
        raise Http404
    posted = request.POST
    try:
        kind = ReminderSchedule(schedule)
        steps = [] if "everybodys" in posted else _steps_posted(request, kind)
        reminder_preferences.set_schedule(
            authority, schedule, steps, user=request.user, now=timezone.now()
        )
    except Refusal as refusal:
        problems = [reason for reasons in refusal.by_field().values() for reason in reasons]
        shown = [_schedule_shown(authority, kind) for kind in ReminderSchedule]
        for each in shown:
            if each["kind"] == schedule:
                each |= {"rows": _rows_posted(request), "problems": problems}
        return office_page(request, authority, schedules=shown, status=refusal.status)
    messages.success(request, _("Saved. Running deadlines are planned anew in a moment."))
    return redirect("office-reminders", office=office)


COLUMNS = ("offset", "side", "repeat", "audience", "escalate", "escalate_critical")


def _rows_posted(request: HttpRequest) -> list[dict]:
    columns = [request.POST.getlist(name) for name in COLUMNS]
    rows = [dict(zip(COLUMNS, values, strict=False)) for values in zip(*columns, strict=False)]
    for row in rows:
        row["audience"] = number_posted(row["audience"]) or Audience.RESPONSIBLE
    return rows


def _steps_posted(request: HttpRequest, kind: ReminderSchedule) -> list[StepWanted]:
    """The rows that are filled in; what is no number becomes one that the domain refuses."""
    unit = 24 if kind == ReminderSchedule.DAYS else 1
    steps = []
    for row in _rows_posted(request):
        if not row["offset"].strip():
            continue
        offset = _number(row["offset"]) * unit
        steps.append(
            StepWanted(
                offset if row["side"] == "after" else -offset,
                _number(row["repeat"] or "0") * 24,
                row["audience"],
                _number(row["escalate"] or "0"),
                _number(row["escalate_critical"] or "0"),
            )
        )
    return steps


def _number(written: str) -> int:
    found = number_posted(written.strip())
    return found if found is not None and found < 100_000 else 100_000


@login_required
@require_POST
def supervision(request: HttpRequest, office: int) -> HttpResponse:
    authority = _office(request, office)
    officer = number_posted(request.POST.get("officer", "")) or 0
    chosen = [number_posted(key) or 0 for key in request.POST.getlist("supervisors")]
    try:
        standing_in.set_supervisors(authority, officer, chosen, user=request.user)
    except Refusal as refusal:
        problems = [reason for reasons in refusal.by_field().values() for reason in reasons]
        return office_page(request, authority, problems=problems, status=refusal.status)
    messages.success(request, _("Saved."))
    return redirect("office-reminders", office=office)
