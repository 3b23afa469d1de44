"""What anybody gets without this project: plain character n-grams with logistic regression."""

from typing import Any

import numpy as np
from corpus import is_held
from heads import HEADS
from measure import interval
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

MEASURED = ("kind", "sentiment", "urgency", "answer")


def char_grams(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Accuracy on the held messages of our own, by language and head; taught with the same ones."""
    reader = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    taught = [row for row in messages if not is_held(row["text"])]
    held = [row for row in messages if is_held(row["text"]) and row["set"] == "authored"]
    seen = reader.fit_transform([row["text"] for row in taught])
    unseen = reader.transform([row["text"] for row in held])
    found: dict[str, Any] = {}
    for head in HEADS:
        if head.name not in MEASURED:
            continue
        use = [at for at, row in enumerate(taught) if head.knows(row)]
        model = LogisticRegression(C=10, max_iter=60, tol=1e-4)
        model.fit(seen[use], head.wanted([taught[at] for at in use]))
        right = model.predict(unseen) == head.wanted(held)
        for lang in ("ko", "en"):
            here = right[np.array([row["lang"] == lang for row in held])]
            figures = {"n": len(here), "accuracy": round(float(here.mean()), 4)}
            figures["interval"] = interval(int(here.sum()), len(here))
            found.setdefault(lang, {})[head.name] = figures
    return found
