"""The pages of the registry."""

from django.urls import path

from registry.web import (
    account,
    acknowledging,
    calendar,
    calendar_feed,
    days_off,
    deadlines,
    documents,
    draft_letters,
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
    path("a/<str:token>/", acknowledging.acknowledge, name="acknowledge"),
    path("account/calendars/", calendar_feed.make, name="calendar-address-new"),
    path(
        "account/calendars/<int:number>/revoke/",
        calendar_feed.revoke,
        name="calendar-address-revoke",
    ),
    path("calendar/<str:secret>.ics", calendar_feed.feed, name="calendar-feed"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/calendar/", calendar.calendar, name="deadline-calendar"),
    path("deadlines/days-off/", days_off.days_off, name="both-calendars"),
    path("deadlines/days-off/mark/", days_off.mark, name="local-day-mark"),
    path("deadlines/days-off/<int:number>/remove/", days_off.remove, name="local-day-remove"),
    path("deadlines/days-off/changes/<int:number>/undo/", days_off.undo, name="local-day-undo"),
    path("documents/<int:document>/", documents.document, name="document"),
    path("letters/new/<str:reference>/", draft_letters.new, name="letter-new"),
    path("letters/<int:letter>/", draft_letters.page, name="letter"),
    path("letters/<int:letter>/sheet/", draft_letters.sheet, name="letter-sheet"),
    path("letters/<int:letter>/letter.pdf", draft_letters.pdf, name="letter-pdf"),
    path("letters/<int:letter>/state/", draft_letters.state, name="letter-state"),
    path(
        "letters/<int:letter>/paragraphs/<int:paragraph>/",
        draft_letters.paragraph,
        name="letter-paragraph",
    ),
    path("letters/<int:letter>/do/<str:what>/", draft_letters.do, name="letter-do"),
    path("verify/", verification.verification, name="verification"),
    path("verify/<str:code>/", verification.verification_of, name="verification-of"),
    path("demo/mail/", mailbox.mailbox, name="mailbox"),
    path("demo/mail/<int:message>/", mailbox.mail, name="mail"),
]
