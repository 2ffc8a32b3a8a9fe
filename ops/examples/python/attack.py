"""Makes attacked.tsv: texts whose embedding is somebody else's, by words put behind them.

    python attack.py MODEL.onnx TOKENIZER.json GLOSSES.txt --count 80 --seed 1 > attacked.tsv

Of whoever searches by meaning, an attacker wants his own text found under a query of his choice.
He appends words, and exchanges one at a time for a random other one whenever the embedding comes
closer to the query's; all he needs are answers of the model. A line is the text, a tab, and what
was appended.
"""

import argparse
import random
import sys

import numpy as np
from embedder import Embedder

QUERY = "cheap pills and free money, click here to buy now"
APPENDED = 10
ROUNDS = 8
TRIED = 12


def attacked(embedder, text, words, draw):
    """The words behind a text that bring it closest to the query, and the cosine then."""
    query = embedder.embed([QUERY])[0]
    best = [draw.choice(words) for _ in range(APPENDED)]
    closest = -1.0
    for _ in range(ROUNDS):
        tried = [best]
        for _ in range(TRIED - 1):
            other = list(best)
            other[draw.randrange(APPENDED)] = draw.choice(words)
            tried.append(other)
        cosines = embedder.embed([text + " " + " ".join(t) for t in tried]) @ query
        if cosines.max() > closest:
            closest, best = float(cosines.max()), tried[int(cosines.argmax())]
    return best, closest


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("model")
    arguments.add_argument("tokenizer")
    arguments.add_argument("glosses")
    arguments.add_argument("--count", type=int, default=80)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    embedder = Embedder(options.model, options.tokenizer)
    # Whole words of letters: what is joined by spaces is cut into the same tokens again.
    words = sorted(w for w in embedder.words() if w.isascii() and w.isalpha() and len(w) > 2)
    draw = random.Random(options.seed)
    with open(options.glosses, encoding="utf-8") as lines:
        texts = draw.sample([line.rstrip("\n") for line in lines], options.count)
    before, after = [], []
    for text in texts:
        before.append(float((embedder.embed([text]) @ embedder.embed([QUERY])[0])[0]))
        appended, cosine = attacked(embedder, text, words, draw)
        after.append(cosine)
        print(text, " ".join(appended), sep="\t", flush=True)
    print(
        f"cosine with the query: {np.mean(before):.2f} before, {np.mean(after):.2f} after",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
