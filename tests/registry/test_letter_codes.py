"""The codes of letters: unguessable, and a slip of the pen is noticed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from registry import letter_codes

places = st.integers(0, letter_codes.RANDOM_CHARACTERS)
characters = st.sampled_from(letter_codes.ALPHABET)


@given(places, characters)
def test_any_one_wrong_character_is_noticed(place, character):
    code = letter_codes.new_code()
    wrong = code[:place] + character + code[place + 1 :]
    assert letter_codes.is_well_formed(wrong) == (wrong == code)


@given(st.integers(0, letter_codes.RANDOM_CHARACTERS - 2))
def test_two_neighbours_exchanged_are_noticed(place):
    code = letter_codes.new_code()
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert letter_codes.is_well_formed(wrong) == (wrong == code)


def test_a_code_is_read_however_it_is_grouped_and_cased():
    code = letter_codes.new_code()
    assert letter_codes.read(letter_codes.grouped(code).lower()) == code


def test_two_codes_are_never_the_same():
    assert len({letter_codes.new_code() for _number in range(1000)}) == 1000
