"""Recordings of accelerometers: loaded, synthesised, varied, cut into model windows."""
