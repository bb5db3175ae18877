from __future__ import annotations

from datetime import UTC, datetime

import pytest

from actions.places.directory import Filters
from actions.places.filters import filter_words, read_filters, read_weekday
from actions.places.place import ONE_TO_ONE, REMOTE, WORKSHOP

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "filters"),
    [
        ("ouvert maintenant", Filters(open_at=NOW)),
        ("c'est encore ouvert ?", Filters(open_at=NOW)),
        ("ouvert le samedi", Filters(weekday=5)),
        ("c'est ouvert le sam ?", Filters(weekday=5)),
        ("plutôt le week-end", Filters(weekday=5)),
        ("les mardis", Filters(weekday=1)),
        ("un atelier", Filters(supports=frozenset({WORKSHOP}))),
        ("un cours particulier", Filters(supports=frozenset({ONE_TO_ONE}))),
        ("je suis en fauteuil roulant", Filters(wheelchair=True)),
        ("accessible PMR", Filters(wheelchair=True)),
        ("ma mère est sourde", Filters(deaf=True)),
        ("quelqu'un qui signe en LSF", Filters(deaf=True)),
        ("je suis malvoyant", Filters(blind=True)),
        ("en arabe", Filters(language="arabe")),
        ("quelqu'un qui parle anglais", Filters(language="anglais")),
        ("je ne parle pas bien français", Filters(language="*")),
        ("gratuit", Filters(free=True)),
        ("un cours gratui", Filters(free=True)),
        ("un lieu sans escalier", Filters(wheelchair=True)),
        ("sans rien débourser", Filters(free=True)),
        ("que ça ne me coûte rien", Filters(free=True)),
        ("un endroit avec un ascenseur", Filters(wheelchair=True)),
        ("écrit en gros caractères", Filters(blind=True)),
        ("je parle surtout espagnol", Filters(language="espagnol")),
        ("à plusieurs", Filters(supports=frozenset({WORKSHOP}))),
        ("en petit groupe", Filters(supports=frozenset({WORKSHOP}))),
        ("juste moi", Filters(supports=frozenset({ONE_TO_ONE}))),
        ("depuis chez moi", Filters(supports=frozenset({REMOTE}))),
        ("apprendre de chez moi", Filters(supports=frozenset({REMOTE}))),
        ("un lieu près de chez moi", Filters()),
        ("à 5 km de chez moi", Filters()),
        ("avec une imprimante", Filters(services=frozenset({"materiel"}))),
        ("une maison France Services", Filters(free_help=True)),
        ("un lieu labellisé", Filters(labelled=True)),
        (
            "un atelier gratuit le samedi pour les sourds",
            Filters(free=True, deaf=True, weekday=5, supports=frozenset({WORKSHOP})),
        ),
        ("où aller près de Lyon 3e ?", Filters()),
        ("médiathèque de Sameon", Filters()),
        ("", Filters()),
    ],
)
def test_filters_are_read_from_words(said: str, filters: Filters) -> None:
    assert read_filters(said, NOW) == filters
    assert bool(filters) == (filters != Filters())


def test_a_day() -> None:
    assert read_weekday("c'est ouvert le dimanche ?") == 6
    assert read_weekday("à Mardié") is None


def test_filters_are_said_back() -> None:
    said = filter_words(Filters(free=True, weekday=5, supports=frozenset({WORKSHOP})))
    assert said == "gratuit, ouvert le samedi, en atelier"
    assert filter_words(Filters()) == ""
