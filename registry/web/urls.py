"""The pages of the registry."""

from django.urls import path

from registry.web import (
    account,
    calendar,
    deadlines,
    documents,
    home,
    languages,
    mailbox,
    verification,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", languages.choose_language, name="language"),
    path("account/", account.account, name="account"),
    path("account/keys/", account.make_key, name="account-key-new"),
    path("account/keys/<int:key>/revoke/", account.revoke_key, name="account-key-revoke"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/calendar/", calendar.calendar, name="deadline-calendar"),
    path("documents/<int:document>/", documents.document, name="document"),
    path("verify/", verification.verification, name="verification"),
    path("verify/<str:code>/", verification.verification_of, name="verification-of"),
    path("demo/mail/", mailbox.mailbox, name="mailbox"),
    path("demo/mail/<int:message>/", mailbox.mail, name="mail"),
]
