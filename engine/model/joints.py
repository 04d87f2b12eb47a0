"""What the graphs of one model hand to each other, and to the next step: the names that exporters give it."""

STATES, STATES_MASK = "encoder_hidden_states", "encoder_attention_mask"
"""What a decoder takes from its encoder."""
RENAMED = {
    "input_ids": "decoder_input_ids",
    "attention_mask": "decoder_attention_mask",
    "position_ids": "decoder_position_ids",
    "inputs_embeds": "decoder_inputs_embeds",
}
"""What a decoder's own inputs are called in the whole model, so that they are not taken for the encoder's."""
CACHE = ("past", "cache")
"""Words in the names of inputs that carry the keys and values of earlier steps."""
PRESENT = "present"


def is_cache(name: str) -> bool:
    """Return whether an input carries, or switches, keys and values of earlier steps."""
    return any(word in name.lower() for word in CACHE)
