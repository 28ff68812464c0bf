# What a simulated board has besides MicroPython.
#
#   board                      its name, a folder of smidgen's boards/
#   microphone_readinto(buf)   fills any writable buffer with int16 samples, mono, 16 kHz, as far as the recording goes.
#                              Returns the bytes written; 0 at the end of each recording, and when none is playing.
#   imu_readinto(buf)          the same for int16 samples of motion: milli-g along x, y and z.
#   camera_readinto(buf)       the same for whole frames; CAMERA is their width, height and format.

import _host
from uctypes import addressof

board = _host.board
CAMERA = (_host.camera_width, _host.camera_height, _host.camera_format)


def nbytes(buf):
    return addressof(memoryview(buf)[len(buf) :]) - addressof(buf)


def _readinto(read, buf):
    address = addressof(buf)
    length = nbytes(buf)
    while True:
        count = read(address, length)
        if count >= 0:  # less: something happened meanwhile; going round the loop raises a waiting KeyboardInterrupt
            return count


def microphone_readinto(buf):
    return _readinto(_host.microphone, buf)


def imu_readinto(buf):
    return _readinto(_host.imu, buf)


def camera_readinto(buf):
    return _readinto(_host.camera, buf)
