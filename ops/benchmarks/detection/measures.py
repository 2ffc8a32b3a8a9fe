"""How well a score tells attacked samples from clean ones."""

import numpy as np


def auroc(clean, attacked):
    """Area under the ROC curve; ties count a half."""
    clean = np.sort(clean)
    below = np.searchsorted(clean, attacked, "left")
    upto = np.searchsorted(clean, attacked, "right")
    return float((below + upto).mean() / 2 / len(clean))


def detected(clean, attacked, share=0.01):
    """Share of the attacked samples above the threshold that at most this share of clean pass."""
    ordered = np.sort(clean)[::-1]
    return float((attacked > ordered[int(share * len(ordered))]).mean())
