# Prints what the board's microphone hears: int16 samples in base64, 20 ms a line, until it is interrupted.
from array import array
from binascii import b2a_base64

from smidgen import Microphone

samples = array("h", bytes(640))
microphone = Microphone()
while True:
    count = microphone.readinto(samples)
    if not count:
        break
    print(str(b2a_base64(bytes(samples[: count // 2])), "ascii").strip())
