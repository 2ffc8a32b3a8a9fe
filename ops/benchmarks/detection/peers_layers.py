"""Published detectors that read several layers."""

import numpy as np

from peers_embedding import inverse, quadratic, squared_distances

COORDINATES = 128
ROWS = 5000


class Coordinates:
    """Leading principal coordinates of every layer, so that wide layers can be compared."""

    def __init__(self, reference):
        self.bases = {}
        for name in reference.layers:
            rows = reference.tensors[name][:ROWS].astype(np.float32)
            mean = rows.mean(0)
            k = min(COORDINATES, rows.shape[1])
            # Block power iteration: Halko, Martinsson and Tropp, 2011.
            basis = np.random.RandomState(1).randn(rows.shape[1], k).astype(np.float32)
            for _ in range(4):
                basis = np.linalg.qr((rows - mean).T @ ((rows - mean) @ basis))[0]
            rotation = np.linalg.svd((rows - mean) @ basis, full_matrices=False)[2]
            self.bases[name] = mean, basis @ rotation.T

    @classmethod
    def once(cls, reference):
        """The same for all detectors of a reference."""
        if not hasattr(reference, "coordinates"):
            reference.coordinates = cls(reference)
        return reference.coordinates

    def of(self, tensors, name):
        mean, vectors = self.bases[name]
        return ((tensors[name] - mean) @ vectors).astype(np.float64)


class Layered:
    """Fits something at each layer; the score is the mean of the layers' standardised scores."""

    def __init__(self, reference):
        self.layers = reference.layers
        self.coordinates = Coordinates.once(reference)
        self.fitted = {}
        self.scales = {}
        half = len(reference.logits) // 2
        for name in self.layers:
            rows = self.coordinates.of(reference.tensors, name)
            self.fitted[name] = self.fit(rows[:half], reference.answers[:half], reference.classes)
            held = self.at(self.fitted[name], rows[half:], reference.answers[half:])
            self.scales[name] = np.median(held), held.std() + 1e-12

    def score(self, own):
        answers = own["logits"].argmax(1)
        total = np.zeros(len(answers))
        for name in self.layers:
            found = self.at(self.fitted[name], self.coordinates.of(own, name), answers)
            middle, scale = self.scales[name]
            total += (found - middle) / scale
        return total / len(self.layers)


class LayeredMahalanobis(Layered):
    """Distance to the mean of the class answered, all layers: Lee et al., without their probe."""

    @staticmethod
    def fit(rows, answers, classes):
        means = np.stack(
            [rows[answers == c].mean(0) if (answers == c).any() else rows.mean(0) for c in range(classes)]
        )
        centred = rows - means[answers]
        return means, inverse(centred.T @ centred / len(rows))

    @staticmethod
    def at(fitted, rows, answers):
        means, precision = fitted
        centred = rows - means[answers]
        return quadratic(centred, precision)


class Lid(Layered):
    """Local intrinsic dimension among 20 neighbours: Ma et al., ICLR 2018, without their probe."""

    k = 20

    @classmethod
    def fit(cls, rows, answers, classes):
        return rows[:ROWS].astype(np.float32)

    @classmethod
    def at(cls, kept, rows, answers):
        parts = []
        for i in range(0, len(rows), 500):
            near = squared_distances(rows[i : i + 500].astype(np.float32), kept)
            near = np.sort(np.partition(np.maximum(near, 1e-9), cls.k, axis=1)[:, : cls.k], axis=1)
            ratio = 0.5 * np.log(near / near[:, -1:])
            parts.append(-1 / np.minimum(ratio[:, :-1].mean(1), -1e-9))
        return np.concatenate(parts)


class DeepNeighbours(Layered):
    """Neighbours of another class at every layer: Papernot and McDaniel, 2018; 75 neighbours."""

    k = 75

    @classmethod
    def fit(cls, rows, answers, classes):
        return rows[:ROWS].astype(np.float32), answers[:ROWS]

    @classmethod
    def at(cls, fitted, rows, answers):
        kept, classes = fitted
        parts = []
        for i in range(0, len(rows), 500):
            near = squared_distances(rows[i : i + 500].astype(np.float32), kept)
            nearest = np.argpartition(near, cls.k, axis=1)[:, : cls.k]
            parts.append((classes[nearest] != answers[i : i + 500, None]).mean(1))
        return np.concatenate(parts)


class TrustScore(Layered):
    """Distance to the class answered over that to the nearest other: Jiang et al., NeurIPS 2018."""

    @classmethod
    def fit(cls, rows, answers, classes):
        return rows[:ROWS].astype(np.float32), answers[:ROWS], classes

    @classmethod
    def at(cls, fitted, rows, answers):
        kept, of, classes = fitted
        parts = []
        for i in range(0, len(rows), 500):
            near = squared_distances(rows[i : i + 500].astype(np.float32), kept)
            least = np.stack(
                [near[:, of == c].min(1) if (of == c).any() else near.max(1) for c in range(classes)], 1
            )
            own = least[np.arange(len(least)), answers[i : i + 500]].copy()
            least[np.arange(len(least)), answers[i : i + 500]] = np.inf
            parts.append(0.5 * np.log((np.maximum(own, 0) + 1e-9) / (least.min(1) + 1e-9)))
        return np.concatenate(parts)


class LayerRegression:
    """The last layer predicted from the earlier ones by least squares, what is left over: after
    arXiv:2410.17442, with quadratic features in place of their network."""

    def __init__(self, reference):
        self.coordinates = Coordinates.once(reference)
        self.first = reference.layers[:-1]
        self.scale = self.plain(reference.tensors).std(0) + 1e-9
        x = self.features(reference.tensors)
        ridge = 1e-3 * np.trace(x.T @ x) / x.shape[1] * np.eye(x.shape[1])
        self.map = np.linalg.solve(x.T @ x + ridge, x.T @ reference.embedding)
        left = reference.embedding - x @ self.map
        self.precision = inverse(left.T @ left / len(left))

    def plain(self, tensors):
        return np.hstack([self.coordinates.of(tensors, name)[:, :64] for name in self.first])

    def features(self, tensors):
        rows = self.plain(tensors) / self.scale
        return np.hstack([np.ones((len(rows), 1)), rows, rows**2])

    def score(self, own):
        left = own["embedding"] - self.features(own) @ self.map
        return quadratic(left, self.precision)


PEERS = {
    "layered-mahalanobis": LayeredMahalanobis,
    "lid": Lid,
    "deep-knn": DeepNeighbours,
    "trust-score": TrustScore,
    "layer-regression": LayerRegression,
}
