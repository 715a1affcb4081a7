"""What is made from the code is current, and every act has words."""

import pytest

from config.documents import ACTS, documents
from registry.access import MAY


@pytest.mark.one_engine  # made on the embedded database: each has its own ranges of numbers
def test_every_generated_document_is_current():
    old = [path.name for path, text in documents().items() if path.read_text("utf-8") != text]
    assert old == [], "run `make docs`"


def test_every_act_of_the_access_table_is_named_in_words():
    assert set(ACTS) == set(MAY)
