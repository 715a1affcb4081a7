"""What the person was told in the application, with a button to acknowledge each."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from registry.acknowledging import acknowledge_notice
from registry.notice_list import notice_page
from registry.refusals import Refusal
from registry.reminder_mail import time_left
from registry.reminder_schedule import STILL_PAUSED


@login_required
def notices(request: HttpRequest) -> HttpResponse:
    only_open = request.GET.get("which") != "all"
    problem = ""
    try:
        page = notice_page(request.user, only_open=only_open, cursor=request.GET.get("page", ""))
    except Refusal:
        problem = _("That page of the list no longer exists: this is the first one.")
        page = notice_page(request.user, only_open=only_open)
    now = timezone.now()
    for notice in page.rows:
        deadline = notice.reminder.deadline
        notice.paused = notice.reminder.step == STILL_PAUSED
        notice.how_far = time_left(deadline, now) if deadline.state == "running" else ""
        notice.late = deadline.is_overdue(now)
    query = request.GET.copy()
    query["page"] = page.next or ""
    context = {
        "notices": page.rows,
        "only_open": only_open,
        "problem": problem,
        "next": query.urlencode() if page.next else "",
    }
    return render(request, "registry/notices.html", context)


@login_required
@require_POST
def acknowledge(request: HttpRequest, notice: int) -> HttpResponse:
    try:
        acknowledge_notice(notice, request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal.detail))
    else:
        messages.success(request, _("Acknowledged."))
    return redirect("my-day" if request.POST.get("from") == "my-day" else "notices")
