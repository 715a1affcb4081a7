"""A person's own page: name, language, zone, keys for the API."""

from __future__ import annotations

import zoneinfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from registry import access_tokens, calendar_feed, letter_templates
from registry.access import authorities_where
from registry.models import Authority, User
from registry.refusals import Invalid
from registry.web.calendar_feed import AddressForm


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "job_title", "language", "time_zone"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        from django.conf import settings

        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        zones = sorted(z for z in zoneinfo.available_timezones() if "/" in z or z == "UTC")
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=[(zone, zone.replace("_", " ")) for zone in zones],
            help_text=_("Days and times are shown as the clocks there show them."),
        )


class KeyForm(forms.Form):
    name = forms.CharField(
        label=_("What the key is for"), max_length=80, help_text=_("For example: monthly export.")
    )
    days = forms.IntegerField(
        label=_("Ends after how many days"),
        min_value=1,
        max_value=access_tokens.LONGEST_LIFE_DAYS,
        initial=90,
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    person = PersonForm(request.POST or None, instance=request.user)
    if request.method == "POST" and person.is_valid():
        person.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return account_page(request, person=person)


@login_required
@require_POST
def make_key(request: HttpRequest) -> HttpResponse:
    form = KeyForm(request.POST)
    if form.is_valid():
        try:
            _token, text = access_tokens.create(
                request.user, **form.cleaned_data, now=timezone.now()
            )
        except Invalid as refusal:
            for field, reasons in refusal.fields.items():
                form.add_error(field, [str(reason) for reason in reasons])
        else:
            return account_page(request, new_key=text)
    return account_page(request, key_form=form, status=400)


@login_required
@require_POST
def revoke_key(request: HttpRequest, key: int) -> HttpResponse:
    if access_tokens.revoke(request.user, key, now=timezone.now()):
        messages.success(request, _("The key was revoked. Programs that use it are now refused."))
    return redirect("account")


def account_page(request: HttpRequest, *, status: int = 200, **context: object) -> HttpResponse:
    shown = {
        "person": PersonForm(instance=request.user),
        "key_form": KeyForm(),
        "keys": request.user.tokens.filter(revoked_at__isnull=True),
        "calendar_form": AddressForm(auto_id="calendar_%s"),
        "calendar_addresses": calendar_feed.living(request.user),
        "offices_with_letters": Authority.objects.filter(
            pk__in=authorities_where(request.user, letter_templates.ACT)
        ),
        "memberships": request.user.memberships.select_related("authority"),
    } | context
    return render(request, "registry/account.html", shown, status=status)
