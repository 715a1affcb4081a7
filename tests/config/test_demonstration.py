"""The demonstration loads again and again without doubles, and never in production."""

import pytest
from django.core.management import CommandError, call_command

from config.demonstration import cast
from registry.models import Authority, Membership, User


def test_everybody_of_the_cast_can_sign_in(register, client):
    call_command("load_demonstration")
    for person in cast()["people"]:
        assert client.login(email=person["email"], password=cast()["password"])


def test_loading_it_twice_adds_nothing(register):
    def counts():
        return [model.objects.count() for model in (Authority, User, Membership)]

    call_command("load_demonstration")
    before = counts()
    call_command("load_demonstration")
    assert counts() == before


def test_it_is_refused_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not in production"):
        call_command("load_demonstration")
    assert not User.objects.exists()
