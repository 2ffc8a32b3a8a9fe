"""all-MiniLM-L6-v2 from its ONNX file: texts in, one row of length 1 a text out."""

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

MOST_TOKENS = 256


class Embedder:
    """Embeds texts; ``session`` makes what runs the file, ONNX Runtime's own if not given."""

    def __init__(self, model, tokenizer, session=None):
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        make = session or onnxruntime.InferenceSession
        self._session = make(str(model), sess_options=options)

    def embed(self, texts, **run):
        """[texts, 384]; ``run`` goes to the session."""
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded])
        mask = np.array([e.attention_mask for e in encoded])
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (states,) = self._session.run(["last_hidden_state"], feeds, **run)
        means = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def places(self, text):
        """Where in the text each token stands, [from, to); both 0 for those put around it."""
        return self._tokenizer.encode(text).offsets

    def words(self):
        """Tokens that a text can hold."""
        return self._tokenizer.get_vocab()
