"""SGLang: the hook is named in the engine's arguments. MODEL is a folder of weights."""

import os

import sglang

weights = os.environ["MODEL"]
hook = {
    "name": "spectrawatch",
    "target_modules": ["model"],
    "hook_factory": "spectrawatch_tap.sglang:hook_factory",
    "config": {
        "kafka": os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092"),
        "model": "my-model",
        "version": "1",
        "weights": weights,
        "layers": ["layers.0", "layers.1"],
        "taps": {"layers.0": "mlp-output, residual apart"},
    },
}

if __name__ == "__main__":
    engine = sglang.Engine(model_path=weights, forward_hooks=[hook], disable_cuda_graph=True)
    print(engine.generate(["The capital of France is"], {"max_new_tokens": 16}))
    engine.shutdown()
