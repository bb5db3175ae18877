"""What a person wrote, brought nearer to standard French before it is classified.

Pure functions. Three forms of a message are used further on: ``tidy`` (what the sentence
encoders read: spelling of the domain words repaired, numbers made alike), ``fold`` (what
the word and character features read: no accents, no case) and ``segments`` (the questions
of a message taken apart).
"""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 700
"""How much of a message is read: a longer one is cut in its middle."""

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)

# Whole words as people abbreviate them, folded → standard French.
_SHORT_FORMS = {
    "bjr": "bonjour",
    "bsr": "bonsoir",
    "slt": "salut",
    "cc": "coucou",
    "stp": "s'il te plaît",
    "svp": "s'il vous plaît",
    "plz": "s'il vous plaît",
    "mrc": "merci",
    "mci": "merci",
    "dsl": "désolé",
    "jsp": "je ne sais pas",
    "jcp": "je ne sais pas",
    "jpp": "je n'en peux plus",
    "pk": "pourquoi",
    "pq": "pourquoi",
    "pkoi": "pourquoi",
    "pourkoi": "pourquoi",
    "koi": "quoi",
    "kwa": "quoi",
    "ki": "qui",
    "ke": "que",
    "kan": "quand",
    "kand": "quand",
    "qd": "quand",
    "cb": "combien",
    "cbien": "combien",
    "kombien": "combien",
    "combi1": "combien",
    "tt": "tout",
    "ts": "tous",
    "ds": "dans",
    "dc": "donc",
    "pr": "pour",
    "ms": "mais",
    "mé": "mais",
    "tjs": "toujours",
    "tjrs": "toujours",
    "rdv": "rendez-vous",
    "bcp": "beaucoup",
    "qq": "quelque",
    "qqn": "quelqu'un",
    "qqun": "quelqu'un",
    "kelkun": "quelqu'un",
    "qqch": "quelque chose",
    "qqc": "quelque chose",
    "ac": "avec",
    "avk": "avec",
    "vs": "vous",
    "ns": "nous",
    "pv": "pouvez",
    "aprem": "après-midi",
    "ajd": "aujourd'hui",
    "auj": "aujourd'hui",
    "dem": "demain",
    "mtn": "maintenant",
    "mnt": "maintenant",
    "pb": "problème",
    "pbm": "problème",
    "tel": "téléphone",
    "adr": "adresse",
    "cmt": "comment",
    "cmnt": "comment",
    "komen": "comment",
    "koman": "comment",
    "coman": "comment",
    "comen": "comment",
    "askip": "à ce qu'il paraît",
    "pcq": "parce que",
    "psk": "parce que",
    "paske": "parce que",
    "jai": "j'ai",
    "jé": "j'ai",
    "jsuis": "je suis",
    "jsui": "je suis",
    "chui": "je suis",
    "chuis": "je suis",
    "jpeu": "je peux",
    "jpeux": "je peux",
    "jve": "je veux",
    "jveu": "je veux",
    "jveux": "je veux",
    "jvoudrai": "je voudrais",
    "jvoudrais": "je voudrais",
    "jcomprend": "je comprends",
    "jcomprends": "je comprends",
    "jconnais": "je connais",
    "jarrive": "j'arrive",
    "tas": "tu as",
    "cest": "c'est",
    "sest": "c'est",
    "cetait": "c'était",
    "ya": "il y a",
    "yapa": "il n'y a pas",
    "yora": "il y aura",
    "fo": "il faut",
    "fau": "faut",
    "oqp": "occupé",
    "kezako": "qu'est-ce que c'est",
    "kesako": "qu'est-ce que c'est",
    "keskecé": "qu'est-ce que c'est",
    "kesk": "qu'est-ce que",
    "kesque": "qu'est-ce que",
    "keske": "qu'est-ce que",
    "qesque": "qu'est-ce que",
    "questce": "qu'est-ce",
    "esque": "est-ce que",
    "esk": "est-ce que",
    "eske": "est-ce que",
    "esce": "est-ce",
    "kel": "quel",
    "quelq": "quelque",
    "oui": "oui",
    "wi": "oui",
    "ouai": "ouais",
    "ordi": "ordinateur",
    "ordis": "ordinateurs",
    "mdp": "mot de passe",
    "dept": "département",
    "dpt": "département",
    "comcom": "communauté de communes",
    "agglo": "communauté d'agglomération",
    "asso": "association",
    "infos": "informations",
    "collec": "collectivité",
    "ste": "société",
    "aap": "appel à projets",
    "gvt": "gouvernement",
}

# The names of the pass as dictation («haptique»), SMS («pasnumerik») and haste write them.
_APTIC = re.compile(r"(?<!\w)#?(?:h?apt(?:i|y)(?:qu?es?|cs?|cks?|ks?|kes?)|ha ptique)(?!\w)", re.I)
_PASS = re.compile(r"(?<!\w)pass?e?s?[ -]?num(?:[eéè]r?[iy](?:que?s?|ke?s?|cs?|ck)|)s?(?!\w)", re.I)

_EMOJI = {
    "👍": "oui", "👌": "oui", "✅": "oui", "🆗": "oui", "👎": "non", "❌": "non", "🚫": "non",
    "🙏": "merci", "👋": "bonjour", "😡": "en colère", "🤬": "en colère", "😠": "en colère",
    "🤖": "robot", "❓": "?", "❔": "?", "🆘": "aide", "♿": "fauteuil roulant",
    "🦽": "fauteuil roulant", "🦮": "aveugle", "📞": "téléphone", "☎": "téléphone",
    "📱": "téléphone", "📧": "mail", "📍": "où", "🗺": "carte", "🚌": "bus", "🚗": "voiture",
    "🕐": "horaires", "🕒": "horaires", "⏰": "heure", "💶": "euros", "💰": "argent",
    "💻": "ordinateur", "🖥": "ordinateur", "🖨": "imprimante", "😢": "triste", "😭": "triste",
}  # fmt: skip
_PICTURE = re.compile("[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")

_NUMBER = re.compile(
    r"(?<![\w])(?P<postcode>(?:0[1-9]|[1-8]\d|9[0-8])\d{3})(?![\w]|\s?(?:€|k€|euro|pass|carnet|ch[eè]q))"
    r"|(?<![\w])(?P<big>\d{1,3}(?:[ .\u00a0\u202f']\d{3})+(?!\d)(?:,\d+)?|\d{4,}(?:[.,]\d+)?)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}", re.UNICODE)
_RUN = re.compile(r"([!?.,;:…])(?:\s?[!?.,;:…])+")
_LOST_APOSTROPHE = re.compile(r"\b([cldjnsmt]|qu) (?=[aeiouyhàâéèêëîïôû])")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """Drop what no reader sees and cut what nobody would read; never raises."""
    text = unicodedata.normalize("NFKC", text[: 20 * MAX_CHARACTERS])
    text = "".join(" " if unicodedata.category(c)[0] == "C" and c != "\u200d" else c for c in text)
    text = _SPACES.sub(" ", text.replace("’", "'").replace("`", "'")).strip()
    if len(text) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        text = f"{text[:half]} {text[-half:]}"
    return text


def tidy(text: str) -> str:
    """Return a cleaned message in more standard French, for the sentence encoders.

    Capitals and elongations go, lost apostrophes come back, SMS short forms are written out,
    the names of the pass are repaired, emoji become words, postcodes and sums become one of
    each kind.
    """
    text = _PICTURE.sub(lambda m: f" {_EMOJI.get(m[0], '')} ", text)
    text = text.lower()
    text = _ELONGATED.sub(r"\1", text)
    text = _RUN.sub(r"\1", text)
    text = _WORD.sub(lambda m: _SHORT_FORMS.get(m[0], m[0]), text)
    text = _LOST_APOSTROPHE.sub(r"\1'", text)
    text = _APTIC.sub("aptic", text)
    text = _PASS.sub("pass numérique", text)
    text = _NUMBER.sub(_alike, text)
    return _SPACES.sub(" ", text).strip()


def _alike(match: re.Match[str]) -> str:
    if match["postcode"]:
        return "75012"
    return match[0] if _YEAR.fullmatch(match[0]) else "30 000"


def fold(text: str) -> str:
    """Return the text without accents, case or ligatures."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_ASKING = re.compile(
    r"\b(?:ou|quoi|koi|qui|que|quel\w*|comment|combien|quand|pourquoi|est ce|est il|faut il|peut on"
    r"|puis je|peuvent ils|jusqu|where|what|how|who|when|why|can i|nerede|nasil|nedir|kim|onde|como"
    r"|que es|donde|cuanto)\b"
)
_JOINT = re.compile(
    r"\s*(?:[?!.;]+|,?\s(?:et|puis|mais|sinon|aussi|and|y|e|ve|и|و)\s)\s*", re.IGNORECASE
)
_PART_WORDS = 2


def asks(text: str) -> bool:
    """Tell whether part of a message is a question of its own, rather than its story."""
    return "?" in text or bool(_ASKING.search(fold(text)))


def halves(text: str) -> list[tuple[str, str]]:
    """Return the ways to take a tidied message apart in two at a joint («?», «et»…)."""
    found = []
    for joint in _JOINT.finditer(text):
        left, right = text[: joint.start()].strip(), text[joint.end() :].strip()
        if min(len(left.split()), len(right.split())) >= _PART_WORDS:
            found.append((left, right))
    return found
