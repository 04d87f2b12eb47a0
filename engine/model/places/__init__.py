"""Where tokens come from: places on the image, or in a text, carried through the graph's operators."""
