"""The aid for a project, asked as a conversation. The day is 1 September 2020: the call is open."""

from __future__ import annotations

import pytest

from tests.dialogue import Chat, as_seen

pytestmark = pytest.mark.stack

OPEN = "2020-09-01"


async def test_everything_said_at_once(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("notre PETR veut acheter 20 515 € de pass, la moitié pour des publics PIC")
    chat.reads("10 257 €")
    assert chat.simulation.max_aid_eur == 10_257
    assert chat.simulation.eligible == "oui"


async def test_what_is_missing_is_asked(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("simuler l'aide pour notre projet")
    await chat.says("une communauté de communes")
    await chat.says("3 500 000 €")
    await chat.says("60 %")
    assert chat.simulation.max_aid_eur == 1_750_000
    chat.reads("1 500 000 €")


async def test_another_question_interrupts_and_the_simulation_resumes(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("calculez l'aide pour notre syndicat mixte")
    asked = chat.last.text
    await chat.says("combien vaut un pass ?")
    chat.reads("5 €")
    assert chat.last.text.endswith(asked)
    await chat.says("8 000 000 €")
    await chat.says("oui, la moitié")
    assert chat.simulation.max_aid_eur == 3_000_000
    chat.reads("1 500 000 €")


async def test_it_can_be_cancelled(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("simuler notre aide")
    await chat.says("annuler")
    assert chat.simulation is None
    await chat.says("20 000 €")
    assert chat.simulation is None


async def test_not_eligible_is_said_before_any_question(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("mon association veut simuler son aide")
    assert chat.simulation.eligible == "non"
    assert chat.simulation.max_aid_eur is None


async def test_below_the_minimum(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("notre EPCI veut 19 999 € de pass, moitié publics PIC, quelle aide ?")
    assert chat.simulation.eligible == "non"
    assert chat.simulation.max_aid_eur is None
    chat.reads("20 000 €")


async def test_today_it_is_closed_and_said(chat: Chat) -> None:
    chat.lives_on("2026-11-22")
    await chat.says("notre PETR veut acheter 20 515 € de pass, la moitié pour des publics PIC")
    chat.reads("fermé depuis le 15 octobre 2020")
    assert chat.simulation.max_aid_eur == 10_257


async def test_the_sheet(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("notre PETR veut acheter 20 515 € de pass, la moitié pour des publics PIC")
    await chat.taps("Recevoir la fiche")
    assert chat.sheet is not None


async def test_a_change_of_mind_is_heard_at_the_next_question(chat: Chat) -> None:
    chat.lives_on(OPEN)
    await chat.says("calculez l'aide pour notre syndicat mixte")
    await chat.says("40 000 €")
    chat.reads("Pour un achat de 40 000 €", "20 000 €")
    await chat.says("en fait 30 000 €")
    chat.reads("Pour un achat de 30 000 €", "15 000 €")
    await chat.says("60 %")
    assert chat.simulation.max_aid_eur == 15_000


async def test_who_is_twice_misunderstood_is_offered_a_person(chat: Chat) -> None:
    await chat.says("calculer l'aide de mon projet")
    chat.reads("L'appel à projets est clos")
    await chat.says("???")
    assert "Reprenons" not in chat.text
    await chat.says("bof")
    assert "Parler à quelqu'un" in [as_seen(button.title) for button in chat.buttons]


async def test_a_story_about_a_pass_is_no_name_of_a_collectivite(chat: Chat) -> None:
    await chat.says("calculer l'aide de mon projet")
    await chat.says(
        "la mairie m'a donné un carnet de pass mais le lieu a refusé de le prendre hier"
    )
    assert chat.simulation is None


async def test_a_whole_question_after_a_computation_speaks_for_itself(chat: Chat) -> None:
    await chat.says("notre PETR veut acheter 20 515 € de pass, la moitié pour des publics PIC")
    assert chat.simulation is not None
    await chat.says("où utiliser mon pass à Metz ?")
    assert chat.places
