"""What the effects of declarations mean, and for which purposes they matter.

The data gives each declaration a list of effects by code; this table says in words what a code
means, and whether it closes a purpose, so that the resolver and the pages speak alike. A code that
is not in the table is shown by its paraphrase and closes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ASSISTANCE, EXTRADITION, CONFISCATION = "mla", "extradition", "confiscation"
TEMPORARY_TRANSFER = "temporary_transfer_of_detained_persons"


@dataclass(frozen=True, slots=True)
class Effect:
    """``purposes`` is empty where it matters for all; ``closes`` says that it bars them."""

    meaning: Promise
    purposes: frozenset[str] = frozenset()
    closes: bool = False


def _for(*purposes: str) -> frozenset[str]:
    return frozenset(purposes)


EFFECTS: dict[str, Effect] = {
    "does_not_use_as_extradition_basis": Effect(
        _("does not use the instrument as a basis for extradition"), _for(EXTRADITION), closes=True
    ),
    "extradition_clause_suspended_pending_legislation": Effect(
        _("gives no effect to the extradition article until its legislature has acted"),
        _for(EXTRADITION),
        closes=True,
    ),
    "extradition_article_reserved": Effect(
        _("has made a reservation to the extradition article"), _for(EXTRADITION)
    ),
    "uses_as_extradition_basis": Effect(
        _("uses the instrument as a basis for extradition"), _for(EXTRADITION)
    ),
    "does_not_use_as_extradition_basis_for_own_nationals": Effect(
        _("does not use the instrument as a basis for extraditing its own nationals"),
        _for(EXTRADITION),
    ),
    "own_nationals_not_extradited": Effect(
        _("does not extradite its own nationals"), _for(EXTRADITION)
    ),
    "own_nationals_conditional": Effect(
        _("extradites its own nationals only on conditions"), _for(EXTRADITION)
    ),
    "nationals_defined": Effect(_("says whom it treats as its nationals"), _for(EXTRADITION)),
    "political_offence_exception_kept": Effect(
        _("judges case by case whether an offence is political"), _for(EXTRADITION)
    ),
    "political_offence_not_a_refusal_ground": Effect(
        _("recalls that a political motive is no ground of refusal")
    ),
    "bilateral_treaty_required": Effect(_("extradites only under a treaty"), _for(EXTRADITION)),
    "reciprocity_possible": Effect(
        _("may act on reciprocity under its own law"), _for(EXTRADITION)
    ),
    "reciprocity_required": Effect(_("acts on condition of reciprocity")),
    "extradition_document_requirements": Effect(
        _("lists the documents that a request for extradition needs"), _for(EXTRADITION)
    ),
    "extradition_authority": Effect(_("names its authority for extradition"), _for(EXTRADITION)),
    "dual_criminality_required": Effect(
        _("requires that the conduct be an offence under its own law too"),
        _for(ASSISTANCE, EXTRADITION),
    ),
    "dual_criminality_required_for_extradition": Effect(
        _("requires for extradition that the conduct be an offence in both States"),
        _for(EXTRADITION),
    ),
    "aut_dedere_aut_judicare": Effect(
        _("prosecutes its nationals where it does not extradite them"), _for(EXTRADITION)
    ),
    "excluded_partner": Effect(
        _("does not apply the instrument in its relations with the other State"), closes=True
    ),
    "non_recognition": Effect(_("does not recognise the other State by taking part")),
    "languages_accepted": Effect(_("accepts requests in the languages named")),
    "central_authority": Effect(_("names its central authority")),
    "central_authority_by_stage": Effect(
        _("names a central authority for each stage of proceedings"), _for(ASSISTANCE)
    ),
    "channel": Effect(_("prescribes the channel of requests"), _for(ASSISTANCE)),
    "contact_24_7": Effect(_("names its contact point at all hours"), _for(ASSISTANCE)),
    "annex_crimes_accepted": Effect(_("applies the annexes named")),
    "joint_teams_not_accepted": Effect(
        _("does not accept joint investigation teams"), _for(ASSISTANCE)
    ),
    "not_accepted": Effect(_("does not accept the article named"), _for(ASSISTANCE)),
    "bank_secrecy_may_limit_mla": Effect(
        _("keeps bank secrecy as a limit to assistance"), _for(ASSISTANCE)
    ),
    "prisoner_consent_required": Effect(
        _("requires the consent of a prisoner to a temporary transfer"),
        _for(ASSISTANCE, TEMPORARY_TRANSFER),
    ),
    "safe_conduct_on_request_only": Effect(
        _("grants safe conduct only when it is asked for"), _for(ASSISTANCE, TEMPORARY_TRANSFER)
    ),
    "controlled_delivery_authority": Effect(
        _("names its authority for controlled deliveries"), _for(ASSISTANCE)
    ),
    "interception_threshold": Effect(
        _("intercepts only for offences above a threshold"), _for(ASSISTANCE)
    ),
    "bilateral_treaty_prevails": Effect(
        _("asks that a bilateral treaty be used first"), _for(ASSISTANCE)
    ),
    "uncac_mla_rules_may_replace_treaty": Effect(
        _("may apply the convention's rules instead of a treaty's"), _for(ASSISTANCE)
    ),
    "untoc_mla_rules_may_replace_treaty": Effect(
        _("may apply the convention's rules instead of a treaty's"), _for(ASSISTANCE)
    ),
    "refusal_ground": Effect(_("adds a ground of refusal of its own"), _for(ASSISTANCE)),
    "uses_as_confiscation_basis": Effect(
        _("uses the convention as a basis for confiscation"), _for(CONFISCATION)
    ),
    "domestic_law_conditions": Effect(_("applies it within the conditions of its own law")),
    "jurisdiction_conditions": Effect(_("has made a reservation on jurisdiction")),
    "territorial_limit": Effect(_("limits the territory in which it applies")),
    "unknown_check_text": Effect(
        _("has made a reservation or declaration whose text the register does not hold")
    ),
}


def meaning(code: str) -> str:
    """An effect in words; empty for one that the table does not know."""
    effect = EFFECTS.get(code)
    return str(effect.meaning) if effect else ""


def matters_for(code: str, purpose: str) -> bool:
    effect = EFFECTS.get(code)
    return effect is None or not effect.purposes or purpose in effect.purposes


def closes(code: str, purpose: str) -> bool:
    """Whether the effect by itself bars the purpose under the instrument."""
    effect = EFFECTS.get(code)
    return bool(effect and effect.closes and matters_for(code, purpose))
