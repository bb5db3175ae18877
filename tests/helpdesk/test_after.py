"""Afterwards: opinions, the inbox, the figures, what the helpdesk does by itself."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.messages import Text
from bot.conversation import Conversation, Kind, Turn
from bot.helpdesk import housekeeping, inbox
from bot.helpdesk.assembly import HelpdeskParts
from bot.helpdesk.figures import charts, metrics
from bot.helpdesk.figures.summary import OUTCOMES, DayLine, summarise
from bot.helpdesk.inbox import UnknownTopicError
from bot.helpdesk.staff import from_telegram
from bot.helpdesk.tables import forum_posts, tickets
from bot.store import Store, counts, persons, privacy
from bot.store.conversation_records import note_misunderstood
from bot.store.counts import DELAYS, DailyCount, Measure
from bot.store.tables import daily_figures, feedback, misunderstood
from tests import clock
from tests.conversation.conftest import KEY, NOW, WORDING, Chat, StubAssistant
from tests.conversation.desk import say_urgent
from tests.helpdesk.world import HUMAN, assistant_that_hands_over, plain

TODAY = date(2026, 3, 2)


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


@pytest.fixture
def assistant() -> StubAssistant:
    return assistant_that_hands_over()


@pytest.fixture
def chat(store: Store, parts: HelpdeskParts, assistant: StubAssistant) -> Chat:
    return Chat(
        Conversation(
            store,
            assistant,
            parts.reception,
            WORDING,
            rated=parts.desk.topics.rated,
            key=KEY,
            retention_days=30,
            urgent=say_urgent,
        )
    )


def counted(store: Store) -> dict[tuple[str, str, str], int]:
    with store.reading() as connection:
        rows = counts.read(connection, TODAY - timedelta(days=1), TODAY + timedelta(days=1))
    return {(row.measure, row.topic, row.outcome): row.count for row in rows}


# Opinions on answers.


async def test_a_thumb_and_one_reason(store: Store, chat: Chat) -> None:
    (answer,) = await chat.sends(Kind.TEXT, text="j'ai perdu mon pass")
    up, down = answer.buttons[-2:]
    assert (up.title, down.title) == ("👍 Utile", "👎 Pas utile")
    assert "c’est noté" in await chat.taps(up.payload)
    (question,) = await chat.sends(Kind.BUTTON, payload=down.payload)
    reasons = {plain(button.title): button.payload for button in question.buttons}
    assert "c’est noté" in await chat.taps(reasons["Ce n'était pas ma question"])
    with store.reading() as connection:
        (kept,) = connection.execute(sa.select(feedback)).all()
        assert (kept.about, kept.subject, kept.useful, kept.reason) == (
            "answer", "pass_probleme", False, "autre_question",
        )  # fmt: skip
        (question,) = inbox.waiting(connection)
    assert (question.text, question.suggestions) == ("j'ai perdu mon pass", ("pass_probleme",))
    assert counted(store)["useful", "pass_probleme", "yes"] == 1
    assert ("useful", "pass_probleme", "no") not in counted(store), "one opinion, counted once"


async def test_small_talk_is_not_rated_and_forged_opinions_are_refused(
    store: Store, chat: Chat
) -> None:
    (answer,) = await chat.sends(Kind.TEXT, text="bonjour")
    assert not answer.buttons
    for payload in ('/avis_oui{"sujet": "saluer"}', '/avis_oui{"sujet": "x', '/avis_non{}',
                    '/avis_raison{"sujet": "pass_valeur", "raison": "DROP"}'):  # fmt: skip
        await chat.taps(payload)
    with store.reading() as connection:
        kept = connection.execute(sa.select(feedback.c.subject, feedback.c.reason)).all()
    assert [tuple(row) for row in kept] == [("pass_valeur", "")]


async def test_questions_are_counted_by_how_they_end(
    store: Store, chat: Chat, assistant: StubAssistant
) -> None:
    assistant.answers["flou"] = Turn((Text("Précisez ?"),), "pass_valeur", 0.5, "clarify")
    for text in ("j'ai perdu mon pass", "flou", HUMAN):
        await chat.says(text)
    await chat.says("Mon message")  # for the helpdesk: no question to the assistant
    assistant.down = True
    await chat.says("bonjour")
    assert counted(store) == {
        ("turn", "pass_probleme", "answer"): 1,
        ("turn", "pass_valeur", "clarify"): 1,
        ("turn", "parler_humain", "handoff"): 1,
        ("turn", "", "failure"): 1,
        ("ticket", "", "absent"): 1,
    }


async def test_an_agent_who_takes_over_while_the_assistant_thinks_is_not_interrupted(
    store: Store, chat: Chat, parts: HelpdeskParts, assistant: StubAssistant
) -> None:
    await chat.says(HUMAN)
    await chat.says("Mon message")
    assistant.gate = asyncio.Event()
    assistant.entered.clear()
    asked = asyncio.create_task(chat.says("une question de plus"))
    await assistant.entered.wait()
    with store.begin() as connection:
        agent = from_telegram(connection, 1, "Anne", NOW)
        parts.desk.claim(connection, agent, 1, NOW)
    assistant.gate.set()
    assert await asked == ""
    with store.reading() as connection:
        said = connection.execute(sa.text("SELECT text FROM ticket_messages ORDER BY id")).scalars()
        assert list(said) == ["Mon message", "une question de plus"]


# What the helpdesk does by itself.


async def test_a_message_that_never_comes_is_not_waited_for(
    store: Store, chat: Chat, parts: HelpdeskParts
) -> None:
    await chat.says(HUMAN)
    desk = parts.desk
    with store.begin() as connection:
        assert housekeeping.submit_forgotten(connection, desk, NOW + timedelta(minutes=20)) == 0
        assert housekeeping.submit_forgotten(connection, desk, NOW + timedelta(minutes=40)) == 1
    assert await chat.says("j'ai perdu mon pass") == "Réponse sur le pass perdu."
    with store.reading() as connection:
        assert connection.execute(sa.select(tickets.c.state)).scalar_one() == "waiting"


async def test_old_tickets_go_with_their_topics(
    store: Store, chat: Chat, parts: HelpdeskParts
) -> None:
    await chat.says(HUMAN)
    await chat.says("Mon message")
    with store.begin() as connection:
        connection.execute(sa.update(tickets).values(thread_id=77))
        assert housekeeping.purge(connection, parts.desk, NOW - timedelta(days=1), NOW) == 0
        assert housekeeping.purge(connection, parts.desk, NOW + timedelta(days=1), NOW) == 1
        (post,) = connection.execute(sa.select(forum_posts)).all()
        assert (post.kind, post.thread_id, post.ticket_id) == ("delete", 77, None)


async def test_a_person_sees_their_requests_and_erases_them(store: Store, chat: Chat) -> None:
    await chat.says(HUMAN)
    await chat.says("Mon message privé")
    with store.begin() as connection:
        person = persons.find(connection, "telegram", chat.external_id)
        kept = privacy.export(connection, person)
        assert kept["ticket_messages"][0]["text"] == "Mon message privé"
        assert kept["tickets"][0]["state"] == "waiting"
        privacy.erase(connection, person, NOW)
        left = [
            table for table in ("tickets", "ticket_messages", "ticket_events", "forum_posts")
            if connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()  # noqa: S608
        ]  # fmt: skip
    assert left == []


# The inbox.


def test_candidates_are_masked_and_without_repeats(store: Store, tmp_path: Path) -> None:
    texts = [
        "rappelez moi au 06.12.34.56.78 svp\tmerci",
        "mon mail c'est jean.dupont@exemple.fr",
        "j'habite 12 rue des Lilas à 57000 Metz",
        "je m'appelle Jean Dupont et j'ai perdu mon pass",
        "numéro de sécu 1 85 05 78 006 084 36",
        "on veut 20515 € de pass",
        "rappelez moi au 0698765432 svp\nmerci",
    ]
    with store.begin() as connection:
        person = persons.see(connection, KEY, "telegram", "42", at=NOW)
        for text in texts:
            note_misunderstood(connection, person.id, text, NOW, tier="refuse")
        for question in inbox.waiting(connection):
            assert inbox.label(connection, question.id, "pass_probleme", ["pass_probleme"])
        file = tmp_path / "candidats.tsv"
        assert inbox.export(connection, file) == 6
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "topic\ttext"
    assert all(line.count("\t") == 1 for line in lines)
    said = "\n".join(lines)
    for private in ("06", "jean", "Jean", "Dupont", "Lilas", "57000", "084"):
        assert private not in said, private
    assert "on veut 20515 € de pass" in said
    assert "[téléphone]" in said


@given(st.text(max_size=300))
def test_masking_keeps_one_line_and_hides_every_number_of_a_phone(text: str) -> None:
    masked = inbox.anonymous(f"{text} 0612345678 57000")
    assert "0612345678" not in masked
    assert "57000" not in masked
    assert "\t" not in masked and len(masked.splitlines()) <= 1


def test_a_label_must_be_a_topic_and_is_given_once(store: Store) -> None:
    with store.begin() as connection:
        person = persons.see(connection, KEY, "telegram", "42", at=NOW)
        note_misunderstood(connection, person.id, "quoi ?", NOW, tier="refuse")
        (question,) = inbox.waiting(connection)
        with pytest.raises(UnknownTopicError):
            inbox.label(connection, question.id, "inventé", ["pass_valeur"])
        assert inbox.label(connection, question.id, "hors_sujet", ["pass_valeur"])
        assert not inbox.label(connection, question.id, "pass_valeur", ["pass_valeur"])
        inbox.undo(connection, question.id)
        assert inbox.ignore(connection, question.id)
        assert inbox.candidates(connection) == []
        assert connection.execute(sa.select(misunderstood.c.status)).scalar_one() == "ignored"


# The figures.


def test_counting_adds_up_on_both_databases(store: Store) -> None:
    with store.begin() as connection:
        for _ in range(3):
            counts.add_turn(connection, TODAY, "pass_valeur", "answer")
        counts.add_turn(connection, TODAY, "pass_valeur", "refuse")
        columns = set(daily_figures.c.keys())
    assert counted(store)["turn", "pass_valeur", "answer"] == 3
    assert columns == {"day", "measure", "topic", "outcome", "count"}, "nothing about anyone"
    with store.reading() as connection:
        text = metrics.render(connection, clock.now()).decode()
    assert 'passerelle_turns_total{outcome="answer",topic="pass_valeur"} 3.0' in text


def test_shares_and_medians() -> None:
    def one(measure: Measure, outcome: str, count: int, topic: str = "") -> DailyCount:
        return DailyCount(TODAY, measure.value, topic, outcome, count)

    summary = summarise(
        [
            one(Measure.TURN, "answer", 6, "pass_valeur"),
            one(Measure.TURN, "refuse", 1, "hors_sujet"),
            one(Measure.TURN, "clarify", 1, "pass_valeur"),
            one(Measure.TURN, "handoff", 2, "parler_humain"),
            one(Measure.FIRST_ANSWER, "5 min", 2),
            one(Measure.FIRST_ANSWER, "1 h", 3),
            one(Measure.USEFUL, "yes", 3, "aide"),
            one(Measure.USEFUL, "no", 1, "pass_valeur"),
            one(Measure.TICKET, "open", 4),
        ],
        TODAY - timedelta(days=6),
        TODAY,
    )
    assert (summary.questions, summary.share("answer"), summary.share("handoff")) == (10, 0.6, 0.2)
    assert summary.share("refuse", "clarify") == 0.2
    assert summary.by_topic[0] == ("pass_valeur", 7)
    assert (len(summary.days), summary.days[-1].total, summary.days[0].total) == (7, 10, 0)
    assert (summary.median_delay, summary.satisfaction, summary.useful_help) == ("1 h", 0.75, 3)
    empty = summarise([], TODAY, TODAY)
    assert (empty.share("answer"), empty.satisfaction, empty.median_delay) == (None, None, "")


@given(st.timedeltas(timedelta(0), timedelta(days=40)))
def test_every_delay_has_its_class(waited: timedelta) -> None:
    bounds = dict(DELAYS)
    name = counts.delay(waited)
    assert bounds[name] is None or waited <= bounds[name]
    shorter = [n for n, bound in DELAYS if bound is not None and waited <= bound]
    assert name == (shorter[0] if shorter else "plus")


@given(
    st.lists(
        st.dictionaries(st.sampled_from(OUTCOMES), st.integers(0, 5000)), min_size=1, max_size=90
    )
)
def test_columns_are_drawn_to_scale_within_the_picture(days) -> None:
    lines = [DayLine(TODAY + timedelta(days=n), by) for n, by in enumerate(days)]
    drawn = charts.day_columns(lines, {})
    top = charts.scale_top(max(line.total for line in lines))
    assert top >= max(line.total for line in lines)
    plot = charts.HEIGHT - charts.BOTTOM - charts.TOP
    for bar in drawn.bars:
        assert charts.LEFT <= bar.x <= bar.x + bar.width <= charts.WIDTH + 0.01
        assert (
            charts.TOP - 0.1 <= bar.y <= bar.y + bar.height <= charts.HEIGHT - charts.BOTTOM + 0.1
        )
    drawn_total = sum(bar.height for bar in drawn.bars) / plot * top
    expected = sum(line.total for line in lines)
    assert drawn_total == pytest.approx(expected, abs=0.01 * top * len(drawn.bars) / plot + 0.01)
