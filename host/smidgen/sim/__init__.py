"""Simulated boards: a serial port behind which official MicroPython runs, no hardware needed.

    from smidgen.sim import SimBoard

    with SimBoard(board="pico") as sim:            # returns when the board's REPL answers
        sim.url                                    # "socket://localhost:49152", for mpremote, pyserial, smidgen.device
        sim.pty                                    # "/dev/pts/3", the same board for ampy and Thonny; None on Windows
        sim.play(samples)                          # int16 [n], mono, 16 kHz: what the board's microphone hears next
        sim.move(samples, rate_hz=25)              # int16 [n, 3], milli-g: what its accelerometer feels next
        sim.wait()                                 # until Ctrl-C, or until the board's process ends

`SimBoard(board="pico", port=0, state=None, realtime=False, pty=True, firmware=None, bootrom=None)`

    board      a folder of `boards/` (`smidgen.boards.load`): its heap, flash and name
    port       TCP port on localhost; 0 takes a free one. Taken: PortError
    state      folder that keeps the board's filesystem between starts, written file by file beside and renamed;
               None: the files are gone when the board stops. A folder in use by another simulator: PortError
    realtime   True: the sensors hand out samples no faster than they would come; False: as fast as they are read
    pty        True (default where the system has ptys): also offer the port as a pseudo-terminal
    firmware   for "rp2040": the .uf2 to run; for a board in QEMU: an image other than that of `make sim-boards`
    bootrom    for "rp2040": the chip's boot ROM

Methods: `start()`, `stop()` (both called by `with`; `stop` may be called twice), `play(samples)`,
`move(samples, rate_hz)` and `look(frames)` (queue; return at once), `play_done(timeout=None) -> bool` (True once the
board has read everything that was queued), `wait()`.

What a program on the board finds, besides MicroPython:

    import _sim                       # in an emulated board it has `board` alone: there are no sensors
    _sim.board                        # "pico"
    _sim.microphone_readinto(buf)     # fills any writable buffer with int16 samples at 16 kHz; returns the bytes
                                      # written: 0 at the end of each recording, and when none was played
    _sim.imu_readinto(buf)            # the same with int16 samples of motion, milli-g along x, y and z
    _sim.camera_readinto(buf)         # the same with whole frames; _sim.CAMERA is their width, height and format
    import _smidgen                   # the C engine as WebAssembly, over the board's own heap: nothing is copied

Errors: PortError (port or state folder taken), DeviceError (the board did not start; says why), UsageError (no such
board, or sound for one without a microphone), MissingExtra("sim") (no Node).
"""

from __future__ import annotations

from smidgen.sim.simboard import SimBoard

__all__ = ["SimBoard"]
