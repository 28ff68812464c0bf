"""Listens to a machine and raises an alarm when it no longer sounds as it did.

Started for the first time it learns the threshold from half a minute of the machine as it is now, so start it while the
machine is well. It keeps what it learned in calibration.bin; remove that file to learn anew. The same file runs on a
board and on a simulated one. It needs the smidgen package and a model.smg beside it:

    smidgen deploy model.smg
"""

from smidgen import Microphone, Model, Monitor

monitor = Monitor(Model("model.smg"), Microphone(), "calibration.bin")
if monitor.calibrated:
    print("threshold", monitor.threshold, "as learned before")
else:
    print("learning how the machine sounds ...")
    print("threshold", monitor.calibrate(), "learned")

for alarm, percent, time_ms in monitor:
    print("{:8.2f} s  {} %{}".format(time_ms / 1000, percent, "  alarm" if alarm else ""))
