"""Opening hours in French words: now, on a weekday, in a week.

A value that cannot be read is given back as published. On a public holiday that the hours
do not mention, the words say so: many places close then without writing it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from opening_hours import State

from actions.french import DAYS, NBSP, clock, day_of_year
from actions.places import hours
from actions.places.hours import Schedule, read_schedule
from actions.places.hours_rules import OPEN_END

_ORDINARY_MONDAY = date(2026, 6, 8)
"""A week without public holiday."""
_MOST_CHANGES = 50
"""Changes of state looked at to find the next opening."""

Openings = tuple[tuple[time, time, str], ...]


def now_words(expression: str, departement: str, moment: datetime) -> str:
    """Say whether a place is open: «ouvert jusqu'à 18 h», «fermé, ouvre demain à 9 h».

    Args:
        expression: Hours as published.
        departement: Its time zone and public holidays are used.
        moment: Aware, or naive in Paris time.

    Returns:
        Words that follow the place's name; the value as published where it cannot be read;
        empty where there is none.
    """
    schedule = read_schedule(expression, departement)
    if schedule is None:
        return expression.strip()
    here = hours.local(moment, departement)
    feast = hours.holiday(here.date(), departement)
    state, comment = schedule.state(here)
    if state == State.CLOSED:
        if feast and schedule.names_holidays and not schedule.intervals(here.date()):
            return f"fermé, jour férié ({feast}){_next_opening(schedule, here)}"
        return f"fermé{_next_opening(schedule, here)}"
    if state == State.UNKNOWN:
        return comment or "horaires à vérifier"
    if comment == OPEN_END:
        return f"ouvert maintenant ({OPEN_END}{NBSP}: appelez)"
    doubt = f" ({comment})" if comment else ""
    if schedule.names_school_holidays:
        doubt += f" (vacances scolaires{NBSP}: à vérifier)"
    elif feast and not schedule.names_holidays:
        doubt += f" (jour férié{NBSP}: à vérifier)"
    end = schedule.next_change(here)
    if end is None and comment:
        return comment
    if end is None:
        return f"ouvert tous les jours, à toute heure{doubt}"
    if end.date() == here.date() or end == _midnight_after(here):
        return f"ouvert jusqu'à {clock(end.time())}{doubt}"
    return f"ouvert jusqu'à {_day_from(end.date(), here.date())} {clock(end.time())}{doubt}"


def weekday_words(expression: str, departement: str, weekday: int, on: date) -> str:
    """Say the hours of a weekday (0 is Monday): «ouvert le samedi, de 9 h à 12 h».

    ``on`` is today in that place. The next such day is named where it is a public holiday,
    or where the hours follow seasons.
    """
    schedule = read_schedule(expression, departement)
    if schedule is None:
        return expression.strip()
    day = on + timedelta(days=(weekday - on.weekday()) % 7)
    name = f"le {DAYS[weekday]}"
    feast = hours.holiday(day, departement)
    if not schedule.regular or (feast and schedule.names_holidays):
        openings = tuple(schedule.intervals(day))
        name = f"le {DAYS[weekday]} {day_of_year(day)}" + (f" ({feast})" if feast else "")
        if openings and all(start == end for start, end, _ in openings):
            return f"{name}{NBSP}: {_spans(openings)}"
        return f"ouvert {name}, {_spans(openings)}" if openings else f"fermé {name}"
    openings = tuple(schedule.intervals(_ORDINARY_MONDAY + timedelta(days=weekday)))
    if not openings:
        return f"fermé {name}"
    doubt = f"{NBSP}; mais le {day_of_year(day)} est férié ({feast})" if feast else ""
    if all(start == end and note for start, end, note in openings):
        return f"{name}{NBSP}: {_spans(openings)}{doubt}"
    return f"ouvert {name}, {_spans(openings)}{doubt}"


def week_lines(expression: str, departement: str, on: date) -> tuple[str, ...]:
    """Return a week's hours, a line a day or a run of like days, then coming holidays.

    Hours that follow seasons are those of the seven days from ``on``. A value that cannot
    be read is one line, as published; no value, no line.
    """
    schedule = read_schedule(expression, departement)
    if schedule is None:
        return (expression.strip(),) if expression.strip() else ()
    first = _ORDINARY_MONDAY if schedule.regular else on
    days = [first + timedelta(days=n) for n in range(7)]
    week = [(day, tuple(schedule.intervals(day))) for day in days]
    if not schedule.regular and not any(openings for _, openings in week):
        opening = _next_opening(schedule, datetime.combine(on, time()))
        return (f"fermé les sept prochains jours{opening}",)
    lines: list[str] = []
    start = 0
    for n in range(1, 8):
        if n < 7 and week[n][1] == week[start][1]:
            continue
        lines.append(f"{_run(week[start][0], week[n - 1][0])}{NBSP}: {_spans(week[start][1])}")
        start = n
    if schedule.names_school_holidays:
        lines.append(f"vacances scolaires{NBSP}: à vérifier")
    return (*lines, *_coming_holidays(schedule, on))


def _midnight_after(moment: datetime) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=1), time())


def _next_opening(schedule: Schedule, moment: datetime) -> str:
    at: datetime | None = moment
    for _ in range(_MOST_CHANGES):
        at = schedule.next_change(at) if at else None
        if at is None or at > moment + timedelta(days=366):
            return ""
        state, comment = schedule.state(at)
        if state == State.OPEN:
            feast = hours.holiday(at.date(), schedule.departement)
            if feast and not schedule.names_holidays and at.date() != moment.date():
                continue  # promised by no one: look further
            when = _day_from(at.date(), moment.date())
            note = f" ({comment})" if comment else ""
            return f", ouvre {when}{' ' if when else ''}à {clock(at.time())}{note}"
    return ""


def _day_from(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return ""
    if ahead == 1:
        return "demain"
    return DAYS[day.weekday()] if ahead < 7 else f"le {day_of_year(day)}"


def _run(first: date, last: date) -> str:
    if first == last:
        return DAYS[first.weekday()]
    if (last - first).days == 6:
        return "tous les jours"
    start, end = DAYS[first.weekday()], DAYS[last.weekday()]
    return f"{start} et {end}" if (last - first).days == 1 else f"du {start} au {end}"


def _spans(openings: Openings) -> str:
    if not openings:
        return "fermé"
    return " et ".join(_span(start, end, note) for start, end, note in openings)


def _span(start: time, end: time, note: str) -> str:
    if note == OPEN_END:
        return f"à partir de {clock(start)} ({OPEN_END})"
    if start == end == time():
        return note or "toute la journée"  # «sur rendez-vous» says no hour
    return f"de {clock(start)} à {clock(end)}" + (f" ({note})" if note else "")


def _coming_holidays(schedule: Schedule, on: date) -> list[str]:
    lines = []
    for n in range(7):
        day = on + timedelta(days=n)
        feast = hours.holiday(day, schedule.departement)
        if feast:
            openings = tuple(schedule.intervals(day))
            said = _spans(openings) if schedule.names_holidays or not openings else "à vérifier"
            lines.append(f"{DAYS[day.weekday()]} {day_of_year(day)} ({feast}){NBSP}: {said}")
    return lines
