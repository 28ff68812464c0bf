# What a simulated board has besides MicroPython.
#
#   board                      its name, a folder of smidgen's boards/
#   microphone_readinto(buf)   fills any writable buffer with int16 samples, mono, 16 kHz, as far as the recording goes.
#                              Returns the bytes written; 0 at the end of each recording, and when none is playing.

import _host
from uctypes import addressof

board = _host.board


def nbytes(buf):
    return addressof(memoryview(buf)[len(buf) :]) - addressof(buf)


def microphone_readinto(buf):
    address = addressof(buf)
    length = nbytes(buf)
    while True:
        count = _host.microphone(address, length)
        if count >= 0:  # less: something happened meanwhile; going round the loop raises a waiting KeyboardInterrupt
            return count
