"""Comparing names of persons across scripts and romanisations. Pure: knows no database.

``scripts`` cuts a name into words; ``sounds`` says how a word may sound, from whatever script;
``distance`` measures how far two such sounds are apart; ``known_names`` knows names that many
share; ``comparison`` weighs whole names and gives a verdict; ``keys`` makes what an index is
asked for. docs/name-matching.md says how well it does and how that is measured.
"""

from cases.names.comparison import Comparison, Verdict, compare

__all__ = ["Comparison", "Verdict", "compare"]
