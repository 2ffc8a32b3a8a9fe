"""vLLM with the connector, as a process of its own.

    vllm_serving.py WEIGHTS KAFKA

The last line that it prints is JSON: for each request the tokens of its prompt and those that came.
"""

import json
import sys

from vllm import LLM, SamplingParams

PROMPTS = [[1, 2, 3, 4, 5, 6, 7], [9, 8, 7], [5, 5]]


def main():
    weights, kafka = sys.argv[1:]
    llm = LLM(
        weights,
        skip_tokenizer_init=True,
        max_model_len=128,
        max_num_seqs=4,
        enforce_eager=True,
        speculative_config={
            "method": "extract_hidden_states",
            "num_speculative_tokens": 1,
            "draft_model_config": {"hf_config": {"eagle_aux_hidden_state_layer_ids": [1, 2, 3]}},
        },
        kv_transfer_config={
            "kv_connector": "SpectrawatchConnector",
            "kv_role": "kv_producer",
            "kv_connector_module_path": "spectrawatch_tap.vllm",
            "kv_connector_extra_config": {
                "kafka": kafka,
                "model": "tiny",
                "version": "1",
                "weights": weights,
            },
        },
    )
    options = SamplingParams(max_tokens=16, temperature=0, detokenize=False, ignore_eos=True)
    told = []
    # One after the other at the end: a request ends with the step after its last.
    for prompts in (PROMPTS[:2], PROMPTS[2:]):
        outputs = llm.generate([{"prompt_token_ids": p} for p in prompts], options)
        told += [[list(o.prompt_token_ids), list(o.outputs[0].token_ids)] for o in outputs]
    llm.llm_engine.engine_core.shutdown()
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
