"""The index of names from tables kept on disk says what one made anew says."""

from __future__ import annotations

from pathlib import Path

from actions.reading.territory.gazetteer import Gazetteer
from actions.reading.territory.name_tables import name_tables
from actions.reading.territory.names import NameIndex
from actions.shelf import Shelf


def test_kept_tables_read_as_new_ones(gazetteer: Gazetteer, tmp_path: Path) -> None:
    tables = name_tables(gazetteer)
    shelf = Shelf(tmp_path, b"x" * 32)
    shelf.keep("names", lambda: tables)
    kept = shelf.keep("names", dict)  # read back: nothing is made
    assert kept == tables

    anew, again = NameIndex(gazetteer, tables), NameIndex(gazetteer, kept)
    for phrase in ("metz", "saint denis", "la reunion", "grand est", "cc du pays de bitche"):
        assert again.exact(phrase) == anew.exact(phrase)
    for words in (["bordo"], ["clermon", "feran"], ["stdenis"]):
        assert again.similar(words) == anew.similar(words) != []
    assert again.territories.by_postcode["57000"] == anew.territories.by_postcode["57000"]
    assert again.territories.departements["57"].label == "Moselle"
    assert again.exact("zzz") == []
