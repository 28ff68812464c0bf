"""Labelled recordings from a board's own sensors, into the layouts that training reads."""
