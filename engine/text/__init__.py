"""Text on its way into a model: tokenizers, plans, what each token stands for. Knows no graph and no runtime."""
