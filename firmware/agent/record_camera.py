# Prints what the board's camera sees: for each picture a line WIDTH HEIGHT FORMAT, then each row of pixels in base64, a
# line each, until it is interrupted.
from binascii import b2a_base64

from smidgen.camera import Camera
from smidgen.picture import frame_bytes

camera = Camera()
frame = memoryview(bytearray(frame_bytes(camera.width, camera.height, camera.format)))
row = len(frame) // camera.height
while camera.readinto(frame):
    print(camera.width, camera.height, camera.format)
    for at in range(0, len(frame), row):
        print(str(b2a_base64(frame[at : at + row]), "ascii").strip())
