"""Add what new hands wrote to `data/nlu/`, one file an intent.

    python scripts/merge_examples.py HANDS [--check]

HANDS is a folder of TSV files without header: `NN.tsv` (topic, text), `NN_context.tsv`
(previous topic, topic, text), `NN_languages.tsv` (topic, language, text). Left out: repeated
messages, and whatever is too near to a line of the test part in `tests/nlu/data/`.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "data" / "nlu"
TEST = ROOT / "tests" / "nlu" / "data"
TOPICS = frozenset(path.stem for path in OUT.glob("*.yml"))

NEAR = 0.7
"""Share of common character trigrams (Jaccard) from which two messages are one idea."""

FORMULA_WORDS = 2
"""Small talk this short («oui», «merci bien») is the language itself, not a test's idea."""

SMALL_TALK = {
    "saluer", "remercier", "au_revoir", "aide", "affirmer", "nier", "annuler", "reformuler",
}  # fmt: skip


@dataclass(frozen=True)
class LabelledMessage:
    """One message with its label; ``hand`` tells who wrote it."""

    topic: str
    text: str
    hand: str
    language: str = "fr"
    previous: str = ""


def folded(text: str) -> str:
    """Return the letters and digits of a text, without accents or case."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join(
        re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c)))
    )


def trigrams(text: str) -> frozenset[str]:
    """Return the character trigrams of a folded text, word edges included."""
    padded = f"  {folded(text)} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def nearness(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the Jaccard similarity of two sets of trigrams."""
    return len(a & b) / max(1, len(a | b))


def read_present() -> list[LabelledMessage]:
    """Read what is in `data/nlu/` already."""
    examples = []
    for path in sorted(OUT.glob("*.yml")):
        language = hand = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            if source := re.search(r'metadata: {lang: (\w+), hand: "(\w+)"}', line):
                language, hand = source.groups()
            elif line.startswith("    - "):
                previous, follows, text = line.removeprefix("    - ").rpartition(" > ")
                if not (follows and previous in TOPICS):
                    previous, text = "", line.removeprefix("    - ")
                examples.append(LabelledMessage(path.stem, text, hand, language, previous))
    return examples


def read_hands(folder: Path) -> list[LabelledMessage]:
    """Read every training file of new hands, in order."""
    examples = []
    for path in sorted(folder.glob("[0-9]*.tsv")):
        hand = path.stem.split("_")[0]
        for line in path.read_text(encoding="utf-8").splitlines():
            fields = [" ".join(f.split()) for f in line.split("\t")]
            if path.stem.endswith("_context") and len(fields) == 3:
                examples.append(LabelledMessage(fields[1], fields[2], hand, previous=fields[0]))
            elif len(fields) == 3:
                examples.append(LabelledMessage(fields[0], fields[2], hand, language=fields[1]))
            elif len(fields) == 2:
                examples.append(LabelledMessage(fields[0], fields[1], hand))
            elif line.strip():
                sys.exit(f"{path.name}: not a labelled message: {line!r}")
    return examples


def read_test() -> dict[str, list[str]]:
    """Return the messages of the test part, by the topic they follow («» for most)."""
    texts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TEST.glob("*.tsv")):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        for line in filter(str.strip, lines):
            row = dict(zip(header.split("\t"), line.split("\t"), strict=True))
            texts[row.get("previous", "")].append(row["text"])
    return texts


class Nearest:
    """Finds the nearest of a set of messages, through shared rare trigrams."""

    def __init__(self, texts: list[str]) -> None:
        self._grams = [trigrams(text) for text in texts]
        self._index: dict[str, list[int]] = defaultdict(list)
        for number, grams in enumerate(self._grams):
            for gram in grams:
                self._index[gram].append(number)

    def nearest(self, text: str) -> float:
        """Return the nearness (0 to 1) of the nearest message."""
        grams = trigrams(text)
        common = Counter(number for gram in grams for number in self._index.get(gram, ()))
        return max((nearness(grams, self._grams[n]) for n, _ in common.most_common(8)), default=0.0)


def merge(
    examples: list[LabelledMessage], test: dict[str, list[str]]
) -> tuple[list[LabelledMessage], Counter[str]]:
    """Return the examples to learn from, and why the others were left out."""
    near_test = {previous: Nearest(texts) for previous, texts in test.items()}
    nothing = Nearest([])
    seen: dict[tuple[str, str], LabelledMessage] = {}
    kept: list[LabelledMessage] = []
    reasons: Counter[str] = Counter()
    labels: dict[tuple[str, str], str] = {}
    for example in examples:
        key = (folded(example.text) or example.text, example.previous)
        formula = example.topic in SMALL_TALK and len(key[0].split()) <= FORMULA_WORDS
        if key in seen:
            same = seen[key].topic == example.topic
            reasons["repeated" if same else "repeated under another label"] += 1
            if not same:
                print(f"two labels: {labels[key]} / {example.topic}: {example.text}")
            continue
        tested = near_test.get(example.previous, nothing)
        if not formula and tested.nearest(example.text) >= NEAR:
            reasons["too near to a test message"] += 1
            continue
        seen[key] = example
        labels[key] = example.topic
        kept.append(example)
    return kept, reasons


def write(examples: list[LabelledMessage]) -> None:
    """Write `data/nlu/<intent>.yml`: a block a hand, language and kind."""
    blocks: dict[str, dict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        text = f"{example.previous} > {example.text}" if example.previous else example.text
        blocks[example.topic][example.language, example.hand].append(text)
    for old in OUT.glob("*.yml"):
        old.unlink()
    for topic, by_source in blocks.items():
        lines = ['version: "3.1"', "nlu:"]
        for (language, hand), texts in by_source.items():
            lines += [
                f"- intent: {topic}",
                f'  metadata: {{lang: {language}, hand: "{hand}"}}',
                "  examples: |",
                *(f"    - {text}" for text in texts),
            ]
        (OUT / f"{topic}.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def diversity(examples: list[LabelledMessage]) -> None:
    """Print, a topic a line, how varied its examples are."""
    by_topic: dict[str, list[LabelledMessage]] = defaultdict(list)
    for example in examples:
        by_topic[example.topic].append(example)
    print("topic\texamples\tnear_duplicates\tdistinct_bigrams\tcommonest_opening")
    for topic, group in sorted(by_topic.items()):
        words = [folded(e.text).split() for e in group]
        bigrams = [pair for w in words for pair in pairwise(w)]
        openings = Counter(" ".join(w[:3]) for w in words if len(w) >= 3)
        grams = [trigrams(e.text) for e in group if len(folded(e.text).split()) > FORMULA_WORDS]
        near = sum(any(nearness(a, b) >= NEAR for b in grams[:n]) for n, a in enumerate(grams))
        opening, times = openings.most_common(1)[0] if openings else ("", 0)
        share = len(set(bigrams)) / max(1, len(bigrams))
        print(f"{topic}\t{len(group)}\t{near}\t{share:.2f}\t{opening} ({times})")


def main() -> None:
    """Merge, write and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("hands", type=Path)
    parser.add_argument("--check", action="store_true", help="measure only, write nothing")
    arguments = parser.parse_args()
    examples, reasons = merge([*read_present(), *read_hands(arguments.hands)], read_test())
    if not arguments.check:
        write(examples)
    diversity(examples)
    for reason, times in reasons.items():
        print(f"{times} {reason}")


if __name__ == "__main__":
    main()
