"""The processors that a model can be measured on."""

from __future__ import annotations

from dataclasses import dataclass

from smidgen.errors import UsageError

_THUMB = ("-target", "thumb-freestanding-eabi")


@dataclass(frozen=True)
class Target:
    """A processor and the emulator that stands in for it.

    name: as in `--target`. title: what people call it. flags: the compiler's, optimised as in the
    native module for it. table: the file of `firmware/engine/` that lists its fastest kernels. sources: what the image
    has besides the engine, in bench/target/.
    machine: QEMU's command and its -machine; empty for the RP2040 emulator. base, model, stack: addresses of
    the image, of the model behind its header, and of the stack's end. tick: instructions a tick of the counter.
    """

    name: str
    title: str
    flags: tuple[str, ...]
    table: str
    sources: tuple[str, ...]
    machine: tuple[str, ...] = ()
    base: int = 0
    model: int = 0
    stack: int = 0
    tick: int = 1


def _arm(name: str, title: str, board: str, base: int, model: int, tick: int) -> Target:
    flags = (*_THUMB, f"-mcpu=cortex_{name}+dsp", "-O2")
    machine = ("qemu-system-arm", board)
    sources = ("qemu.c", "cortex_m.c", "mem.c")
    return Target(name, title, flags, "kernels/tiles/all.c", sources, machine, base, model, base + (4 << 20), tick)


TARGETS = {
    target.name: target
    for target in (
        Target(
            "rp2040",
            "Cortex-M0+ (RP2040)",
            (*_THUMB, "-mcpu=cortex_m0plus", "-Os"),
            "kernels/armv6m/all.c",
            ("main.c", "mem.c"),
        ),
        _arm("m4", "Cortex-M4", "mps2-an386", 0, 0x2000_0000, 40),  # SysTick at 25 MHz, an instruction a nanosecond
        _arm("m33", "Cortex-M33 (RP2350)", "mps2-an505", 0x1000_0000, 0x3800_0000, 50),  # at 20 MHz
        Target(
            "rv32",
            "RV32IMC (ESP32-C3)",
            ("-target", "riscv32-freestanding", "-mcpu=generic_rv32+m+c", "-O2"),
            "kernels/tiles/all.c",
            ("qemu.c", "rv32.c", "mem.c"),
            ("qemu-system-riscv32", "virt"),
            0x8000_0000,
            0x8200_0000,
            0x8100_0000,
        ),
    )
}


def target_of(name: str) -> Target:
    """A target by its name. Raises UsageError that lists them."""
    if name not in TARGETS:
        raise UsageError(f"--target {name}: there is none; choose from {', '.join(TARGETS)}")
    return TARGETS[name]
