"""The code on a letter by which anyone can ask whether it is genuine.

Twenty-two characters of an alphabet without look-alikes (about 108 random bits) and a check
character, in groups: a slip of the pen is told apart from a letter that does not exist.
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM_CHARACTERS = 23
GROUP = 4


def new_code() -> str:
    """A fresh code, without its grouping."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + _check(body)


def grouped(code: str) -> str:
    """The code as a letter shows it: 2F4K-9QRT-…"""
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def read(text: str) -> str:
    """A code as somebody typed it, brought to its stored form."""
    return "".join(character for character in text.upper() if character.isalnum())


def is_well_formed(code: str) -> bool:
    """Whether a code could be one of ours: its length, its characters and its check character."""
    return (
        len(code) == RANDOM_CHARACTERS + 1
        and set(code) <= set(ALPHABET)
        and _check(code[:-1]) == code[-1]
    )


def scanned(text: str) -> str:
    """The code that a reader of barcodes typed: bare, grouped, or in the address of a letter's
    picture. Empty for anything else."""
    last = text.strip().rstrip("/").rsplit("/", 1)[-1]
    code = read(last)
    return code if is_well_formed(code) else ""


def _check(body: str) -> str:
    """A weighted sum modulo the (prime) size of the alphabet: any one wrong character, and any two
    neighbours exchanged, give another."""
    total = sum((place + 2) * ALPHABET.index(character) for place, character in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
