"""What a model holds while it answers: tensors of an ONNX file on rows of an array file."""

import numpy as np
import onnxruntime


def read(path):
    """The array of a .npy or of a .npz with one array."""
    found = np.load(path)
    return found[found.files[0]] if hasattr(found, "files") else found


class Model:
    """The outputs of an ONNX model, in its order; the logits are named, the embedding is last."""

    def __init__(self, path, logits="logits"):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0]
        names = [output.name for output in self.session.get_outputs()]
        self.layers = [name for name in names if name != logits]
        self.names = [logits, *self.layers]

    def run(self, rows, batch=500):
        """Flattened rows of the logits and of every layer, fp32, by name."""
        shape = [size for size in self.input.shape[1:]]
        parts = []
        for i in range(0, len(rows), batch):
            block = rows[i : i + batch].astype(np.float32)
            parts.append(self.session.run(self.names, {self.input.name: block.reshape(-1, *shape)}))
        return {
            name: np.concatenate([p[j].reshape(len(p[j]), -1) for p in parts])
            for j, name in enumerate(self.names)
        }


class Reference:
    """Clean rows to fit on. Their classes are the model's own answers: no labels are needed."""

    def __init__(self, tensors, layers):
        self.tensors = tensors
        self.layers = layers
        self.logits = tensors["logits"].astype(np.float64)
        self.embedding = tensors[layers[-1]].astype(np.float64)
        self.answers = self.logits.argmax(1)
        self.classes = self.logits.shape[1]
        # The logits are affine in the embedding: least squares gives the head's weights.
        one = np.hstack([self.embedding, np.ones((len(self.embedding), 1))])
        solved = np.linalg.lstsq(one, self.logits, rcond=None)[0]
        self.weights, self.bias = solved[:-1].T, solved[-1]

    def of_class(self, rows, c):
        return rows[self.answers == c]
