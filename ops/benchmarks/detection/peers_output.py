"""Published detectors that read the logits alone. Larger is more suspicious."""

import numpy as np


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def log_sum_exp(z):
    top = z.max(1)
    return top + np.log(np.exp(z - top[:, None]).sum(1))


class Msp:
    """Hendrycks and Gimpel, ICLR 2017; as log-odds, which order alike and do not saturate."""

    def __init__(self, reference):
        pass

    def score(self, own):
        z = own["logits"].astype(np.float64)
        top = z.argmax(1)
        rest = z.copy()
        rest[np.arange(len(z)), top] = -np.inf
        return log_sum_exp(rest) - z.max(1)


class MaxLogit(Msp):
    """Hendrycks et al., ICML 2022."""

    def score(self, own):
        return -own["logits"].max(1)


class Energy(Msp):
    """Liu et al., NeurIPS 2020."""

    def score(self, own):
        return -log_sum_exp(own["logits"].astype(np.float64))


class Entropy(Msp):
    """Entropy of the softmax."""

    def score(self, own):
        p = softmax(own["logits"].astype(np.float64))
        return -(p * np.log(p + 1e-300)).sum(1)


class Gen(Msp):
    """Generalised entropy: Liu, Lochman and Zach, CVPR 2023; gamma .1, all classes."""

    def score(self, own):
        p = softmax(own["logits"].astype(np.float64))
        return (p**0.1 * (1 - p) ** 0.1).sum(1)


class KlMatching:
    """Least divergence from the mean softmax of a class: Hendrycks et al., ICML 2022."""

    def __init__(self, reference):
        p = softmax(reference.logits)
        present = [c for c in range(reference.classes) if (reference.answers == c).any()]
        self.means = np.stack([reference.of_class(p, c).mean(0) for c in present])

    def score(self, own):
        p = softmax(own["logits"].astype(np.float64))
        entropy = (p * np.log(p + 1e-300)).sum(1)
        return (entropy[:, None] - p @ np.log(self.means + 1e-300).T).min(1)


PEERS = {
    "msp": Msp,
    "max-logit": MaxLogit,
    "energy": Energy,
    "entropy": Entropy,
    "gen": Gen,
    "kl-matching": KlMatching,
}
