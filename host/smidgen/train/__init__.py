"""Training: fit, quantise, evaluate, adapt. Needs the extra `train`; importing this package needs nothing."""
