"""Who calls the API: a signed-in session or a personal access token."""

from rest_framework.authentication import SessionAuthentication


class SignedInSessionAuthentication(SessionAuthentication):
    pass


class PersonalAccessTokenAuthentication(SessionAuthentication):
    pass
