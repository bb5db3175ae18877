"""SMS spelling put back into words, for the few readers that match whole words.

Only contractions and endings that sound the same are undone («jveu crevé», «chui batu»): the
result is for matching, never shown.
"""

from __future__ import annotations

import re

_CONTRACTIONS: tuple[tuple[str, str], ...] = (
    (r"j ?(?:veu[xts]?|ve|vx|veus)", "je veux"),
    (r"j ?(?:vai[st]?|ve?s|v)", "je vais"),
    (r"(?:je |j ?)(?:voudrai|vvoudrai|voudre|voudrait)", "je voudrais"),
    (r"(?:je |j ?)(?:peu[xt]?|pe|px)", "je peux"),
    (r"(?:jen|j en) (?:peu[xt]?|pe)", "j en peux"),
    (r"(?:chui[st]?|chuis?|jsuis?|j suis?|jsui[st]?|je sui)", "je suis"),
    (r"(?:g|jai|j ai|j er|jer)", "j ai"),
    (r"(?:c|sa|ce)(?= fini\b)", "c est"),
    (r"ve(?= (?:se|s)\b)", "veut"),
    (r"(?:pu|plu)", "plus"),
    (r"(?:pa)", "pas"),
    (r"ke|qe", "que"),
    (r"ki", "qui"),
    (r"mem|mm", "meme"),
    (r"mn", "mon"),
    (r"(?:qqun|qqn|kelkun|quelquun|kelk1|qlq1|qq1)", "quelqu un"),
    (r"(?:sest|ses)(?= (?:evanoui|effondr|ecroul|ouver|pend|coup))", "s est"),
    (r"(?:ma|m a)(?= (?:frap|tap|bat|gifl|cogn|etrangl|viol|mena|poignard|tabass))", "m a"),
    (r"ya|y a|ya|ia|il ya|i a", "il y a"),
)
_ENDINGS: tuple[tuple[str, str], ...] = (
    (r"(?:moutir|mourire?|mourr?ir?|mourri|mourr)", "mourir"),
    (r"crev(?:e|ee|er|ez|ai)", "crever"),
    (r"(?:su|sui|siu|swi)(?:ss?|c|z)+id(?:e|ee|er|ez|ai)?", "suicider"),
    (r"(?:su|sui|siu|swi)(?:ss?|c|z)+idaire?s?", "suicidaires"),
    (r"tu(?:e|er|ez|ai)(?= (?:ce|et|moi)\b|$)", "tuer"),
    (r"pendr", "pendre"),
    (r"vivr|viv", "vivre"),
    (r"fini(?=r?$)", "finir"),
    (r"frap(?:p?e|p?ee|p?er|p?ai|p?ez)", "frappe"),
    (r"tabas+(?:e|ee|er|ai)", "tabasse"),
    (r"co(?:g|gu|n)n?(?:e|er|ai)(?= (?:dessu|moi|sur))", "cogne"),
    (r"bat+u(?:e|s)?", "battue"),
    (r"giff?l+(?:e|ee|er|ai)", "gifle"),
    (r"(?:etrengl|etrangl)(?:e|ee|er|ai)", "etrangle"),
    (r"(?:respir|respr|respirr)(?:e|er|ai|ez)?", "respire"),
    (r"(?:segn|seign|saign|sengn)(?:e|er|ai)?", "saigne"),
    (r"(?:incon[sc]+i[ea]nt|inconcient|inconssient)e?", "inconscient"),
    (r"(?:medocs?|medicamen[ts]?|medicam[ae]nts?|cachetons?|cachet|comprime|somnifere|doliprane|"
     r"doliprannes?|lexomil|xanax|valium)", "medicaments"),
    (r"(?:encendi|insendie?|incendi|ensendi)", "incendie"),
    (r"(?:couto|coutau|coutaux)", "couteau"),
)  # fmt: skip
_RULES = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), word) for pattern, word in (*_CONTRACTIONS, *_ENDINGS)
)


def spell_out(folded: str) -> str:
    """Return folded words with SMS contractions and endings by ear undone."""
    for pattern, word in _RULES:
        folded = pattern.sub(word, folded)
    return folded
