"""The main conversations again, with the operational database in PostgreSQL."""

from __future__ import annotations

import pytest

from tests.helpdesk import test_telegram

pytestmark = pytest.mark.postgres


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


test_from_the_question_to_the_copy = test_telegram.test_from_the_question_to_the_copy
test_another_agent_is_refused = test_telegram.test_another_agent_is_refused_and_a_transfer_lets_them
test_a_deleted_topic_is_made_again = test_telegram.test_a_deleted_topic_is_made_again
test_files_go_both_ways = test_telegram.test_files_replies_and_edits_go_both_ways
