"""Who applies, from a name, a kind or a SIREN in a sentence.

The kinds and what the texts say of them are data (``data/programme/simulation/candidats.yaml``);
names are looked for in the gazetteer. The words decide the kind, the gazetteer the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from actions.programme.kinds import PorteurKind
from actions.programme.porteur_names import LIGATURES, BodyNames, NamedPlace
from actions.programme.siren import read_sirens, reading_of_siren
from actions.reading.fold import fold
from actions.reading.quantities.tokens import flatten
from actions.reading.territory.gazetteer import Commune, Epci, Gazetteer

GENERIC = "collectivite"
"""Kind of what may be any collectivité: any other mention is better."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as far as the text says."""

    kind: PorteurKind
    label: str
    """Its name when it is known, else its kind, as it reads in a sentence."""
    epci: Epci | None = None
    """The intercommunalité itself, or the one of a lone commune."""
    commune: Commune | None = None
    siren: str = ""


@dataclass(frozen=True, slots=True)
class _Mention:
    kind: PorteurKind
    start: int
    end: int
    rank: int
    """Lower is likelier to be who speaks."""
    text: str = field(default="", compare=False)


_SELF = re.compile(
    r"(?:\b(?:je suis|nous sommes|on est|c est|moi|ici|mon|ma|notre|nos|nous|en tant que|au nom de"
    r"|pour le compte de|president\w*|vice president\w*|directeur|directrice|dgs|agent|elue?"
    r"|charge\w* de mission|technicien\w*|travaille)(?: \w+){0,3}?)"
    r"(?: (?:a|au|aux|de|du|des|d|l|la|le|les|un|une|d un|d une|dans|pour|petite?|grande?))* $"
)
_ASIDE = re.compile(
    r"\b(?:par|avec|via|chez|aux|dans|sur|en|membres? (?:de|d|du)|parmi|aupres"
    r"|habitants? (?:de|du|d)"
    r"|distribu\w+ (?:a|au|par)|partenaires?|appartient|appartenant|dependant|rattache\w*"
    r"|publics?|beneficiaires?|destines?|destination|accueillis|places?|adherent\w*|faisant partie|"
    r"fait partie|pour (?:les|des|nos|que)|aide (?:de|d)|subvention (?:de|d)|sans|centre|autour de"
    r"|territoire (?:de|du|d)|agents? (?:de|du|des|d)|echelle (?:de|d|du))"
    r"(?: (?:a|au|de|du|des|d|l|la|le|les|un|une|notre|nos|ma|mon|votre|vos|cette|ce"
    r"|toute|tous))* $"
)
_AT_WORK = re.compile(
    r"\b(?:travaill\w+|agente?|elue?|poste|employee?|stagiaire|mission) (?:\w+ ){0,4}$"
)
_OF = re.compile(r"\s+(?:de|du|d|des)(?:\s+(?:la|l|notre|ma|mon|nos|votre))?\s+")
_ALONE = re.compile(
    r"\b(?:seule?s?|isolee?|toute seule|sans (?:les|l|aucune?) (?:autres?|voisin\w*))\b"
)
_GROUPED = re.compile(
    r"\ben groupement\b|\b(?:se|nous) (?:re)?group\w+|\bregroupees?\b|\bs associent\b"
    r"|(?<!l )\bensemble\b(?! d)|\bcom+unes de \w+\s+\w+ et \w+"
)
_BUYS = re.compile(
    r"^(?: (?!qui\b)\w+){0,4} +qui +(?:va +)?(?:achet|port|pai|paye|financ|command|candidat|depos)"
)
_PARDON = re.compile(r"\b(?:pardon|enfin|plutot|non)\b(?: \w+){0,3}\s*$")
_WITH_EPCI = re.compile(r"^.{0,60}?\b(?:et|avec|via)(?: \w+){0,2} $")
_PLURAL_PUBLIC = frozenset({"association", "entreprise", "particulier", "organisme", "commune"})


class ApplicantReader:
    """Reads who applies. Built once: it indexes the names of the gazetteer."""

    def __init__(self, kinds: Sequence[PorteurKind], gazetteer: Gazetteer) -> None:
        self._kinds = kinds
        self._by_id = {kind.id: kind for kind in kinds}
        self._gazetteer = gazetteer
        self._names = BodyNames(gazetteer)

    def read(self, text: str) -> Applicant | None:
        """Return who applies; ``None`` when the text does not say."""
        if (from_siren := self._from_siren(text)) is not None:
            return from_siren
        words = _words_of(text)
        named = self._names.find(words)
        whole = [n for n in named if n.kind == "epci" and n.full]
        mentions = [
            mention
            for mention in self._mentions(text, words)
            if mention.kind.id in ("epci", "ept")
            or not any(n.start <= mention.start < n.end for n in whole)
        ]
        mentions = [_ranked(mention, mentions, words) for mention in mentions]
        mentions.sort(key=lambda m: (m.rank, m.start, -m.end))
        if not mentions:
            return self._from_name(text, words, named)
        mention = self._corrected(mentions[0], mentions, words)
        mention = self._together(mention, mentions, words)
        return self._named(mention, named, text, words)

    def _mentions(self, text: str, words: str) -> Iterator[_Mention]:
        taken: list[tuple[int, int]] = []
        found: list[_Mention] = []
        for kind in self._kinds:
            for match in kind.pattern.finditer(words):
                found.append(self._mention(kind, match, words))
            for match in kind.capitals.finditer(text) if kind.capitals else ():
                found.append(self._mention(kind, match, words))
        found.sort(key=lambda m: (m.start - m.end, self._kinds.index(m.kind)))
        for mention in found:
            if not any(start < mention.end and mention.start < end for start, end in taken):
                taken.append((mention.start, mention.end))
                yield mention

    def _mention(self, kind: PorteurKind, match: re.Match[str], words: str) -> _Mention:
        before = re.sub(r" +", " ", words[: match.start()])
        rank = 1
        if _ASIDE.search(before[-60:]) and not _AT_WORK.search(before[-60:]):
            rank = 3
        elif _SELF.search(before[-60:]):
            rank = 0
        plural = match.group().endswith("s") and not re.search(r"\b(?:nos|notre)\b \S*$", before)
        if plural and kind.id in _PLURAL_PUBLIC and len(match.group()) > 4:
            rank = max(rank, 2)
        return _Mention(kind, match.start(), match.end(), rank, match.group())

    def _corrected(self, first: _Mention, mentions: Sequence[_Mention], words: str) -> _Mention:
        """Follow «non, pardon» and «c'est l'agglo qui achète»."""
        for other in mentions:
            if _BUYS.match(words[other.end : other.end + 60]):
                return other
            if other.start > first.end and _PARDON.search(words[first.end : other.start]):
                return other
        return first

    def _together(self, first: _Mention, mentions: Sequence[_Mention], words: str) -> _Mention:
        """A commune that comes with others, or with its intercommunalité, is not alone."""
        if first.kind.id != "commune":
            return first
        if _GROUPED.search(words) and not _ALONE.search(words):
            return replace(first, kind=self._by_id["groupement_de_communes"])
        for other in mentions:
            if other.kind.id == "groupement_de_communes" and not _ALONE.search(words):
                before = words[max(0, other.start - 25) : other.start]
                if not re.search(r"\b(?:nee?|issue?|fusion|ancien\w*) (?:\w+ )*$", before):
                    return other
            between = words[first.end : other.start]
            if other.kind.id == "epci" and 0 < len(between) < 60 and _WITH_EPCI.search(between):
                return other
        return first

    def _named(
        self, mention: _Mention, named: Sequence[NamedPlace], text: str, words: str
    ) -> Applicant:
        kind = mention.kind
        around = [n for n in named if _touches(n, mention, words)]
        if kind.id in ("epci", "ept"):
            epcis = [n for n in around if isinstance(n.place, Epci)] or [
                n for n in named if isinstance(n.place, Epci) and n.full
            ]
            if epcis:
                best = max(epcis, key=lambda n: (n.full, n.end - n.start))
                assert isinstance(best.place, Epci)  # noqa: S101 - narrowed just above
                return Applicant(self._kind_of(best.place), best.place.name, best.place)
        if kind.id == "commune":
            after = [
                n
                for n in named
                if isinstance(n.place, Commune)
                and n.start >= mention.end
                and (n in around or text[n.start].isupper())
            ]
            if after:
                return self._commune(kind, max(after, key=lambda n: (n in around, n.end - n.start)))
            own = [n.place for n in named if isinstance(n.place, Epci) and (n.full or n.distinct)]
            return Applicant(kind, kind.label, own[0] if own else None)
        if kind.id == GENERIC:
            territories = [n for n in named if n.kind in ("departement", "region")]
            if territories:
                kind = self._by_id[territories[0].kind]
                return Applicant(kind, f"{kind.label} ({territories[0].place.name})")
        label = self._names.label_after(kind.id, words, mention.start, mention.end)
        return Applicant(kind, label or kind.label)

    def _commune(self, kind: PorteurKind, named: NamedPlace) -> Applicant:
        commune = named.place
        assert isinstance(commune, Commune)  # noqa: S101 - the caller has looked
        if named.shared:
            return Applicant(kind, f"commune ({commune.name})")
        epci = self._gazetteer.epcis.get(commune.epci_siren)
        return Applicant(kind, f"commune ({commune.name})", epci, commune)

    def _kind_of(self, epci: Epci) -> PorteurKind:
        return self._by_id["ept" if epci.kind == "EPT" else "epci"]

    def _from_name(self, text: str, words: str, named: Sequence[NamedPlace]) -> Applicant | None:
        """A bare name: «le Grand Chambéry veut…», «Metz souhaite…», «la Meuse achète…»."""
        for name in sorted(named, key=lambda n: n.start - n.end):
            if isinstance(name.place, Epci) and (name.full or name.distinct):
                return Applicant(self._kind_of(name.place), name.place.name, name.place)
        for name in named:
            if not self._names.speaks(text, words, name):
                continue
            if isinstance(name.place, Commune):
                kind = self._by_id["paris" if name.place.code == "75056" else "commune"]
                return self._commune(kind, name)
            if not isinstance(name.place, Epci):
                kind = self._by_id[name.kind]
                return Applicant(kind, f"{kind.label} ({name.place.name})")
        return None

    def _from_siren(self, text: str) -> Applicant | None:
        for siren in read_sirens(text):
            epci = self._gazetteer.epcis.get(siren)
            if epci is not None:
                return Applicant(self._kind_of(epci), epci.name, epci, siren=siren)
            kind_id, insee = reading_of_siren(siren)
            commune = self._gazetteer.communes.get(insee)
            if commune is not None:
                own = self._gazetteer.epcis.get(commune.epci_siren)
                kind = self._by_id["paris" if insee == "75056" else "commune"]
                return Applicant(kind, f"commune ({commune.name})", own, commune, siren)
            if self.read(_without_digits(text)) is None:
                kind = self._by_id[kind_id]
                return Applicant(kind, f"{kind.label} (SIREN {siren})", siren=siren)
        return None


def _ranked(mention: _Mention, mentions: Sequence[_Mention], words: str) -> _Mention:
    """Put last what only says whose the applicant is («le CCAS de notre commune»)."""
    if mention.kind.id == GENERIC:
        return replace(mention, rank=max(mention.rank, 2))
    for other in mentions:
        if other.kind.id != GENERIC and _OF.fullmatch(words[other.end : mention.start]):
            return replace(mention, rank=3)
    return mention


def _without_digits(text: str) -> str:
    return re.sub(r"\d", " ", text)


def _words_of(text: str) -> str:
    """Lower case words without accents, at the same positions as in the text."""
    return re.sub(r"[^a-z0-9]", " ", flatten(text).translate(LIGATURES))


def _touches(named: NamedPlace, mention: _Mention, words: str) -> bool:
    """Tell whether a name overlaps a mention or follows it, but for articles."""
    if named.start < mention.end and mention.start < named.end:
        return True
    between = fold(words[mention.end : named.start]) if named.start >= mention.end else "far"
    return all(w in ("de", "du", "des", "d", "la", "le", "les", "l") for w in between.split())
