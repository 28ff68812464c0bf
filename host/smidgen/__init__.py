"""Smidgen: machine learning for MicroPython and CircuitPython boards."""

__version__ = "0.1.0"
