"""vLLM: the connector is named in the engine's arguments. MODEL is a folder of weights."""

import os

from vllm import LLM, SamplingParams

weights = os.environ["MODEL"]
speculative = {
    "method": "extract_hidden_states",
    "num_speculative_tokens": 1,
    "draft_model_config": {"hf_config": {"eagle_aux_hidden_state_layer_ids": [0, 1]}},
}
transfer = {
    "kv_connector": "SpectrawatchConnector",
    "kv_role": "kv_producer",
    "kv_connector_module_path": "spectrawatch_tap.vllm",
    "kv_connector_extra_config": {
        "kafka": os.environ.get("SPECTRAWATCH_KAFKA", "localhost:9092"),
        "model": "my-model",
        "version": "1",
        "weights": weights,
    },
}

if __name__ == "__main__":
    llm = LLM(weights, speculative_config=speculative, kv_transfer_config=transfer)
    print(llm.generate(["The capital of France is"], SamplingParams(max_tokens=16)))
