"""Writes the folders beside this package: tiny random models of Transformers, laid out as Optimum exports them."""
