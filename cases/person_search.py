"""Finding persons by name, in whatever script, among those of the dossiers that a user may see.

The index (``PersonNameKey``) gives candidates; the comparison orders them. What is sought is compared
with every name of a person: main, original script, aliases, further names. A protected person is
found by the alias alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from cases.models import Person, PersonNameKey
from cases.names import Comparison, Verdict, compare
from cases.names.keys import keys_of, keys_sought
from registry.models import Dossier, User

CANDIDATES = 200
"""So many persons with the most keys in common are compared."""
LONGEST_NAME = 240


@dataclass(frozen=True)
class Found:
    """A person with the name that fits best and how well it does."""

    person: Person
    name: str
    comparison: Comparison


def visible_persons(user: User) -> QuerySet[Person]:
    """The persons of the dossiers that this user may see."""
    return Person.objects.filter(dossier__in=Dossier.objects.visible_to(user))


def names_of(person: Person) -> list[str]:
    """Every name under which a person may be looked for; of a protected one, the alias."""
    if person.protected:
        return [person.protected_alias] if person.protected_alias else []
    aliases = [part.strip() for part in person.aliases.replace(";", ",").split(",")]
    further = [name.name for name in person.names.all()]
    written = [person.full_name, person.name_in_original_script, *aliases, *further]
    return [name for name in dict.fromkeys(written) if name.strip()]


def write_keys(person: Person) -> bool:
    """Make the index say what the person's names say now. Returns whether a name went away."""
    wanted = {key for name in names_of(person) for key in keys_of(name)}
    kept = set(PersonNameKey.objects.filter(person=person).values_list("key", flat=True))
    if gone := kept - wanted:
        PersonNameKey.objects.filter(person=person, key__in=gone).delete()
    PersonNameKey.objects.bulk_create(
        [PersonNameKey(person=person, key=key) for key in sorted(wanted - kept)],
        ignore_conflicts=True,
    )
    return bool(gone)


def search(user: User, name: str, *, most: int = 25) -> list[Found]:
    """The persons whose name may be this one, best first. Three queries, however many there are."""
    sought = name.strip()[:LONGEST_NAME].replace("\x00", "")
    keys = keys_sought(sought)
    if not keys:
        return []
    rows = PersonNameKey.objects.filter(key__in=keys)
    rows = rows.filter(person__dossier__in=Dossier.objects.visible_to(user))
    return best(sought, _candidates(rows), most)


def anywhere(names: Iterable[str]) -> list[int]:
    """Persons of any dossier that share keys with one of the names. Only for the deconfliction."""
    keys = {key for name in names for key in keys_sought(name)}
    return _most_in_common(PersonNameKey.objects.filter(key__in=keys)) if keys else []


def _candidates(rows: QuerySet[PersonNameKey]) -> list[Person]:
    found = Person.objects.filter(pk__in=_most_in_common(rows))
    return list(found.select_related("dossier").prefetch_related("names"))


def _most_in_common(rows: QuerySet[PersonNameKey]) -> list[int]:
    counted = rows.values("person").annotate(common=Count("pk")).order_by("-common", "person")
    return [row["person"] for row in counted[:CANDIDATES]]


def best(sought: str, persons: Iterable[Person], most: int) -> list[Found]:
    """The persons that the name may be, with the best of their names."""
    found = []
    for person in persons:
        compared = [(compare(sought, name), name) for name in names_of(person)]
        if not compared:
            continue
        comparison, name = max(compared, key=lambda pair: pair[0].score)
        if comparison.verdict != Verdict.DIFFERENT:
            found.append(Found(person, name, comparison))
    found.sort(key=lambda f: (-f.comparison.score, f.person.pk))
    return found[:most]
