from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.concept_paper.reading import read

from .mountains import MOUNTAINS
from .ports import PORTS
from .trees import without_lines
from .typesetting import as_text

PAPERS = pytest.mark.parametrize("paper", [PORTS, MOUNTAINS], ids=["en", "fr"])


@PAPERS
@given(dice=st.integers(0, 10**9).map(Random), pages=st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_lines_pages_and_footnotes_fall_as_they_may(paper, dice, pages):
    text = as_text(paper, dice, pages=pages)

    assert without_lines(read(text.encode(), "paper.txt")) == paper
