"""Who got an aid, as far as the texts know: by region, as a table and a sentence.

The press release of the Grand Est misprints its total; only «près de 1,5 million d'euros» is
said, never a figure made by adding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.french import euros
from actions.programme.calls import calls
from actions.programme.fact import Fact, Facts, FactsAt, FactSource
from actions.words import Words

GRAND_EST = "44"
"""INSEE code of the only région whose winners the texts name."""
_WINNERS = (("moselle_fibre", 2020), ("verdun", 2020), ("strasbourg", 2019))


@dataclass(frozen=True, slots=True)
class Winner:
    """A porteur who got an aid."""

    name: str
    call: int
    region: str
    """INSEE code."""
    aid_eur: int | None
    """``None`` where the texts do not tell."""
    purchase_eur: int | None
    sources: tuple[FactSource, ...]

    @property
    def row(self) -> tuple[str, str, str, str]:
        """Name, call, aid and purchase as they read in a table."""
        aid, purchase = (
            "non connu" if amount is None else euros(amount)
            for amount in (self.aid_eur, self.purchase_eur)
        )
        return self.name, str(self.call), aid, purchase


@dataclass(frozen=True, slots=True)
class Winners:
    """What is known of a région, or of France."""

    winners: tuple[Winner, ...]
    sentences: tuple[str, ...]
    sources: tuple[FactSource, ...]


def winners_at(facts: Facts, phrases: Words, on: date, region: str = "") -> Winners:
    """Tell the winners known on a day.

    Args:
        facts: Of the programme.
        phrases: Of the simulation.
        on: The day; nothing is told before a call.
        region: INSEE code of a région; empty for all that is known.
    """
    known = facts.at(on)
    found = tuple(w for name, call in _WINNERS if (w := _winner(known, name, call)) is not None)
    if region and region != GRAND_EST:
        return Winners((), (phrases("winners.unknown_region"),), ())
    if not found:
        return Winners((), (phrases("winners.none_yet"),), ())
    first_call = calls(facts)[0]
    sentences = [_sentence(winner, phrases) for winner in found]
    cited: list[Fact] = []
    if "laureats.grand_est_total" in known:
        total, rank, share, count = (
            known[f"laureats.grand_est_{name}"] for name in ("total", "rang", "part", "soutenus")
        )
        sentences.insert(
            0,
            phrases(
                "winners.region",
                region=total.territory,
                total=str(total),
                rank=str(rank),
                share=str(share),
                count=str(count),
                call=str(first_call),
            ),
        )
        cited.append(total)
    if not region:
        first, other = known["laureats.nombre_2019"], known["laureats.nombre_2019_autre"]
        sentences.append(
            phrases("winners.national", call=str(first_call), count=str(first), other=str(other))
        )
        cited.extend((first, other))
    told = [source for winner in found for source in winner.sources]
    told.extend(source for fact in cited for source in fact.sources)
    sources = {source.id: source for source in told}
    return Winners(found, tuple(sentences), tuple(sources.values()))


def _winner(known: FactsAt, name: str, call: int) -> Winner | None:
    if f"laureats.{name}_nom" not in known:
        return None
    told = known[f"laureats.{name}_nom"]
    aid, purchase = (
        int(known[fact].number) if (fact := f"laureats.{name}_{part}") in known else None
        for part in ("aide", "achat")
    )
    return Winner(str(told), call, GRAND_EST, aid, purchase, told.sources)


def _sentence(winner: Winner, phrases: Words) -> str:
    name, call, aid, purchase = winner.row
    if winner.aid_eur is None:
        return phrases("winners.winner_no_amount", name=name, call=call)
    return phrases("winners.winner", name=name, call=call, aid=aid, purchase=purchase)
