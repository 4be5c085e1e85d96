"""What the plain text of content fields means, for its two readers."""

import pytest

from programme import texts

NUMBERS = {"world-bank": 7, "a.b_c-1": 2}


def test_blank_line_makes_a_paragraph_and_a_line_break_none():
    assert texts.html("One\ntwo\n\n\nThree", {}) == "<p>One two</p>\n<p>Three</p>"


def test_list_may_follow_its_paragraph_at_once():
    assert texts.html("Namely:\n- one\n- two\n  and a half", {}) == (
        "<p>Namely:</p>\n<ul><li>one</li><li>two and a half</li></ul>"
    )


@pytest.mark.parametrize("dash", ["-one", "– one", "* one"])
def test_only_a_dash_and_a_space_make_a_list(dash):
    assert texts.html(dash, {}) == f"<p>{dash}</p>"


def test_footnote_links_to_its_reference():
    assert texts.html("Sent home[^world-bank].", NUMBERS) == (
        '<p>Sent home<sup><a href="#ref-7"><span class="hush">Reference </span>7</a></sup>.</p>'
    )


def test_footnote_key_may_hold_dots_and_dashes():
    assert texts.cited("A[^a.b_c-1] and[^world-bank]") == ["a.b_c-1", "world-bank"]
    assert 'href="#ref-2"' in texts.html("A[^a.b_c-1]", NUMBERS)


def test_unknown_footnote_stays_as_typed():
    assert texts.html("A[^nobody] [^] [^[^world-bank]]", NUMBERS).startswith("<p>A[^nobody] [^] [^<sup>")


def test_typed_html_is_text():
    assert texts.html("<b>x</b> & - <i>\n- <script>", {}) == (
        "<p>&lt;b&gt;x&lt;/b&gt; &amp; - &lt;i&gt;</p>\n<ul><li>&lt;script&gt;</li></ul>"
    )


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\x7f", "\u202e", "\u2066"])
def test_control_characters_and_turns_of_direction_are_dropped(mark):
    assert texts.html(f"a{mark}b", {}) == "<p>ab</p>"
    assert texts.plain(f"a{mark}b") == "ab"


def test_nothing_is_nothing():
    assert (texts.html(" \n\n ", {}), texts.plain("")) == ("", "")


def test_inline_has_no_paragraphs():
    assert texts.inline("One\n\ntwo[^world-bank]", {}) == "One two[^world-bank]"


def test_plain_keeps_paragraphs_and_lists_and_drops_footnotes():
    assert texts.plain("One[^world-bank],\ntwo:\n- a\n- b[^x]\n\nThree <b>") == "One, two:\n\n- a\n- b\n\nThree <b>"
