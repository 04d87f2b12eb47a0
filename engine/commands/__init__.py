"""Commands of the terminal that are more than a few lines; `engine.cli` starts them."""
