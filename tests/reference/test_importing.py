from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from actions.geo import Point
from actions.places import place
from actions.places.directory import Filters, Query
from actions.places.services import load_services
from actions.reference import Importer, SqlDirectory, open_directory, refresh
from actions.reference.errors import (
    BadDirectoryError,
    DirectoryError,
    ShrunkError,
    SourceUnreachableError,
)
from tests.reference.conftest import DATA, gazetteer, locator
from tests.reference.files import as_csv, lieu, write_csv, write_json

METZ = Point(49.12, 6.18)


def names(directory: SqlDirectory, **filters: bool) -> list[str]:
    page = directory.search(Query(point=METZ, limit=50, filters=Filters(**filters)))  # type: ignore[arg-type]
    return sorted(one.place.name for one in page.found)


# -- what is read -------------------------------------------------------------------------------


def test_schema_0_1(importer: Importer, directory: SqlDirectory, tmp_path: Path) -> None:
    importer.load(
        write_csv(
            tmp_path / "v0.csv",
            lieu(
                services="Prendre en main un ordinateur;Accéder à du matériel",
                conditions_acces="Gratuit : Je peux accéder gratuitement au lieu et à ses services",
                publics_accueillis="Surdité;Seniors (+ 65 ans)",
                modalites_accompagnement="Dans un atelier : j'apprends collectivement à utiliser "
                "le numérique",
                labels_nationaux="CNFS",
                telephone="03 87 00 00 00",
                horaires="Mo-Fr 09:00-12:00",
            ),
        )
    )
    [found] = [one.place for one in directory.search(Query(point=METZ)).found]
    assert found.services == ("ordinateur", "materiel")
    assert (found.free, found.labelled) == (True, False)
    assert found.care == (place.DEAF,)
    assert found.publics == ("Seniors (+ 65 ans)",)
    assert found.supports == (place.WORKSHOP,)
    assert found.programmes == (place.CONSEILLER,)
    assert found.phone == "+33387000000"
    assert (found.insee, found.departement, found.region) == ("57463", "57", "44")
    assert [ref.origin for ref in found.sources] == ["v0.csv"]


def test_schema_1_0(importer: Importer, directory: SqlDirectory, tmp_path: Path) -> None:
    importer.load(
        write_json(
            tmp_path / "v1.json",
            lieu(
                services="Aide aux démarches administratives|Utilisation sécurisée du numérique",
                frais_a_charge="Gratuit sous condition",
                prise_en_charge_specifique="Handicaps moteurs|Langues étrangères (anglais)",
                modalites_accompagnement="Accompagnement individuel|À distance",
                dispositif_programmes_nationaux="France Services|Conseillers numériques"
                "|Aidants Connect|Relais numérique (Emmaüs Connect)",
                itinerance="Itinérant|Fixe",
                modalites_acces="Se présenter|Contacter par mail"
                "|Envoyer un mail avec une fiche de prescription",
                latitude=49.12,
                longitude=6.18,
            ),
        )
    )
    [found] = [one.place for one in directory.search(Query(point=METZ)).found]
    assert found.services == ("demarches", "sante", "securite")
    assert found.prices == (place.FREE_ON_CONDITION,)
    assert found.care == (place.WHEELCHAIR, place.LANGUAGES, place.ENGLISH)
    assert found.supports == (place.ONE_TO_ONE, place.REMOTE)
    assert found.programmes == (place.FRANCE_SERVICES, place.CONSEILLER)
    assert found.networks == (place.AIDANTS_CONNECT, "Relais numérique (Emmaüs Connect)")
    assert found.itinerance == (place.ITINERANT, place.FIXED)
    assert found.access == (place.WALK_IN, place.WRITE, place.PRESCRIBED)
    assert found.free  # by its programmes
    assert not found.labelled


@pytest.mark.parametrize(
    "fields",
    [
        {"conditions_acces": "Payant : L'accès est payant;Accepte le Pass numérique : Il est…"},
        {"labels_nationaux": "France Services;APTIC"},
        {"pass_numerique": "1"},
    ],
)
def test_what_makes_a_place_labelled(
    importer: Importer, directory: SqlDirectory, tmp_path: Path, fields: dict[str, str]
) -> None:
    importer.load(
        write_csv(tmp_path / "a.csv", lieu("Oui", **fields), lieu("Non", pass_numerique="0"))
    )
    assert names(directory, labelled=True) == ["Oui"]


# -- bad rows -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"nom": " "}, "nom absent"),
        (
            {"latitude": "0", "longitude": "0", "commune": "Nulle Part", "code_postal": "00000"},
            "coordonnées 0, 0",
        ),
        (
            {"latitude": "", "longitude": "", "commune": "Nulle Part", "code_postal": "00000"},
            "ni coordonnées ni commune connue",
        ),
    ],
)
def test_a_bad_row_is_skipped_with_its_line_and_reason(
    importer: Importer,
    directory: SqlDirectory,
    tmp_path: Path,
    fields: dict[str, str],
    reason: str,
) -> None:
    path = write_csv(tmp_path / "a.csv", lieu("Bon"), lieu() | fields, lieu("Autre"))
    report = importer.load(path)
    assert [(note.line, reason in note.reason) for note in report.skipped] == [(3, True)]
    assert (report.read, report.kept) == (3, 2)
    assert names(directory) == ["Autre", "Bon"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"latitude": "0", "longitude": "0"}, "coordonnées 0, 0"),
        ({"latitude": "40.4", "longitude": "-3.7"}, "hors de France"),
        ({"latitude": "6789183.34", "longitude": "352113.49"}, "hors de France"),
        ({"latitude": "nord", "longitude": "6.1"}, "illisible"),
        ({"latitude": "nan", "longitude": "6.1"}, "hors de France"),
    ],
)
def test_coordinates_that_cannot_be_right_leave_a_place_at_its_commune(
    importer: Importer,
    directory: SqlDirectory,
    tmp_path: Path,
    fields: dict[str, str],
    reason: str,
) -> None:
    report = importer.load(write_csv(tmp_path / "a.csv", lieu("Bon") | fields))
    assert reason in report.repaired[0].reason
    assert names(directory) == ["Bon"]


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"nom": "MÃ©diathÃ¨que"}, "Médiathèque"),
        ({"nom": "Espace <b>num&eacute;rique</b>"}, "Espace numérique"),
        ({"commune": "Metz 57000", "code_postal": "57000", "code_insee": ""}, "Lieu"),
    ],
)
def test_what_a_source_spoiled_is_read_as_meant(
    importer: Importer,
    directory: SqlDirectory,
    tmp_path: Path,
    fields: dict[str, str],
    shown: str,
) -> None:
    importer.load(write_csv(tmp_path / "a.csv", lieu("Lieu") | fields))
    assert names(directory) == [shown]


def test_a_telephone_that_cannot_be_read_is_reported(importer: Importer, tmp_path: Path) -> None:
    report = importer.load(write_csv(tmp_path / "a.csv", lieu("Lieu") | {"telephone": "12"}))
    assert "téléphone illisible" in report.repaired[0].reason


def test_swapped_coordinates_are_put_in_order(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    report = importer.load(write_csv(tmp_path / "a.csv", lieu(latitude="6,18", longitude="49,12")))
    assert "inversées" in report.repaired[0].reason
    assert directory.search(Query(point=METZ)).found[0].distance_m == 0


def test_a_place_without_coordinates_is_in_its_commune(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    importer.load(write_csv(tmp_path / "a.csv", lieu(latitude="", longitude="")))
    found = directory.search(Query(point=METZ)).found[0]
    assert found.place.approximate
    assert found.distance_m is not None
    assert found.distance_m < 5_000


def test_coordinates_far_from_the_commune_are_not_believed(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", lieu(latitude="43.5", longitude="5.4"))
    assert "km de la commune" in importer.load(path).repaired[0].reason
    assert directory.search(Query(point=METZ)).found[0].place.approximate


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([lieu("Médiathèque, été")], delimiter).encode(encoding))
    directory = open_directory(f"sqlite:///{tmp_path / 'r.sqlite'}", DATA, gazetteer())
    Importer(directory.engine, locator(), load_services(DATA)).load(str(path))
    assert names(directory) == ["Médiathèque, été"]


# -- bad files ----------------------------------------------------------------------------------

_GOOD = as_csv([lieu("Un"), lieu("Deux", latitude="49.2")])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "vide"),
        (b"<!DOCTYPE html><html><body>Erreur 404</body></html>", "HTML"),
        (b"%PDF-1.4 \x00\x01", "archive ou un document"),
        (b"\x00\x01\x02" * 50, "binaire"),
        (b"produit,prix\nstylo,2\n", "pas un annuaire"),
        (b'{"erreur": "interdit"}', "pas une liste"),
        (b'[{"nom": "A", "lati', "tronqué"),
        (b"[" * 200_000, "tronqué"),
        (json.dumps([{"prix": 2}]).encode(), "pas un annuaire"),
        (_GOOD[:-30].encode(), "tronquée"),
        ((_GOOD + '"Trois","guillemet ouvert').encode(), "tronquée"),
        ((_GOOD + '"Trois","guillemet ouvert\n').encode(), "tronquée"),
        (b"nom," + b"x" * 70_000, "démesurée"),
        (as_csv([lieu("")]).encode(), "aucun lieu utilisable"),
        ((_GOOD + "x" * 200_000 + ",\n").encode(), "démesuré"),
    ],
)
def test_a_bad_file_changes_nothing(
    importer: Importer, directory: SqlDirectory, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(_GOOD, encoding="utf-8")
    importer.load(str(path))
    path.write_bytes(content)
    with pytest.raises(BadDirectoryError, match=says) as error:
        importer.load(str(path))
    assert "\n" not in str(error.value)
    assert names(directory) == ["Deux", "Un"]


def test_a_missing_file_a_folder_and_a_huge_file(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreachableError, match="n'existe pas"):
        importer.load(str(tmp_path / "absent.csv"))
    with pytest.raises(SourceUnreachableError, match="dossier"):
        importer.load(str(tmp_path))
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(2 << 30)  # two gigabytes of one line, sparse
    with pytest.raises(SourceUnreachableError, match="trop gros"):
        importer.load(str(huge))


# -- several sources ----------------------------------------------------------------------------


def test_one_place_in_two_sources_is_one_place_with_both(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    importer.load(
        write_csv(
            tmp_path / "a.csv",
            lieu("Médiathèque du Saulcy", pass_numerique="1", date_maj="2021-01-01"),
        )
    )
    first = directory.search(Query(point=METZ)).found[0].place
    report = importer.load(
        write_csv(
            tmp_path / "b.csv",
            lieu(
                "MEDIATHEQUE SAULCY",
                latitude="49.1203",
                adresse="1, rue de l'exemple",
                horaires="Mo-Fr 09:00-12:00",
                date_maj="2024-05-01",
            ),
        )
    )
    assert (report.places, report.merged) == (1, 1)
    [merged] = [one.place for one in directory.search(Query(point=METZ)).found]
    assert merged.id == first.id
    assert merged.labelled
    assert merged.hours_osm == "Mo-Fr 09:00-12:00"
    assert [(ref.origin, str(ref.updated)) for ref in merged.sources] == [
        ("b.csv", "2024-05-01"),
        ("a.csv", "2021-01-01"),
    ]


def test_importing_again_updates_and_removes_only_what_left_that_source(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    def somewhere(name: str, north: float, **fields: str) -> dict[str, str]:
        return lieu(name, latitude=str(49.1 + north), adresse=f"{name} rue", **fields)

    path = tmp_path / "a.csv"
    importer.load(write_csv(path, somewhere("Alpha", 0), somewhere("Bravo", 0.01)))
    importer.load(write_csv(tmp_path / "b.csv", somewhere("Charlie", 0.02)))
    kept = {one.place.name: one.place.id for one in directory.search(Query(point=METZ)).found}
    report = importer.load(
        write_csv(path, somewhere("Delta", 0.03), somewhere("Alpha", 0, telephone="0387000000"))
    )
    assert (report.added, report.updated, report.unchanged, report.removed) == (1, 1, 0, 1)
    assert names(directory) == ["Alpha", "Charlie", "Delta"]
    [alpha] = directory.get([kept["Alpha"]])
    assert alpha.phone == "+33387000000"


def test_importing_the_same_file_twice_changes_nothing(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", *(lieu(f"Lieu {n}") for n in range(30)))
    importer.load(path)
    before = directory.search(Query(point=METZ, limit=50))
    report = importer.load(path)
    assert report.not_modified
    assert (report.read, report.unchanged) == (0, 30)
    report = importer.load(path, force=True)
    assert not report.not_modified
    assert (report.added, report.updated, report.removed, report.unchanged) == (0, 0, 0, 30)
    assert directory.search(Query(point=METZ, limit=50)) == before


def test_the_order_of_rows_does_not_matter(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    rows = [lieu(f"Lieu {n}", latitude=str(49.1 + n % 3 / 1e4)) for n in range(12)]
    rows += [lieu("Lieu  5", id="autre"), lieu("LIEU 6", id="encore")]
    importer.load(write_csv(tmp_path / "a.csv", *rows))
    before = directory.search(Query(point=METZ, limit=50))
    importer.load(write_csv(tmp_path / "a.csv", *reversed(rows)))
    assert directory.search(Query(point=METZ, limit=50)) == before


def test_readers_see_whole_versions_only(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    """While imports alternate two directories, each search sees one of them, entire."""

    def version(letter: str) -> str:
        rows = [lieu(f"{letter}{n}", latitude=str(49.1 + n / 100)) for n in range(20)]
        path = tmp_path / f"{letter}" / "a.csv"
        path.parent.mkdir(exist_ok=True)
        return write_csv(path, *rows)

    paths = [version("A"), version("B")]
    importer.load(paths[0])
    done = threading.Event()
    seen: set[str] = set()
    wrong: list[list[str]] = []

    def read() -> None:
        while not done.is_set():
            found = names(directory)
            letters = {name[0] for name in found}
            seen.update(letters)
            if len(found) != 20 or len(letters) != 1:
                wrong.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(6):
        importer.load(paths[(turn + 1) % 2])
    done.set()
    reader.join()
    assert not wrong
    assert seen == {"A", "B"}


# -- demonstration ------------------------------------------------------------------------------


def test_the_demonstration_serves_until_the_first_real_import(
    reference_url: str, tmp_path: Path
) -> None:
    directory = open_directory(reference_url, DATA, gazetteer())
    assert directory.is_demonstration
    assert len(names(directory, labelled=True)) >= 5
    assert all("démonstration" in name for name in names(directory))
    importer = Importer(directory.engine, locator(), load_services(DATA))
    importer.load(write_csv(tmp_path / "a.csv", lieu("Vrai lieu")))
    assert not directory.is_demonstration
    assert names(directory) == ["Vrai lieu"]
    again = open_directory(reference_url, DATA, gazetteer())
    assert names(again) == ["Vrai lieu"]


def test_a_failed_first_import_leaves_the_demonstration(reference_url: str, tmp_path: Path) -> None:
    directory = open_directory(reference_url, DATA, gazetteer())
    bad = tmp_path / "a.csv"
    bad.write_text("<html>", encoding="utf-8")
    with pytest.raises(DirectoryError):
        Importer(directory.engine, locator(), load_services(DATA)).load(str(bad))
    assert directory.is_demonstration
    assert names(directory)


def test_another_version_of_the_code_reads_an_unchanged_file_again(
    importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", lieu("Un"))
    importer.load(path)
    assert importer.load(path).not_modified
    monkeypatch.setattr("actions.reference.importing._reading", lambda: "another")
    assert importer.load(path).read == 1


# -- refresh ------------------------------------------------------------------------------------


def test_refresh_goes_on_after_a_source_that_fails(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    good = write_csv(tmp_path / "a.csv", lieu("Un"))
    done = refresh(importer, [str(tmp_path / "absent.csv"), good])
    assert isinstance(done[0], SourceUnreachableError)
    assert not isinstance(done[1], Exception)
    assert names(directory) == ["Un"]


def test_refresh_keeps_what_it_had_of_a_source_that_shrinks(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    rows = [lieu(f"Lieu {n}", latitude=str(49 + n / 10)) for n in range(4)]
    sources = [write_csv(one, *rows), write_csv(other, lieu("Autre", latitude="49.9"))]
    refresh(importer, sources)
    write_csv(one, rows[0], *(row | {"nom": ""} for row in rows[1:]))  # rows without a use
    write_csv(other, lieu("Autre", latitude="49.9"), lieu("Nouveau", latitude="49.7"))
    shrunk, grown = refresh(importer, sources)
    assert isinstance(shrunk, ShrunkError)
    assert (shrunk.before, shrunk.now) == (4, 1)
    assert not isinstance(grown, Exception)
    assert grown.added == 1
    assert directory.stats().places == 6
    accepted, _ = refresh(importer, sources, force=True)
    assert not isinstance(accepted, Exception)
    assert accepted.removed == 3
    assert directory.stats().places == 3


def test_several_processes_may_start_at_once(reference_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = [pool.submit(open_directory, reference_url, DATA, gazetteer()) for _ in range(4)]
        directories = [one.result() for one in opened]
    assert {directory.stats().places for directory in directories} == {25}
    assert all(directory.is_demonstration for directory in directories)


def test_a_name_and_a_postcode_outvote_a_code(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    row = lieu("Lieu") | {"commune": "Metz", "code_postal": "57000", "code_insee": "35238"}
    report = importer.load(write_csv(tmp_path / "a.csv", row))
    assert "code INSEE 35238 écarté" in report.repaired[0].reason
    assert directory.search(Query(point=METZ)).found[0].place.commune == "Metz"


METZ_CLUES = {"code_insee": "57463", "commune": "Metz", "code_postal": "57000"}
METZ_CLUES |= {"latitude": "49.12", "longitude": "6.18"}
RENNES_CLUES = {"code_insee": "35238", "commune": "Rennes", "code_postal": "35000"}
RENNES_CLUES |= {"latitude": "48.11", "longitude": "-1.68"}
POINT = ("latitude", "longitude")


@pytest.mark.parametrize(
    "case",
    [
        (("code_insee",), (), "Metz", "code INSEE 35238 écarté : le nom, le code postal et les"),
        (("commune",), (), "Metz", "commune « Rennes » écartée : le code INSEE, le code postal"),
        (("code_postal",), (), "Metz", "code postal 35000 écarté : le code INSEE, le nom et les"),
        (POINT, (), "Metz", "km de la commune"),
        # Of three clues, two.
        (("code_insee",), ("commune",), "Metz", "le code postal et les coordonnées disent Metz"),
        (("code_insee",), ("code_postal",), "Metz", "le nom et les coordonnées disent Metz"),
        (("code_postal",), ("code_insee",), "Metz", "le nom et les coordonnées disent Metz"),
        (("commune",), ("code_insee",), "Metz", "le code postal et les coordonnées disent Metz"),
        (POINT, ("code_insee",), "Metz", "km de la commune"),
        (("code_insee", *POINT), ("code_postal",), "Rennes", "commune « Metz » écartée"),
        (("code_insee", "code_postal"), ("commune",), "Rennes", "km de la commune"),
        # Two against two: the code wins, and it is said.
        (("code_insee", *POINT), (), "Rennes", "écartés : le code INSEE et les coordonnées"),
        ((), ("code_insee", "code_postal"), "Metz", ""),
        ((), (), "Metz", ""),
    ],
)
def test_the_majority_of_code_name_postcode_and_point_wins(
    importer: Importer,
    directory: SqlDirectory,
    tmp_path: Path,
    case: tuple[tuple[str, ...], tuple[str, ...], str, str],
) -> None:
    """A case: what is said as of Rennes, what is not said, the commune found, and the note."""
    told_by_rennes, absent, commune, note = case
    row = lieu("Lieu") | METZ_CLUES | {name: RENNES_CLUES[name] for name in told_by_rennes}
    report = importer.load(write_csv(tmp_path / "a.csv", row | dict.fromkeys(absent, "")))
    assert [note in one.reason for one in report.repaired] == [True] * bool(note)
    page = directory.search(Query(departements=frozenset({"57", "35"})))
    [found] = [one.place for one in page.found]
    assert found.commune == commune
    assert found.postcode.startswith("57" if commune == "Metz" else "35")


def test_a_programme_implies_what_no_source_lists(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    importer.load(write_csv(tmp_path / "a.csv", lieu("France Services Exemple")))
    [found] = directory.search(Query(point=Point(49.12, 6.18), radius_m=50_000.0)).found
    assert found.place.implied
    assert found.place.services == ("demarches",)
    # Another source lists what the same place does: that is what it does.
    row = lieu("France Services Exemple", services="Accéder à du matériel")
    importer.load(write_csv(tmp_path / "b.csv", row))
    [found] = directory.search(Query(point=Point(49.12, 6.18), radius_m=50_000.0)).found
    assert not found.place.implied
    assert "materiel" in found.place.services
