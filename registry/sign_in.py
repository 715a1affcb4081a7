"""How people sign in: by e-mail address; accounts are opened by the office, not by strangers."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False
