"""Published detectors that read the embedding, with the head's weights where they need them."""

import numpy as np

from peers_output import log_sum_exp


def unit(rows):
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-12)


def inverse(covariance):
    d = len(covariance)
    return np.linalg.inv(covariance + 1e-6 * np.trace(covariance) / d * np.eye(d))


def quadratic(rows, form):
    return ((rows @ form) * rows).sum(1)


class Mahalanobis:
    """Nearest class mean under the shared covariance: Lee et al., NeurIPS 2018."""

    @staticmethod
    def rows(embedding):
        return embedding

    def __init__(self, reference):
        rows = self.rows(reference.embedding)
        classes = [c for c in range(reference.classes) if (reference.answers == c).any()]
        self.means = np.stack([reference.of_class(rows, c).mean(0) for c in classes])
        place = np.searchsorted(classes, reference.answers)
        centred = rows - self.means[place]
        self.precision = inverse(centred.T @ centred / len(rows))
        self.mean = rows.mean(0)
        self.total = inverse(np.cov(rows.T, bias=True))

    def nearest(self, rows):
        return np.stack([quadratic(rows - m, self.precision) for m in self.means], 1).min(1)

    def score(self, own):
        return self.nearest(self.rows(own["embedding"].astype(np.float64)))


class MahalanobisPlus(Mahalanobis):
    """On features of length 1: Mueller and Hein, ICML 2025."""

    rows = staticmethod(unit)


class RelativeMahalanobis(Mahalanobis):
    """Less the distance under one Gaussian: Ren et al., 2021."""

    def score(self, own):
        rows = own["embedding"].astype(np.float64)
        centred = rows - self.mean
        return self.nearest(rows) - quadratic(centred, self.total)


def squared_distances(rows, kept):
    inner = rows @ kept.T
    return (rows**2).sum(1)[:, None] + (kept**2).sum(1) - 2 * inner


def kth(rows, kept, k, block=500):
    """Distance to the k-th nearest kept row."""
    parts = []
    for i in range(0, len(rows), block):
        near = squared_distances(rows[i : i + block].astype(np.float32), kept)
        parts.append(np.partition(near, k - 1, axis=1)[:, k - 1])
    return np.concatenate(parts).astype(np.float64)


class Knn:
    """Distance to the k-th nearest unit feature: Sun et al., ICML 2022."""

    k = 50

    def __init__(self, reference):
        self.kept = unit(reference.embedding).astype(np.float32)

    def score(self, own):
        return kth(unit(own["embedding"].astype(np.float64)), self.kept, self.k)


class Knn5(Knn):
    k = 5


class Vim:
    """Virtual logit: Wang et al., CVPR 2022."""

    def __init__(self, reference):
        self.origin = -np.linalg.pinv(reference.weights) @ reference.bias
        centred = reference.embedding - self.origin
        values, vectors = np.linalg.eigh(centred.T @ centred)
        keep = max(1, len(values) // 2)
        self.outside = vectors[:, : len(values) - keep]
        norms = np.linalg.norm(centred @ self.outside, axis=1)
        self.scale = reference.logits.max(1).mean() / norms.mean()

    def score(self, own):
        centred = own["embedding"].astype(np.float64) - self.origin
        virtual = self.scale * np.linalg.norm(centred @ self.outside, axis=1)
        return virtual - log_sum_exp(own["logits"].astype(np.float64))


class Neco:
    """Share of the norm in the principal space: Ben Ammar et al., ICLR 2024."""

    def __init__(self, reference):
        self.mean = reference.embedding.mean(0)
        self.spread = reference.embedding.std(0) + 1e-9
        rows = (reference.embedding - self.mean) / self.spread
        _, vectors = np.linalg.eigh(rows.T @ rows)
        self.inside = vectors[:, -min(reference.classes, rows.shape[1] - 1) :]

    def score(self, own):
        rows = (own["embedding"].astype(np.float64) - self.mean) / self.spread
        share = np.linalg.norm(rows @ self.inside, axis=1) / (np.linalg.norm(rows, axis=1) + 1e-9)
        return -share * own["logits"].max(1)


class Fdbd:
    """Distance to the decision boundaries: Liu and Qin, ICML 2024."""

    def __init__(self, reference):
        self.weights = reference.weights
        self.mean = reference.embedding.mean(0)

    def score(self, own):
        z = own["logits"].astype(np.float64)
        top = z.argmax(1)
        gaps = z.max(1, keepdims=True) - z
        lengths = np.linalg.norm(self.weights[top][:, None] - self.weights[None], axis=2)
        ratio = np.where(lengths > 0, gaps / np.maximum(lengths, 1e-12), 0)
        far = np.linalg.norm(own["embedding"] - self.mean, axis=1)
        return -ratio.sum(1) / (z.shape[1] - 1) / (far + 1e-12)


class Nci:
    """Proximity to the weight of the class answered: Liu and Qin, CVPR 2025; factor .001."""

    def __init__(self, reference):
        self.weights = reference.weights
        self.mean = reference.embedding.mean(0)

    def score(self, own):
        rows = own["embedding"].astype(np.float64)
        w = self.weights[own["logits"].argmax(1)]
        centred = rows - self.mean
        along = (centred * w).sum(1) / (np.linalg.norm(centred, axis=1) + 1e-12)
        return -along - 0.001 * np.abs(rows).sum(1)


class React:
    """Energy of clipped features: Sun et al., NeurIPS 2021; at the 90th percentile."""

    def __init__(self, reference):
        self.reference = reference
        self.limit = np.percentile(reference.embedding, 90)

    def score(self, own):
        rows = np.minimum(own["embedding"].astype(np.float64), self.limit)
        return -log_sum_exp(rows @ self.reference.weights.T + self.reference.bias)


class Dice:
    """Energy of the strongest weights: Sun and Li, ECCV 2022; a tenth of them kept."""

    def __init__(self, reference):
        share = reference.weights * reference.embedding.mean(0)
        kept = share >= np.percentile(share, 90)
        self.weights = reference.weights * kept
        self.bias = reference.bias

    def score(self, own):
        return -log_sum_exp(own["embedding"].astype(np.float64) @ self.weights.T + self.bias)


class Ash:
    """ASH-S: Djurisic et al., ICLR 2023; the largest tenth kept and scaled."""

    def __init__(self, reference):
        self.reference = reference

    def score(self, own):
        rows = own["embedding"].astype(np.float64)
        limit = np.percentile(rows, 90, axis=1, keepdims=True)
        kept = np.where(rows >= limit, rows, 0)
        # Features of either sign have sums near nought; their sizes are what is compared.
        ratio = np.abs(rows).sum(1) / (np.abs(kept).sum(1) + 1e-12)
        scaled = kept * np.exp(np.minimum(ratio, 20))[:, None]
        return -log_sum_exp(scaled @ self.reference.weights.T + self.reference.bias)


class GradNorm:
    """L1 norm of the head's gradient, in closed form: Huang et al., NeurIPS 2021."""

    def __init__(self, reference):
        pass

    def score(self, own):
        z = own["logits"].astype(np.float64)
        p = np.exp(z - log_sum_exp(z)[:, None])
        return -np.abs(own["embedding"]).sum(1) * np.abs(1 / z.shape[1] - p).sum(1)


PEERS = {
    "mahalanobis": Mahalanobis,
    "mahalanobis++": MahalanobisPlus,
    "relative-mahalanobis": RelativeMahalanobis,
    "knn-50": Knn,
    "knn-5": Knn5,
    "vim": Vim,
    "neco": Neco,
    "fdbd": Fdbd,
    "nci": Nci,
    "react": React,
    "dice": Dice,
    "ash-s": Ash,
    "gradnorm": GradNorm,
}
