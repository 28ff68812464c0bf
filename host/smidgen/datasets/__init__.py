"""Files, recorders and synthesisers -> labelled recordings, augmented and cut into windows.

`load_audio` and `Clips` need only NumPy, soundfile and soxr; `synth` needs a synthesiser, found when it is called.
"""
