"""Questions whose answer is written, at several dates, in several manners."""

from __future__ import annotations

import pytest

from tests.dialogue import Chat

pytestmark = pytest.mark.stack


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2019-05-01", "31 mai 2019"),
        ("2020-03-01", "15 mai 2020"),
        ("2020-09-01", "15 octobre 2020"),
        ("2020-11-01", "On ne peut plus candidater"),
        ("2026-11-22", "en liquidation depuis le 16 janvier 2024"),
    ],
)
async def test_can_one_still_apply(chat: Chat, day: str, said: str) -> None:
    chat.lives_on(day)
    await chat.says("peut-on encore candidater ?")
    chat.understood("aap_date_limite")
    chat.reads(said)
    if day < "2024":
        chat.does_not_read("liquidation")


async def test_more_then_simpler(chat: Chat) -> None:
    await chat.says("est-ce que mon pass est encore valable ?")
    first = chat.text
    await chat.taps("En savoir plus")
    assert chat.text != first
    await chat.says("je n'ai pas compris")
    assert chat.messages
    assert chat.text != first


async def test_the_winners_of_a_region(chat: Chat) -> None:
    await chat.says("qui sont les lauréats dans le Grand Est ?")
    chat.reads("Moselle Fibre", "près de 1,5 million d'euros")
    await chat.says("et qui a gagné en Bretagne ?")
    chat.reads("Je n'ai pas les lauréats de cette région")


async def test_who_may_apply_is_judged_for_a_porteur(chat: Chat) -> None:
    await chat.says("un syndicat mixte peut-il répondre à l'appel à projets ?")
    chat.reads("Syndicat mixte", "fermé depuis le 15 octobre 2020")


async def test_two_questions_get_two_answers(chat: Chat) -> None:
    await chat.says("C'est quoi le pass numérique ? Et combien ça vaut ?")
    chat.reads("10 €")
    assert len(chat.messages) >= 2


async def test_another_language_is_told_how_it_is_answered(chat: Chat) -> None:
    await chat.says("how much is one digital pass worth?")
    chat.reads("I answer in French", "10 €", buttons=["Parler à quelqu'un"])


async def test_something_else_altogether(chat: Chat) -> None:
    await chat.says("quelle est la recette de la tarte aux pommes ?")
    chat.understood("hors_sujet")
    assert chat.buttons


async def test_what_it_is_and_where_at_once(chat: Chat) -> None:
    await chat.says("c'est quoi et où je peux l'utiliser à Nancy")
    assert chat.places
    chat.reads("carnet de chèques")
