"""Finding a place, as people talk about it. Places are those of the demonstration directory."""

from __future__ import annotations

import pytest

from tests.dialogue import Chat

pytestmark = pytest.mark.stack


async def test_a_place_is_found_at_once(chat: Chat) -> None:
    await chat.says("où utiliser mon pass à Metz ?")
    chat.reads("démonstration")
    took = [place.distance_m or 0 for place in chat.places if place.accepts_pass]
    assert len(took) == 3
    assert took == sorted(took)
    # The label promises nothing any more: free help stands beside.
    assert any(place.free for place in chat.places[3:])


async def test_it_asks_where_then_finds(chat: Chat) -> None:
    await chat.says("je cherche un endroit qui prend le pass numérique")
    chat.asks_where()
    await chat.says("Verdun")
    assert chat.places
    chat.reads("démonstration")


async def test_a_need_in_ones_own_words(chat: Chat) -> None:
    await chat.says("je voudrais apprendre à me servir d'une souris")
    chat.asks_where()
    await chat.says("à Nancy")
    assert chat.places


async def test_a_shared_position_is_used_and_forgotten(chat: Chat) -> None:
    await chat.says("un lieu près de chez moi")
    chat.asks_where()
    await chat.shares_position(48.5734, 7.7521)
    assert (chat.places[0].distance_m or 0) < 20_000
    await chat.says("plus de lieux")
    assert chat.places
    assert "48.57" not in await chat.kept()


async def test_a_name_that_several_communes_bear(chat: Chat) -> None:
    await chat.says("un lieu à Saint-Sauveur")
    assert len(chat.buttons) >= 2
    await chat.taps(chat.buttons[0].title)
    chat.reads("Saint-Sauveur")


async def test_more_places_are_other_places(chat: Chat) -> None:
    await chat.says("où aller à Strasbourg avec mon pass")
    first = {place.id for place in chat.places}
    await chat.says("d'autres lieux s'il vous plaît")
    assert chat.places
    assert first.isdisjoint(place.id for place in chat.places)


async def test_details_of_the_second(chat: Chat) -> None:
    await chat.says("lieu pass numérique Metz")
    second = chat.places[1]
    await chat.says("quels sont les horaires du deuxième ?")
    chat.reads(second.name)
    await chat.says("et son numéro de téléphone ?")
    chat.reads(second.name)


async def test_an_unknown_town_is_said_then_a_person_is_offered(chat: Chat) -> None:
    await chat.says("je cherche un lieu")
    await chat.says("Trifouillis-sur-Xyz")
    chat.asks_where()
    await chat.says("Blorgville")
    chat.offers_a_person()


async def test_another_question_ends_the_search(chat: Chat) -> None:
    await chat.says("je cherche un lieu")
    chat.asks_where()
    await chat.says("combien vaut un pass ?")
    chat.reads("10")
    await chat.says("bonjour")
    assert not chat.is_asked_where


async def test_a_wish_said_with_a_town_is_not_forgotten(chat: Chat) -> None:
    await chat.says("lieu ouvert le samedi à Metz")
    chat.reads("samedi")
    assert all("samedi" not in place.hours or "fermé" not in place.hours for place in chat.places)


async def test_help_and_a_town_are_enough_to_be_understood(chat: Chat) -> None:
    await chat.says("aide pour mes démarches à Metz")
    assert chat.places


async def test_a_departement_is_searched_whole(chat: Chat) -> None:
    await chat.says("où utiliser mon pass dans la Creuse ?")
    chat.reads("département 23")
    assert "30 km" not in chat.text


async def test_a_wish_that_nothing_meets_is_no_dead_end(chat: Chat) -> None:
    await chat.says("lieu avec une aide en braille à Metz")
    await chat.says("ouvert le dimanche à Metz")
    assert not chat.places
    await chat.taps("Tous les lieux")
    assert chat.places


async def test_how_far_it_is(chat: Chat) -> None:
    await chat.says("où utiliser mon pass à Metz ?")
    distance = chat.places[0].distance
    await chat.says("c'est loin ?")
    chat.reads(f"à {distance} du centre de Metz")


async def test_all_places_around_a_forgotten_position_are_asked_for_again(chat: Chat) -> None:
    await chat.says("un lieu près de chez moi")
    await chat.shares_position(48.5734, 7.7521)
    await chat.taps("Choisir")
    await chat.taps("Tous les lieux")
    chat.asks_where()


async def test_a_sites_page_looks_around_by_default(chat: Chat) -> None:
    chat.writes_from_a_site_of("Moselle")
    await chat.says("je cherche un endroit qui prend le pass numérique")
    assert chat.places and all("57" in place.address for place in chat.places)
    await chat.says("et à Lyon ?")
    chat.does_not_read("Moselle")
    await chat.says("un lieu près de chez moi")
    chat.asks_where()
