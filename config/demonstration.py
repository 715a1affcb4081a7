"""The demonstration's offices and people, as ``config/data/demonstration_cast.yaml`` lists them."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from registry.data_files import read_yaml
from registry.models import Authority, Membership, Role, State, User

DATA = settings.PROJECT_ROOT / "config" / "data"


@cache
def cast() -> dict[str, Any]:
    return read_yaml(DATA / "demonstration_cast.yaml")


def load_cast() -> None:
    """Make the offices and people, or bring those there back to what the file says.

    An office that the register already holds under the same name is the one used. Somebody who has
    changed their password keeps it.
    """
    for listed in cast()["authorities"]:
        values = {key: listed[key] for key in listed if key not in {"prefix", "state"}}
        office = (
            Authority.objects.filter(reference_prefix=listed["prefix"]).first()
            or Authority.objects.filter(state=listed["state"], name=listed["name"]).first()
            or Authority(state=State.objects.get(pk=listed["state"]))
        )
        office.reference_prefix = listed["prefix"]
        office.source = "Invented for the demonstration"
        for key, value in values.items():
            setattr(office, key, value)
        office.save()
    offices = {
        office.reference_prefix: office
        for office in Authority.objects.exclude(reference_prefix=None)
    }
    hashed = make_password(cast()["password"])  # once: it takes a third of a second
    for listed in cast()["people"]:
        values = {key: listed[key] for key in ("name", "job_title", "language", "time_zone")}
        person, _new = User.objects.update_or_create(
            email=listed["email"],
            defaults=values,
            create_defaults={**values, "password": hashed},
        )
        Membership.objects.get_or_create(
            user=person, authority=offices[listed["office"]], role=listed["role"]
        )


def accounts_table() -> str:
    """The accounts, as `make run` prints them."""
    people = cast()["people"]
    width = max(len(person["email"]) for person in people)
    lines = [f"\n  Demonstration accounts (password for all: {cast()['password']})\n"]
    lines += [
        f"    {person['email']:<{width}}  {Role(person['role']).label}, {person['office']}"
        for person in people
    ]
    return "\n".join(lines) + "\n"
