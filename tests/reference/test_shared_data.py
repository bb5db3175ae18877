"""Real directories, where they are at hand (never committed): memory, reports."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from actions.geo import Point
from actions.places.directory import Filters, Query
from actions.reference import Importer, SqlDirectory
from bot.settings import PROJECT_ROOT

SHARED = PROJECT_ROOT.parent / "shared"
DIRECTORY = SHARED / "directory"

pytestmark = pytest.mark.skipif(
    not DIRECTORY.is_dir(), reason="the real directories are not on this machine (../shared)"
)

MEASURE = """
import json, re, sys
from pathlib import Path
from actions.reference import open_importer
importer = open_importer(sys.argv[1], Path(sys.argv[2]))
report = importer.load(sys.argv[3])
# Not ru_maxrss: it counts the parent's memory, which a child has until its program starts.
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps({
    "megabytes": int(peak[1]) / 1024,
    "read": report.read, "kept": report.kept, "merged": report.merged, "places": report.places,
    "skipped": len(report.skipped),
}))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_a_national_file_is_imported_in_little_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            MEASURE,
            f"sqlite:///{tmp_path / 'r.sqlite'}",
            str(PROJECT_ROOT / "data" / "places"),
            str(DIRECTORY / "lieux_consolides.csv"),
        ],
        check=True,
        capture_output=True,
        cwd=PROJECT_ROOT,
    )
    report = json.loads(done.stdout)
    assert report["megabytes"] <= 300
    assert report["read"] == 17_982
    assert report["read"] == report["kept"] + report["skipped"]
    assert report["kept"] == report["places"] + report["merged"]
    assert report["merged"] > 3_000
    assert report["skipped"] < 100


def test_the_directory_of_a_region_in_schema_0_1(
    importer: Importer, directory: SqlDirectory
) -> None:
    report = importer.load(str(DIRECTORY / "auvergne_rhone_alpes_schema_0.1.json"))
    assert (report.read, report.kept, report.skipped) == (687, 687, [])
    labelled = directory.search(
        Query(point=Point(45.76, 4.85), filters=Filters(labelled=True), limit=3)
    )
    assert len(labelled.found) == 3
    assert all(one.place.services for one in labelled.found)


@pytest.mark.parametrize("name", ["exemple-valide_v0.1.1.csv", "exemple-valide_v1.0.2.csv"])
def test_the_valid_examples_of_the_schemas(importer: Importer, name: str) -> None:
    report = importer.load(str(SHARED / "schema" / name))
    assert (report.kept, report.skipped) == (1, [])
    assert report.labelled == (1 if "v0" in name else 0)


def test_both_files_of_labelled_places_are_the_same_places(
    importer: Importer, directory: SqlDirectory
) -> None:
    small = importer.load(str(DIRECTORY / "lieux_pass_numerique.csv"))
    both = importer.load(str(DIRECTORY / "lieux_consolides.csv"))
    assert both.labelled == small.labelled
    [place] = directory.search(Query(point=Point(45.83, 1.26), limit=1)).found[:1]
    assert place.place.departement == "87"
