"""After a computation, a few words change it: the sum, the public, the call."""

from __future__ import annotations

from tests.dialogue import Chat

CLOSED = "2026-11-27"


async def computed(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("notre PETR veut acheter 72 000 € de pass, la moitié pour des publics PIC")
    assert chat.simulation.max_aid_eur == 36_000


async def test_another_sum_asks_its_condition_again(chat: Chat) -> None:
    await computed(chat)
    await chat.says("et pour 30 000 ?")
    chat.reads("Pour un achat de 30 000 €", "15 000 €")
    await chat.says("oui, la moitié")
    assert chat.simulation.max_aid_eur == 15_000


async def test_without_the_half_nothing_is_paid(chat: Chat) -> None:
    await computed(chat)
    await chat.says("et sans la moitié ?")
    assert chat.simulation.eligible == "non"


async def test_a_mistake_is_put_right(chat: Chat) -> None:
    await computed(chat)
    await chat.says("on s'est trompé, c'est 90 000")
    chat.reads("Pour un achat de 90 000 €", "45 000 €")


async def test_the_same_in_the_other_call(chat: Chat) -> None:
    await computed(chat)
    await chat.says("et en 2019 ?")
    chat.reads("de 14 400 € (20 %) à 46 800 € (65 %)")


async def test_another_applicant(chat: Chat) -> None:
    await computed(chat)
    await chat.says("et pour une commune seule ?")
    chat.reads("Commune", "ne pouvait pas")


async def test_a_question_about_places_is_answered_then_the_simulation_goes_on(
    chat: Chat,
) -> None:
    chat.lives_on(CLOSED)
    await chat.says("calculer l'aide de mon projet")
    await chat.says("où utiliser mon pass ?")
    chat.does_not_read("Je ne reconnais pas cette structure")
    chat.reads("Reprenons", "Qui achète les pass ?")
    await chat.says("un PETR")
    chat.reads("Pour quelle somme")


async def test_a_town_alone_is_where_the_person_is(chat: Chat) -> None:
    await chat.says("bonjour j'ai un carnet aptic, j'en fais quoi")
    await chat.says("a metz")
    assert chat.places


async def test_a_few_words_narrow_the_places_just_shown(chat: Chat) -> None:
    await chat.says("où utiliser mon pass à Metz ?")
    await chat.says("y a quoi de gratuit ?")
    chat.reads("gratuit")
    assert chat.places
    await chat.says("et pour imprimer ?")
    assert chat.places


async def test_a_share_is_heard_whatever_was_asked(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("si on avait acheté 150 000 €, combien ?")
    await chat.says("oui 55 %")
    chat.does_not_read("éloignées de l'emploi")
    await chat.says("communauté de communes")
    assert chat.simulation.max_aid_eur == 75_000
