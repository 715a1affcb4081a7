"""What the State still has to tell depositaries after its designations changed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.refusals import Refusal
from registry.web.posted import number_posted
from treaties import notifications_owed
from treaties.compliance_report.ordering import offices_read
from treaties.models import NotificationOwed
from treaties.web.days import day_typed

MOST_SHOWN = 100


@login_required
def owed(request: HttpRequest) -> HttpResponse:
    """The list, with the text to send; marking one as sent takes it off."""
    offices = offices_read(request.user)
    errors: dict[str, list[str]] = {}
    key = number_posted(request.POST.get("owed", "")) or 0
    if request.method == "POST":
        found = notifications_owed.owed_by_offices(offices).filter(pk=key).first()
        if found is None:
            raise Http404
        try:
            notifications_owed.mark_sent(
                found,
                day_typed(request.POST.get("sent_on", ""), "sent_on"),
                note=request.POST.get("note", ""),
                user=request.user,
                now=timezone.now(),
            )
        except Refusal as refusal:
            errors = refusal.by_field()
        else:
            messages.success(request, _("Marked as sent."))
            return redirect("notifications-owed")
    sent = NotificationOwed.objects.filter(owner__in=offices, sent_on__isnull=False)
    context = {
        "waiting": notifications_owed.owed_by_offices(offices)[:MOST_SHOWN],
        "sent": sent.select_related("instrument", "sent_by").order_by("-sent_on")[:20],
        "errors": errors,
        "wrong": key,
    }
    status = 400 if errors else 200
    return render(request, "treaties/notifications.html", context, status=status)
