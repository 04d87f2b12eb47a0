"""Figures and reports for paper and the web: pictures with their numbers, in English or another language."""
