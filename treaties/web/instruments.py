"""Instruments: their parties over time, and what they ask for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from treaties.entry_into_force import rule_words
from treaties.models import EntryIntoForceRule, Instrument
from treaties.participation_charts import bound_by_year, curve, world
from treaties.register import number_bound, parties_of
from treaties.web.days import day_asked

STANDINGS = {"": _("All"), "bound": _("Bound"), "not_bound": _("Not bound")}


def instruments(request: HttpRequest) -> HttpResponse:
    """All instruments with how many States each binds today."""
    bound = number_bound(timezone.localdate())
    shown = [(i, bound.get(i.code, 0)) for i in Instrument.objects.order_by("rank", "code")]
    return render(request, "treaties/instruments.html", {"shown": shown})


def instrument(request: HttpRequest, code: str) -> HttpResponse:
    """One instrument on a day. A constant number of queries."""
    if "\x00" in code:
        raise Http404
    found = Instrument.objects.select_related("parent").filter(code=code).first()
    if found is None:
        raise Http404
    on, problem = day_asked(request)
    parties = parties_of(found.code, on)
    points = [] if found.parties != found.Parties.RECORDED else bound_by_year(found.code, on.year)
    standing = request.GET.get("standing", "")
    shown = [p for p in parties if not standing or p.bound == (standing == "bound")]
    rule = EntryIntoForceRule.objects.filter(pk=found.pk).first()
    context = {
        "instrument": found,
        "on": on,
        "problem": problem,
        "parties": shown,
        "bound": sum(p.bound for p in parties),
        "standing": standing if standing in STANDINGS else "",
        "standings": STANDINGS,
        "points": points,
        "curve": curve(points),
        "world": world(parties) if parties else "",
        "rule": rule,
        "rule_words": rule_words(rule) if rule else "",
        "obligations": found.obligations.all(),
        "purposes": found.purposes.all(),
        "offences": found.offences.select_related("family"),
        "templates": found.request_templates.prefetch_related("items"),
        "measures": found.measures.select_related("measure"),
        "limits": found.time_limits.all(),
        "grounds": found.refusal_grounds.all(),
        "declarations": found.declarations.filter(affects_cooperation=True).select_related("state"),
        "designations": found.designations.select_related("authority__state"),
    }
    return render(request, "treaties/instrument.html", context)
