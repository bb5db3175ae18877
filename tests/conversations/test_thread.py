"""What was spoken of is kept: an aside, a correction, another call, half a question."""

from __future__ import annotations

import pytest

from tests.dialogue import Chat

pytestmark = pytest.mark.stack
CLOSED = "2026-11-27"


async def test_the_call_of_a_computation_is_that_year(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("notre syndicat mixte achète 50 000 € de pass, règles de 2019")
    chat.reads("10 000 €")
    await chat.says("au fait, quel était le plafond cette année-là ?")
    chat.reads("1 200 000 €")
    chat.does_not_read("3 000 000 €")


async def test_a_year_is_put_right_then_the_other_one(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("le minimum d'achat en 2019 ?")
    await chat.says("pardon, je parlais de 2020")
    chat.reads("20 000 €")
    await chat.says("quelle enveloppe ?")
    chat.reads("15 000 000 €")
    await chat.says("et celle d'avant ?")
    chat.reads("10 000 000 €")
    await chat.says("quel plafond, la même année ?")
    chat.reads("1 200 000 €")


async def test_the_call_before_the_one_just_told(chat: Chat) -> None:
    chat.lives_on("2022-06-01")
    await chat.says("quel était le taux en 2020 ?")
    await chat.says("et pour l'appel d'avant ?")
    chat.reads("65 %")


@pytest.mark.parametrize(
    "aside", ["merci beaucoup", "vous êtes un robot ?", "trouver un lieu à Metz"]
)
async def test_after_an_aside_the_call_goes_on(chat: Chat, aside: str) -> None:
    chat.lives_on(CLOSED)
    await chat.says("quelle était la date limite en 2020 ?")
    await chat.says(aside)
    await chat.says("et en 2019 ?")
    chat.reads("31 mai 2019")


@pytest.mark.parametrize("aside", ["merci bien", "que faites-vous de mes données ?"])
async def test_after_an_aside_the_computation_goes_on(chat: Chat, aside: str) -> None:
    chat.lives_on(CLOSED)
    await chat.says("l'aide pour 44 000 € de pass en 2020, PETR, moitié de publics PIC")
    chat.reads("22 000 €")
    await chat.says(aside)
    await chat.says("et pour 70 000 ?")
    chat.reads("35 000 €")


async def test_the_other_call_of_a_computation(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("l'aide pour 60 000 € de pass en 2020, PETR, moitié de publics PIC")
    await chat.says("et l'autre appel ?")
    chat.reads("de 12 000 € (20 %) à 39 000 € (65 %)")


async def test_a_rule_is_told_inside_a_computation_then_that_of_the_other_call(
    chat: Chat,
) -> None:
    chat.lives_on(CLOSED)
    await chat.says("calculer l'aide pour un département qui achète 80 000 € de pass en 2020")
    await chat.says("au fait, le plafond en 2019 ?")
    chat.reads("1 200 000 €")
    await chat.says("et en 2020 ?")
    chat.reads("3 000 000 €")


async def test_the_payment_of_an_aid_is_none_of_passes(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("notre agglomération achète 64 000 € de pass")
    await chat.says("le paiement, c'est quand ?")
    chat.reads("je n'ai pas la règle de paiement de 2020")
    await chat.says("et pour celui de 2019 ?")
    chat.reads("convention")


async def test_ones_own_cheques_are_not_those_of_a_place(chat: Chat) -> None:
    chat.lives_on("2024-03-01")
    await chat.says("la médiathèque refuse mes chèques, pourquoi ?")
    await chat.says("et mes chèques, on me les rembourse ?")
    chat.reads("je n'ai pas de règle pour faire rembourser un pass")


async def test_a_question_after_thanks_is_answered(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("à quoi sert le pass ?")
    await chat.says("merci c'est gentil. On appelle qui ?")
    chat.reads("je n'ai pas de numéro de téléphone")


async def test_a_question_after_a_greeting_is_answered(chat: Chat) -> None:
    await chat.says("bonjour ! l'opérateur, c'était qui déjà ?")
    chat.reads("#APTIC")


async def test_a_question_after_how_are_you_is_answered(chat: Chat) -> None:
    await chat.says("Bonsoir, vous allez bien j'espère. L'opérateur du pass, c'était qui ?")
    chat.reads("#APTIC")
    await chat.says("bonsoir, vous allez bien ?")
    chat.does_not_read("#APTIC")


async def test_a_regret_then_another_call(chat: Chat) -> None:
    chat.lives_on("2019-07-01")
    await chat.says("peut-on encore déposer un dossier ?")
    await chat.says("mince, il y en aura un autre ?")
    chat.reads("je ne connais aucun nouvel appel")


async def test_a_town_is_of_the_carnet_just_spoken_of(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("combien de pass dans un carnet ?")
    await chat.says("à Vincennes, disons")
    chat.reads("À Vincennes, un carnet avait 10 pass")
    await chat.says("trouver un lieu à Metz")
    assert chat.places


async def test_what_a_winner_bought(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("Moselle Fibre, c'est qui ?")
    await chat.says("pour quel achat ?")
    chat.reads("a acheté 3 500 000 € de pass")
    await chat.says("et en Bretagne ?")
    chat.reads("Je n'ai pas les lauréats de cette région")


async def test_since_when_is_confirmed(chat: Chat) -> None:
    chat.lives_on("2024-03-01")
    await chat.says("on ne prend plus mes pass, pourquoi ?")
    await chat.says("depuis le 16 janvier, c'est bien ça ?")
    chat.reads("Oui :", "16 janvier 2024")


async def test_millions_of_passes_are_euros(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("combien versait l'État pour 2 millions de pass en 2020 ?")
    chat.reads("2 000 000 €", "1 000 000 €")
    await chat.says("bon, et pour 30 000 tout juste")
    chat.reads("15 000 €")


async def test_the_tens_are_no_departement(chat: Chat) -> None:
    await chat.says("combien vaut un pass ?")
    await chat.says("et les 10 ?")
    chat.does_not_read("Aube")


async def test_a_project_in_a_few_words_is_heard(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("la mairie toute seule, 40 000 € en 2020, combien ?")
    chat.reads("une commune seule")


async def test_both_calls_side_by_side(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("taux et plafond des deux appels")
    chat.reads("1 200 000 €", "3 000 000 €")


async def test_another_subject_is_not_the_call_s(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("quelle enveloppe pour l'appel de 2020 ?")
    chat.reads("15 000 000 €")
    await chat.says("et les conseillers numériques, combien au total ?")
    chat.reads("4 000")
    chat.does_not_read("15 000 000 €")


async def test_a_number_of_passes_is_no_sum_of_money(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("combien l'État a donné à Moselle Fibre ?")
    await chat.says("ça fait combien de chèques au total ?")
    chat.does_not_read("15 000 000 €")


async def test_a_new_call_is_the_one_that_is_open(chat: Chat) -> None:
    chat.lives_on("2020-03-02")
    await chat.says("bonjour, le nouvel appel est-il déjà ouvert ?")
    chat.reads("15 mai 2020")
    chat.does_not_read("Je ne sais pas")
    chat.lives_on("2019-05-02")
    await chat.says("l'aide, on la touche au début ou après ?")
    chat.reads("convention")
