"""Whatever the bytes and the cells, the readers give rows and records, or say what is wrong."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from actions.places.services import load_services
from actions.reference.errors import BadDirectoryError
from actions.reference.locator import UnlocatableError, departement_of
from actions.reference.readers import clean, read_rows
from actions.reference.record_reader import BadRowError, RecordReader, read_day
from actions.reference.tables import dump, load_record
from tests.reference.conftest import DATA, locator
from tests.reference.files import COLUMNS, as_csv, lieu

SERVICES = load_services(DATA)
HEADER = "nom,latitude,longitude,commune\n"

messy = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "0",
        "-1",
        "1e400",
        "nan",
        "48,85",
        "57000",
        "2A",
        "Metz",
        "Mo-Fr 09:00-12:00",
        "\x92",
        "|;|",
    ]
)


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda t: (HEADER + t).encode()))
@example(b"[" * 5_000)
@example(b"\xff\xfe")
@example((HEADER + "é").encode()[:-1])
@example(b'{"nom": 1}')
@example(b"[{}, 3, null]")
def test_any_bytes_are_rows_or_one_clear_error(raw: bytes) -> None:
    try:
        rows = list(read_rows(raw))
    except BadDirectoryError as error:
        assert str(error)
        assert "\n" not in str(error)
        return
    for line, row in rows:
        assert line > 0
        assert all(isinstance(value, str) for value in row.values())


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, messy)))
@settings(max_examples=300, deadline=None)
def test_any_row_is_a_record_or_a_reason(fields: dict[str, str]) -> None:
    [(_, row)] = read_rows(json.dumps([lieu() | fields]).encode())
    try:
        record, _ = RecordReader(locator(), SERVICES, "essai").read(row)
    except (BadRowError, UnlocatableError) as error:
        assert str(error)
        return
    assert record.name
    assert load_record(dump(record)) == record


@given(st.text(max_size=30) | messy)
def test_what_needs_no_cleaning_is_what_cleaning_leaves(cell: str) -> None:
    assert clean(cell) == clean(f"{cell} "), "a space after it goes the long way"


printable = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)


@given(
    st.lists(
        st.fixed_dictionaries({"nom": printable, "adresse": printable}), min_size=1, max_size=5
    )
)
def test_csv_and_json_say_the_same(rows: list[dict[str, str]]) -> None:
    full = [lieu() | row | {"id": str(n)} for n, row in enumerate(rows)]
    from_json = [row for _, row in read_rows(json.dumps(full).encode())]
    from_csv = [row for _, row in read_rows(as_csv(full).encode())]
    assert [{k: v for k, v in row.items() if v} for row in from_csv] == [
        {k: v for k, v in row.items() if v} for row in from_json
    ]


def test_lines_are_those_of_the_file() -> None:
    text = as_csv([lieu("Un"), lieu("Deux", adresse="1 rue\nde l'Essai"), lieu("Trois")])
    assert [line for line, _ in read_rows(text.encode())] == [2, 3, 5]


def test_controls_left_by_windows_are_put_right() -> None:
    assert clean("d\x92Insertion  et\nd\x85") == "d’Insertion et d…"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-04-02", date(2024, 4, 2)),
        ("2024-04-02T10:00:00Z", date(2024, 4, 2)),
        ("05/08/2016", date(2016, 8, 5)),
        ("2018", date(2018, 1, 1)),
        ("Decembre 2018", date(2018, 12, 1)),
        ("43984", date(2020, 6, 2)),
        ("01/01/1970", None),
        ("1970-01-01", None),
        ("31/02/2020", None),
        ("hier", None),
        ("", None),
    ],
)
def test_days_as_sources_write_them(written: str, day: date | None) -> None:
    assert read_day(written) == day


def test_a_revision_of_tomorrow_is_no_date() -> None:
    reader = RecordReader(locator(), SERVICES, "essai", on=date(2024, 1, 30))
    assert reader.read(lieu())[0].updated is None
    assert reader.read(lieu(date_maj="2024-01-30"))[0].updated == date(2024, 1, 30)


@pytest.mark.parametrize(
    ("postcode", "departement"),
    [
        ("57000", "57"),
        ("20000", "2A"),
        ("20200", "2B"),
        ("97400", "974"),
        ("97150", "978"),
        ("98800", "988"),
    ],
)
def test_departements_of_postcodes(postcode: str, departement: str) -> None:
    assert departement_of(postcode) == departement


@pytest.mark.parametrize(
    ("fields", "insee"),
    [
        ({"code_insee": "57463"}, "57463"),
        ({"code_postal": "69003", "commune": "LYON"}, "69383"),
        ({"code_postal": "13014", "commune": "MARSEILLE"}, "13214"),
        ({"code_postal": "57950", "commune": "Montigny les Metz"}, "57480"),
        ({"code_postal": "57036", "commune": "METZ CEDEX 1"}, "57463"),
        ({"code_postal": "", "commune": "", "adresse": "1 place de Chambre 57000 Metz"}, "57463"),
        ({"code_postal": "", "commune": "", "adresse": ""}, "57463"),  # by its coordinates
    ],
)
def test_the_commune_of_a_row(fields: dict[str, str], insee: str) -> None:
    far = {"latitude": "", "longitude": ""} if "code_postal" in fields else {}
    row = {k: str(v) for k, v in (lieu() | far | fields).items()}
    if not row["adresse"]:
        row |= {"latitude": "49.12", "longitude": "6.176"}
    record, _ = RecordReader(locator(), SERVICES, "essai").read(row)
    assert record.insee == insee
