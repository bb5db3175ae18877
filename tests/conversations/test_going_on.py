"""A few words go on from what was just said: its call, its subject, its number."""

from __future__ import annotations

import pytest

from tests.dialogue import Chat

pytestmark = pytest.mark.stack
CLOSED = "2026-11-27"


async def test_the_call_is_the_one_just_told(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("quel était le taux en 2019 ?")
    await chat.says("et le plafond ?")
    chat.reads("1 200 000 €")
    await chat.says("et le minimum ?")
    chat.reads("je n'ai pas de montant minimum pour l'appel de 2019")


async def test_the_hour_of_the_deadline_just_told(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("la date limite en 2019 ?")
    await chat.says("à quelle heure ?")
    chat.reads("17 h")


async def test_last_year_is_counted_from_the_day(chat: Chat) -> None:
    chat.lives_on("2020-03-01")
    await chat.says("quel est le plafond ?")
    await chat.says("et l'an dernier ?")
    chat.reads("1 200 000 €")


async def test_a_pronoun_stands_for_what_was_just_said(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("un conseiller numérique, c'est quoi ?")
    chat.reads("aide les habitants")
    await chat.says("il y en a combien ?")
    chat.reads("2 800")
    await chat.says("comment le devenir ?")
    chat.reads("je n'ai pas les conditions")


async def test_the_call_told_about_money_is_kept(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("combien l'État a mis en 2019 ?")
    await chat.says("avec quel plafond ?")
    chat.reads("1 200 000 €")
    await chat.says("et pour 2020 ?")
    chat.reads("1 500 000 €")


async def test_what_is_financed_until_when(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("combien de conseillers numériques ?")
    await chat.says("c'est financé jusqu'à quand ?")
    chat.reads("2027")


async def test_a_need_changes_while_it_is_asked_where(chat: Chat) -> None:
    await chat.says("je voudrais être aidé pour mes impôts")
    await chat.says("finalement c'est pour un CV")
    chat.reads("chercher un emploi")
    chat.asks_where()
    await chat.says("à Metz")
    chat.reads("chercher un emploi")


async def test_a_project_told_without_a_question_is_computed(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("EPCI, 80 000 euros, moitié de publics PIC")
    assert chat.simulation is not None
    assert chat.simulation.max_aid_eur == 40_000


async def test_what_is_not_used_then_the_other_call(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("comment l'aide était payée en 2019 ?")
    await chat.says("et si on n'utilise pas tout ?")
    chat.reads("à rendre")
    await chat.says("et en 2020 ?")
    chat.reads("je n'ai pas cette règle pour 2020")


async def test_why_two_amounts_after_a_computation(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("un département achète pour 5 millions d'euros de pass, moitié publics PIC")
    await chat.says("pourquoi il y a deux montants ?")
    chat.reads("Les sources ne sont pas d'accord")


async def test_without_the_half_while_it_is_asked(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("nous sommes une communauté de communes, 60 000 € de pass")
    await chat.says("et sans la moitié ?")
    assert chat.simulation is not None
    assert chat.simulation.eligible == "non"


async def test_a_number_of_passes_is_put_right(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("un département achète 25 000 pass à 10 euros")
    await chat.says("non, 2 500")
    chat.reads("12 500 €")


async def test_where_after_what_it_is(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("c'est quoi le pass numérique ?")
    await chat.says("et où je peux l'utiliser ?")
    chat.asks_where()


async def test_a_need_behind_what_cannot_be_answered_is_kept(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("mon ordinateur est trop vieux que faire")
    chat.reads("s'équiper à petit prix")
    await chat.says("à Metz")
    assert chat.places or "s'équiper à petit prix" in chat.text


async def test_a_telephone_that_is_asked_for_is_no_need(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("apprendre à me servir d'une souris")
    await chat.says("à Nevers")
    await chat.says("le téléphone du premier ?")
    chat.does_not_read("se servir d'un téléphone")


async def test_a_number_to_call_is_not_known(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("j'ai perdu mon pass")
    await chat.says("il y a un numéro à appeler ?")
    chat.reads("je n'ai pas de numéro de téléphone")


@pytest.mark.parametrize("said", ["c'est quoi un EPCI", "le pass sport je peux l'utiliser où"])
async def test_what_says_itself_what_it_answers_is_not_named(chat: Chat, said: str) -> None:
    await chat.says(said)
    chat.does_not_read("Je réponds à la question")


async def test_the_double_of_the_purchase_just_told(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("notre métropole achète 110 000 € de pass")
    chat.reads("55 000 €")
    await chat.says("et pour le double ?")
    chat.reads("220 000 €", "110 000 €")


async def test_another_applicant_then_their_purchase(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("une commune seule peut candidater ?")
    chat.reads("ne peut pas candidater")
    await chat.says("et avec l'intercommunalité ?")
    chat.reads("peut candidater")
    await chat.says("60 000 € dans ce cas ?")
    chat.reads("30 000 €")


async def test_another_call_is_no_other_place(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("jusqu'à quand pouvait-on candidater en 2020 ?")
    await chat.says("il y en aura un autre ?")
    chat.reads("je ne connais aucun nouvel appel")


async def test_thanks_then_the_deadline_while_computing(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("notre communauté de communes achète 70 000 € de pass")
    await chat.says("merci, et la date limite ?")
    chat.reads("15 octobre 2020")


async def test_no_then_what_is_meant(chat: Chat) -> None:
    chat.lives_on(CLOSED)
    await chat.says("je veux le pass culture")
    await chat.says("non, le pass numérique")
    chat.does_not_read("Dites-moi autrement")


async def test_the_year_before_after_a_whole_answer(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("quels publics faut-il toucher ?")
    await chat.says("et l'an dernier ?")
    chat.reads("En 2019, il fallait")


async def test_the_same_call_for_another_subject(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("combien l'État a mis l'année dernière ?")
    await chat.says("et le nombre de lauréats ?")
    chat.reads("47")


async def test_millions_are_no_share_of_the_publics(chat: Chat) -> None:
    chat.lives_on("2020-09-01")
    await chat.says("la région achète 5 millions d'euros de pass")
    chat.reads("2 500 000 €", "1 500 000 €")
    await chat.says("et pour 2 millions ?")
    chat.reads("1 000 000 €")
