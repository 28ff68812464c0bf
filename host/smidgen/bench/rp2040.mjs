// The emulated RP2040, bare: a program at the start of RAM, data at the start of flash, breakpoints to stop at. It charges one
// cycle an instruction, one more a load or store, two a taken branch (docs/performance.md).
import { createRequire } from "node:module";

export const RAM = 0x20000000, RAM_SIZE = 264 * 1024, PAINT = 0xa5;

// library: the path of rp2040js. image, flash: bytes. RAM that the image leaves free holds PAINT.
export class Program {
  constructor(library, image, flash) {
    const { RP2040, LogLevel, ConsoleLogger } = createRequire(import.meta.url)(library);
    this.chip = new RP2040();
    this.chip.logger = new ConsoleLogger(LogLevel.Error);
    this.chip.sram.fill(PAINT);
    this.chip.sram.set(image, 0);
    this.chip.flash.set(flash, 0);
    this.chip.core.SP = RAM + RAM_SIZE;
    this.chip.core.PC = RAM;
    this.chip.onBreak = () => { this.stopped = true; };
  }

  // Run to the next breakpoint; returns [r0, r1 signed, cycles since the last one].
  next() {
    const core = this.chip.core, before = core.cycles;
    this.stopped = false;
    while (!this.stopped) core.executeInstruction();
    return [core.registers[0], core.registers[1] | 0, core.cycles - before];
  }

  // Bytes of RAM from an address on.
  bytes(address, size) {
    return this.chip.sram.subarray(address - RAM, address - RAM + size);
  }
}
