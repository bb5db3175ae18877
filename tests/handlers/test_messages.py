"""Meanings travel through Rasa as JSON and come back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.messages import KINDS, Message, from_json

words = st.text(min_size=1, max_size=20)


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda kind: st.from_type(KINDS[kind])))
def test_a_message_comes_back_the_same(message: Message) -> None:
    assert from_json(message.to_json()) == message


@pytest.mark.parametrize("data", [{}, {"kind": "?"}, {"kind": "text"}, {"kind": "text", "a": 1}])
def test_what_is_no_message_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="message"):
        from_json(data)
