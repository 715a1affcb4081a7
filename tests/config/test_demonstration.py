"""The demonstration loads again and again without doubles, and never in production."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from config.demonstration import cast
from registry.models import Authority, Membership, User
from tests import held_register


def test_it_is_refused_in_production(db, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="not in production"):
        call_command("load_demonstration")
    assert not User.objects.exists()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demonstration, loaded once for the tests of this module: it takes its time."""
    held_register.let_go()
    with django_db_blocker.unblock(), held_register.taken_back():
        held_register.load()
        call_command("load_demonstration")
        yield


def test_everybody_of_the_cast_can_sign_in(loaded, client, db):
    for person in cast()["people"]:
        assert client.login(email=person["email"], password=cast()["password"])


def test_loading_it_twice_adds_nothing(loaded, db):
    def counts():
        return [model.objects.count() for model in (Authority, User, Membership)]

    before = counts()
    call_command("load_demonstration")
    assert counts() == before
