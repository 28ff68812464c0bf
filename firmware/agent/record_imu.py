# Prints what the board's accelerometer feels, 25 times a second: x y z in milli-g, until it is interrupted.
from array import array

from smidgen import IMU

sample = array("h", bytes(6))
imu = IMU(rate_hz=25)
while imu.readinto(sample):
    print(sample[0], sample[1], sample[2])
