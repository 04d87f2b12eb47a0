"""How the bundled models were made: data, networks, training, export, measurement.

Needs the packages of the extra ``train`` (torch, onnxscript); ``evaluate`` alone needs no torch, but sacrebleu.
"""
