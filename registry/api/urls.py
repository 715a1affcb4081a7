"""Addresses of the offices' API, under ``/api/v1/``."""

from django.urls import path

from registry.api import (
    calendar_feed,
    calendars,
    clocks,
    draft_letters,
    list_exports,
    reminding_urls,
    views,
    watching_urls,
)

urlpatterns = [
    path("list-exports/", list_exports.ListExports.as_view(), name="api-list-exports"),
    path("list-exports/<int:pk>/", list_exports.OneListExport.as_view(), name="api-list-export"),
    path("list-exports/<int:pk>/file/", list_exports.ListExportFile.as_view()),
    path("me/", views.Me.as_view(), name="api-me"),
    path("tokens/", views.Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:pk>/", views.Token.as_view(), name="api-token"),
    path("authorities/", views.Authorities.as_view(), name="api-authorities"),
    path("authorities/<int:pk>/", views.AuthorityDetail.as_view(), name="api-authority"),
    path("deadlines/", views.Deadlines.as_view(), name="api-deadlines"),
    path("letters/", draft_letters.Letters.as_view(), name="api-letters"),
    path("letters/<int:pk>/", draft_letters.OneLetter.as_view(), name="api-letter"),
    path("letters/<int:pk>/letter.pdf", draft_letters.LetterPDF.as_view(), name="api-letter-pdf"),
    path("letters/<int:pk>/letter.docx", draft_letters.LetterDOCX.as_view()),
    path("letters/<int:pk>/acts/", draft_letters.LetterActs.as_view(), name="api-letter-acts"),
    path(
        "letters/<int:pk>/paragraphs/<int:paragraph>/",
        draft_letters.LetterParagraph.as_view(),
        name="api-letter-paragraph",
    ),
    path(
        "calendar-addresses/",
        calendar_feed.CalendarAddresses.as_view(),
        name="api-calendar-addresses",
    ),
    path(
        "calendar-addresses/<int:pk>/",
        calendar_feed.OneCalendarAddress.as_view(),
        name="api-calendar-address",
    ),
    path("calendars/", calendars.Calendars.as_view(), name="api-calendars"),
    path("local-days/", calendars.LocalDays.as_view(), name="api-local-days"),
    path("local-days/<int:pk>/", calendars.OneLocalDay.as_view(), name="api-local-day"),
    path("deadlines/moved/", clocks.Moves.as_view(), name="api-moves"),
    path("deadlines/moved/accept/", clocks.AcceptAll.as_view(), name="api-moves-accept"),
    path("deadlines/moved/<int:pk>/accept/", clocks.Accept.as_view(), name="api-move-accept"),
    path("deadlines/moved/<int:pk>/keep/", clocks.Keep.as_view(), name="api-move-keep"),
    path("deadlines/moved/<int:pk>/release/", clocks.Release.as_view(), name="api-move-release"),
    path("deadlines/<int:pk>/", clocks.Clock.as_view(), name="api-clock"),
    path("deadlines/<int:pk>/events/", clocks.Events.as_view(), name="api-clock-events"),
    path(
        "deadlines/<int:pk>/events/<int:event>/amend/",
        clocks.Amend.as_view(),
        name="api-clock-amend",
    ),
    path(
        "deadlines/<int:pk>/events/<int:event>/withdraw/",
        clocks.Withdraw.as_view(),
        name="api-clock-withdraw",
    ),
    *watching_urls.urlpatterns,
    *reminding_urls.urlpatterns,
    path("verify/<str:code>/", views.Verification.as_view(), name="api-verify"),
]
