"""Every sentence of the reports."""

from engine.messages import declare, translate

FACTS = (*("family", "inputs", "outputs", "parameters", "multiply-adds", "convolutions", "sites", "time", "memory"),)
"""Rows of the table, in order."""

declare(
    {
        "report-title": translate("engine", "{first} and {second}"),
        "report-photo": translate("engine", "Two models, one photo: {name}"),
        "report-answers": translate("engine", "What they say"),
        "report-looks": translate("engine", "What they looked at"),
        "report-looks-colours": translate(
            "engine", "Warm or bright places speak for the answer; where a map has blue places, those speak against it."
        ),
        "look-cam": translate("engine", "class activation map, exact, of “{label}”"),
        "look-cam-number": translate("engine", "class activation map, exact, of class {index}"),
        "look-occlusion-number": translate("engine", "occlusion: what class {index} loses while a square is hidden"),
        "look-eigen": translate("engine", "Eigen-CAM, of no class in particular"),
        "look-occlusion": translate("engine", "occlusion: what “{label}” loses while a square is hidden"),
        "look-rollout": translate("engine", "attention rollout from the class token, of no class in particular"),
        "look-rollout-mean": translate("engine", "attention rollout, mean over all tokens, of no class in particular"),
        "report-reach": translate("engine", "How far their layers see"),
        "report-reach-words": translate(
            "engine",
            "Of convolutions: side of the receptive field, what a unit can see at most. Of attention: mean distance of "
            "what queries attend to on this photo, with the nearest and the farthest head.",
        ),
        "report-reach-whole": translate("engine", "In {name}, something made of the whole image comes in besides."),
        "report-reach-convolution": translate("engine", "{name}, receptive field"),
        "report-reach-attention": translate("engine", "{name}, attention"),
        "report-depth": translate("engine", "depth: first layer to last"),
        "report-pixels": translate("engine", "pixels of the model’s image"),
        "report-percent": translate("engine", "percent of the image"),
        "report-robust": translate("engine", "What is left as the image is damaged"),
        "report-robust-words": translate("engine", "Photos damaged: {images}."),
        "report-half": translate(
            "engine",
            "{name}, half of {rows} × {columns} patches dropped: the answer stays in {agreement} % of the trials; its "
            "probability goes from {before} % to {probability} %.",
        ),
        "report-drop": translate("engine", "share of patches dropped"),
        "report-shuffle": translate("engine", "share of patches shuffled"),
        "report-shift": translate("engine", "shift in pixels"),
        "report-blur": translate("engine", "blur, standard deviation in pixels"),
        "report-accuracy": translate("engine", "share answered right"),
        "report-agreement": translate("engine", "share of answers that stay"),
        "report-probability": translate("engine", "probability of the answer"),
        "report-cka": translate("engine", "How alike their layers are"),
        "report-cka-words": translate(
            "engine",
            "Linear CKA over {images} photos: 1 where two layers hold the same up to rotation and scale, 0 where they "
            "share nothing.",
        ),
        "report-facts": translate("engine", "What they are and what they cost"),
        "report-fact-family": translate("engine", "made of"),
        "report-fact-inputs": translate("engine", "inputs"),
        "report-fact-outputs": translate("engine", "outputs"),
        "report-fact-parameters": translate("engine", "parameters"),
        "report-fact-multiply-adds": translate("engine", "multiply-adds for one image"),
        "report-fact-convolutions": translate("engine", "convolutions"),
        "report-fact-sites": translate("engine", "attention"),
        "report-fact-time": translate("engine", "time of one run here"),
        "report-fact-memory": translate("engine", "memory here"),
        "report-family-convolution": translate("engine", "convolutions"),
        "report-family-attention": translate("engine", "attention"),
        "report-family-both": translate("engine", "convolutions and attention"),
        "report-family-neither": translate("engine", "neither convolutions nor attention"),
        "report-millions": translate("engine", "{number} million"),
        "report-sites": translate("engine", "{sites} layers, {heads} heads"),
        "report-ms": translate("engine", "{ms} ms, median of {runs}"),
    }
)
