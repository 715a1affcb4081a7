"""Makes what a test needs, with sensible content, and nothing else.

Dossiers are opened by ``registry.dossiers.open_dossier``, so that each has its number, its
responsible person and the first entry of its timeline, as in life. Everything happens at ``NOW``
unless a test says otherwise.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cases.models import Offence, Person
from mla.models import AssistanceRequest, Measure
from registry import deadlines
from registry.dossiers import open_dossier
from registry.models import (
    Authority,
    Confidence,
    Deadline,
    Document,
    Dossier,
    Letter,
    Membership,
    NamedOnDossier,
    PersonalAccessToken,
    Role,
    State,
    User,
)
from treaties.models import (
    CoveredOffence,
    CoveredPurpose,
    Declaration,
    Designation,
    Instrument,
    MeasureKind,
    OffenceFamily,
    Participation,
    Purpose,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
"""A Monday morning in Brussels on which the tests' world stands still."""

PASSWORD = "Cooperation-2026"

KNOWN_STATES = {
    "BEL": ("BE", "Belgium", "Europe/Brussels"),
    "SEN": ("SN", "Senegal", "Africa/Dakar"),
    "SVN": ("SI", "Slovenia", "Europe/Ljubljana"),
    "ARG": ("AR", "Argentina", "America/Argentina/Buenos_Aires"),
    "NLD": ("NL", "Netherlands", "Europe/Amsterdam"),
    "FRA": ("FR", "France", "Europe/Paris"),
}


class StateFactory(DjangoModelFactory):
    """``StateFactory(code="SEN")`` is Senegal with its name and zone; others get made-up names."""

    class Meta:
        model = State
        django_get_or_create = ("code",)

    code = "BEL"
    alpha2 = factory.LazyAttribute(lambda s: KNOWN_STATES.get(s.code, ("", "", ""))[0])
    name = factory.LazyAttribute(
        lambda s: KNOWN_STATES.get(s.code, ("", f"State of {s.code}", ""))[1]
    )
    time_zone = factory.LazyAttribute(lambda s: KNOWN_STATES.get(s.code, ("", "", "UTC"))[2])
    holiday_calendar = factory.LazyAttribute(lambda s: s.alpha2)
    kind = State.Kind.STATE
    confidence = Confidence.VERIFIED


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = Authority

    state = factory.SubFactory(StateFactory)
    kind = Authority.Kind.CENTRAL_AUTHORITY
    name = factory.Sequence(lambda n: f"Central authority {n}")
    names = factory.LazyAttribute(lambda a: {"en": a.name, "fr": f"Autorité centrale ({a.name})"})
    postal_address = "1 Justice Square"
    city = "Capital"
    email = factory.Sequence(lambda n: f"authority{n}@example.org")
    languages = factory.LazyFunction(lambda: ["en", "fr"])
    reference_prefix = factory.Sequence(lambda n: f"T{n}-CA")


class UserFactory(DjangoModelFactory):
    """Give ``works_in`` and ``role`` (or ``roles``) to make them a member of an authority."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        password = fields.pop("password", PASSWORD)
        office, role = fields.pop("works_in", None), fields.pop("role", None)
        roles = fields.pop("roles", [role] if role else [])
        user = model_class.objects.create_user(password=password, **fields)
        for each in roles:
            Membership.objects.create(user=user, authority=office, role=each)
        return user


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    authority = factory.SubFactory(AuthorityFactory)
    role = Role.DRAFTING_OFFICER


class TokenFactory(DjangoModelFactory):
    class Meta:
        model = PersonalAccessToken

    user = factory.SubFactory(UserFactory)
    name = "test"
    prefix = "test"
    digest = factory.Sequence(lambda n: f"{n:064d}")


def officer_of(office: Authority, role: str = Role.DRAFTING_OFFICER, **fields: Any) -> User:
    """A person with one role in an authority."""
    return UserFactory(works_in=office, role=role, **fields)


class DossierFactory(DjangoModelFactory):
    class Meta:
        model = Dossier

    kind = "request"
    kind_mark = "MLA"
    owner = factory.SubFactory(AuthorityFactory)
    responsible = factory.LazyAttribute(lambda d: officer_of(d.owner))
    direction = Dossier.Direction.SENT
    counterpart = factory.LazyFunction(lambda: StateFactory(code="SEN"))
    status = "draft"
    title = "Statement of a witness"
    now = NOW

    @classmethod
    def _create(cls, model_class: type[Dossier], *args: Any, **fields: Any) -> Dossier:
        later = {
            name: fields.pop(name)
            for name in (
                "urgent",
                "urgent_until",
                "is_open",
                "foreign_reference",
                "search_text",
                "version",
            )
            if name in fields
        }
        dossier = open_dossier(**fields)
        if later.get("urgent"):
            dossier.urgency_reason = "The witness leaves."
            dossier.urgent_until = (fields["now"] + timedelta(days=30)).date()
        for name, value in later.items():
            setattr(dossier, name, value)
        if later:
            dossier.save()
        return dossier


class NamedOnDossierFactory(DjangoModelFactory):
    class Meta:
        model = NamedOnDossier

    dossier = factory.SubFactory(DossierFactory)
    user = factory.SubFactory(UserFactory)
    added_by = factory.LazyAttribute(lambda n: n.dossier.responsible)


class InstrumentFactory(DjangoModelFactory):
    """A multilateral treaty in force; ``purposes`` and ``offences`` are added by code."""

    class Meta:
        model = Instrument
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"TREATY{n}")
    title = factory.LazyAttribute(lambda i: f"Convention {i.code} on cooperation")
    short_title = factory.LazyAttribute(lambda i: f"Convention {i.code}")
    kind = Instrument.Kind.MULTILATERAL
    adopted = date(2000, 1, 10)
    in_force_since = date(2001, 1, 10)
    topics = factory.LazyFunction(lambda: ["mla"])
    confidence = Confidence.VERIFIED

    @factory.post_generation
    def purposes(self, create: bool, extracted: list[str] | None, **_: Any) -> None:
        for purpose in extracted if extracted is not None else [Purpose.ASSISTANCE]:
            CoveredPurpose.objects.get_or_create(
                instrument=self, purpose=purpose, defaults={"article": "Art. 1"}
            )

    @factory.post_generation
    def offences(self, create: bool, extracted: list[str] | None, **_: Any) -> None:
        for code in extracted or []:
            CoveredOffence.objects.get_or_create(
                instrument=self, family=OffenceFamilyFactory(code=code), defaults={"article": "2"}
            )


class OffenceFamilyFactory(DjangoModelFactory):
    class Meta:
        model = OffenceFamily
        django_get_or_create = ("code",)

    code = "crimes_against_humanity"
    label = factory.LazyAttribute(lambda f: f.code.replace("_", " ").capitalize())
    confidence = Confidence.VERIFIED


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    instrument = factory.SubFactory(InstrumentFactory)
    state = factory.SubFactory(StateFactory)
    action = Participation.Action.RATIFICATION
    date = date(2005, 5, 1)
    entry_into_force = factory.LazyAttribute(
        lambda p: p.date + timedelta(days=30) if p.date and p.action != "signature" else None
    )
    confidence = Confidence.VERIFIED


class DeclarationFactory(DjangoModelFactory):
    class Meta:
        model = Declaration

    instrument = factory.SubFactory(InstrumentFactory)
    state = factory.SubFactory(StateFactory)
    kind = Declaration.Kind.DECLARATION
    provision = "Art. 3"
    paraphrase = factory.Sequence(lambda n: f"Declares point {n}.")


class DesignationFactory(DjangoModelFactory):
    class Meta:
        model = Designation

    instrument = factory.SubFactory(InstrumentFactory)
    authority = factory.SubFactory(AuthorityFactory)
    function = "mla"


class MeasureKindFactory(DjangoModelFactory):
    class Meta:
        model = MeasureKind
        django_get_or_create = ("code",)

    code = "witness_statement"
    label = factory.LazyAttribute(lambda m: m.code.replace("_", " ").capitalize())


class AssistanceRequestFactory(DjangoModelFactory):
    """A draft from Belgium to Senegal. ``owner`` and ``drafter`` choose the office and the officer.

    Statuses beyond draft are reached by ``mla.lifecycle.advance``; giving ``status`` only sets the
    dossier's, for lists and filters.
    """

    class Meta:
        model = AssistanceRequest

    class Params:
        owner = factory.SubFactory(AuthorityFactory)
        drafter = factory.LazyAttribute(lambda r: officer_of(r.owner))
        status = "draft"
        title = "Statement of a witness and bank records"
        sealed = False
        urgent = False
        now = NOW

    requested_state = factory.LazyFunction(lambda: StateFactory(code="SEN"))
    dossier = factory.LazyAttribute(
        lambda r: DossierFactory(
            owner=r.owner,
            responsible=r.drafter,
            counterpart=r.requested_state,
            status=r.status,
            title=r.title,
            urgent=r.urgent,
            confidentiality="sealed" if r.sealed else "ordinary",
            now=r.now,
        )
    )
    requesting_state = factory.LazyAttribute(lambda r: r.dossier.owner.state)
    drafted_by = factory.LazyAttribute(lambda r: r.drafter)
    last_edited_by = factory.LazyAttribute(lambda r: r.drafter)
    facts = "Between 3 and 9 May 2024 an armed group attacked two villages."
    purpose = "To establish who gave the order."


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    request = factory.SubFactory(AssistanceRequestFactory)
    kind = factory.SubFactory(MeasureKindFactory)
    description = "Take the statement of the witness."


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    dossier = factory.SubFactory(DossierFactory)
    role = Person.Role.WITNESS
    family_name = factory.Sequence(lambda n: f"Family{n}")
    given_names = "Ada"
    birth_year = 1980


class OffenceFactory(DjangoModelFactory):
    class Meta:
        model = Offence

    dossier = factory.SubFactory(DossierFactory)
    family = factory.SubFactory(OffenceFamilyFactory)
    provision = "Article 136ter, Criminal Code"
    legal_text = "Whoever commits a crime against humanity is punished."
    penalty = "life imprisonment"


class DocumentFactory(DjangoModelFactory):
    """The row of a document alone. Content is stored by ``registry.documents.keep``."""

    class Meta:
        model = Document

    dossier = factory.SubFactory(DossierFactory)
    kind = Document.Kind.ANNEX
    title = "Death certificate"
    file_name = "certificate.pdf"
    media_type = "application/pdf"
    size = 1000
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    added_by = factory.LazyAttribute(lambda d: d.dossier.responsible)
    added_at = NOW


class LetterFactory(DjangoModelFactory):
    """An ordered letter; ``registry.letters`` makes its PDF."""

    class Meta:
        model = Letter

    dossier = factory.SubFactory(DossierFactory)
    kind = "mla.request"
    language = "en"
    content = factory.LazyFunction(dict)
    verification_code = factory.Sequence(lambda n: f"TEST-{n:08d}")
    ordered_by = factory.LazyAttribute(lambda letter: letter.dossier.responsible)
    ordered_at = NOW


class DeadlineFactory(DjangoModelFactory):
    """The row of a deadline alone, without alarm; ``registry.deadlines.start`` sets a real clock."""

    class Meta:
        model = Deadline

    dossier = factory.SubFactory(DossierFactory)
    label = "Acknowledgement"
    met_by_event = "mla.acknowledged"
    started_from = "sending of the request"
    started_at = NOW
    due_at = NOW + timedelta(days=30)
    bound_party = Deadline.BoundParty.THEIRS


def running_deadline(
    dossier: Dossier, *, due: Any = None, now: datetime = NOW, **fields: Any
) -> Deadline:
    """A real clock with its alarm, due in thirty days unless said otherwise."""
    values = {
        "label": "Acknowledgement",
        "rule_code": "",
        "instrument": "",
        "article": "",
        "rule_confidence": "",
        "consequence": "",
        "bound_party": Deadline.BoundParty.THEIRS,
        "met_by_event": "mla.acknowledged",
        "started_from": "sending of the request",
        "started_at": now,
        "zone": "Europe/Brussels",
        "due": due or now + timedelta(days=30),
        "critical": False,
        "now": now,
    }
    return deadlines.start(dossier, **(values | fields))
