"""Hours as people of France write them: read to the last word, or left as they are."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.places.hours import read_schedule
from actions.places.hours_french import as_osm
from actions.places.hours_words import now_words

MONDAY = date(2026, 6, 8)
"""Of a week without public holiday."""
NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@pytest.mark.parametrize(
    ("written", "osm"),
    [
        ("Lun-Ven 9h-12h", "Mo-Fr 09:00-12:00"),
        ("Mo-Fr 9h-12h30", "Mo-Fr 09:00-12:30"),
        ("Lun. \u2013 Ven. : 8h30\u201312h, Sam. 9h-12h", "Mo-Fr 08:30-12:00; Sa 09:00-12:00"),
        (
            "Du lundi au vendredi de 9 h à 12 h et de 14 h à 17 h 30",
            "Mo-Fr 09:00-12:00,14:00-17:30",
        ),
        ("Lun-Ven 9h-12h / 14h-18h ; Sam 9-12h", "Mo-Fr 09:00-12:00,14:00-18:00; Sa 09:00-12:00"),
        ("Mardi et jeudi 14h-17h", "Tu,Th 14:00-17:00"),
        ("Mar 14h-17h", "Tu 14:00-17:00"),  # March is no word of French hours
        ("9h-12h du lundi au vendredi", "Mo-Fr 09:00-12:00"),
        ("Lundi fermé, mardi de 9h à midi", "Mo off; Tu 09:00-12:00"),
        ("Lundi de 14h à minuit", "Mo 14:00-24:00"),
        ("Du lundi au vendredi 9h-17h, fermé le mercredi", "Mo-Tu,Th-Fr 09:00-17:00; We off"),
        ("Tous les jours sauf le dimanche, 9h-12h", "Mo-Sa 09:00-12:00; Su off"),
        ("Lun-Ven 9h-12h sauf jours fériés", "Mo-Fr 09:00-12:00; PH off"),
        ("Lun-Ven 9h-12h (sur RDV)", 'Mo-Fr 09:00-12:00 "sur rendez-vous"'),
        ("Mo-Fr 9h-12h; We 14h-17h; PH off", "Mo-Tu,Th-Fr 09:00-12:00; We 14:00-17:00; PH off"),
        ("Jul\u2013Aug Mo\u2013Fr 9h\u201312h", "Jul-Aug Mo-Fr 09:00-12:00"),
        ("samedi-lundi 9h-12h", "Mo,Sa-Su 09:00-12:00"),
    ],
)
def test_what_is_understood(written: str, osm: str) -> None:
    assert as_osm(written) == osm
    assert read_schedule(written, "59") is not None


@pytest.mark.parametrize(
    "written",
    [
        "lundi 9h-12h, ou appeler",
        "lundi 9h",
        "à partir de 14h",
        "Fermé le lundi",
        "Lundi 9h-12h, lundi 14h-17h",  # added, or corrected?
        "Lundi - mardi - jeudi 9h-12h",
        "lundi 9h-12h, mardi 14h-17h sur rendez-vous",
        "fermé lundi matin, mardi 9h-12h",
        "lundi 12h-9h",
        "lundi 9h-12h-14h",
        "lundi 9h75-12h",
        "un mardi sur deux 9h-12h",
        "2e et 4e lundi du mois 9h-12h",
        "vacances scolaires : lundi 9h-12h",
        "",
    ],
)
def test_what_is_not_is_shown_as_published(written: str) -> None:
    assert read_schedule(written, "59") is None
    assert now_words(written, "59", datetime.combine(MONDAY, time(10))) == written


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, list[tuple[int, int]]]:
    """Minutes of the openings of some weekdays, one or two a day."""
    found: dict[int, list[tuple[int, int]]] = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        ends = st.lists(st.integers(0, 95), min_size=4, max_size=4, unique=True)
        a, b, c, d = (15 * n for n in sorted(draw(ends)))
        found[day] = [(a, b), (c, d)] if draw(st.booleans()) else [(a, d)]
    return found


@given(weeks(), st.data())
@settings(deadline=None)
def test_any_week_is_read_however_it_is_written(
    week: dict[int, list[tuple[int, int]]], data: st.DataObject
) -> None:
    def clock(minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        forms = [f"{hours}h{rest:02}", f"{hours} h {rest:02}", f"{hours:02}:{rest:02}"]
        return data.draw(st.sampled_from(forms + ([f"{hours}h"] if not rest else [])))

    def span(start: int, end: int) -> str:
        form = data.draw(st.sampled_from(["{}-{}", "{} – {}", "de {} à {}"]))
        return str(form).format(clock(start), clock(end))

    days = data.draw(st.permutations(sorted(week)))
    written = data.draw(st.sampled_from([" ; ", ", ", " / ", " "])).join(
        f"{data.draw(st.sampled_from([NAMES[day], NAMES[day][:3] + '.', NAMES[day].title()]))} "
        + data.draw(st.sampled_from([" et ", ", "])).join(span(*one) for one in week[day])
        for day in days
    )
    schedule = read_schedule(written, "59")
    assert schedule is not None, written
    for number in range(7):
        expected = [
            (time(start // 60, start % 60), time(end // 60, end % 60), "")
            for start, end in week.get(number, [])
        ]
        assert schedule.intervals(MONDAY + timedelta(days=number)) == expected, written


@given(st.text(alphabet="lunmardiveLMsf 0129hHh:-–,;/&à.()|", max_size=40))
def test_any_text_is_read_or_left(written: str) -> None:
    as_osm(written)
    read_schedule(written, "59")
