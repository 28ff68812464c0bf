/* A real firmware on an emulated RP2040, with the face of machine.mjs: bytes in, bytes out, over the firmware's own USB serial.
 *
 * config: {firmware, bootrom, rp2040js, state}, paths. The flash is flash.bin in the state folder; the firmware lies over it at each
 * start, so that its filesystem stays when the firmware changes. */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { serveFlash } from "./bootrom.mjs";
import { FLASH_BYTES, overlay } from "./uf2.mjs";

const FLASH = 0x10000000;
const FLASH_SELECT = 1; // of the QSPI pins
const QSPI_PAD = 0x5a; // as it is after a reset (RP2040 data sheet, 2.19.6.4): an input, pulled up
const SLICE = 200000; // instructions between looks at what has come
const CYCLE_NS = 8; // 125 MHz
const AHEAD_NS = 2e6; // an idle chip waits for the wall clock when it is so far ahead of it
const NAP_NS = 1e6; // asleep, it looks so often at what has come, however far off its next alarm is
const MAX_UNSENT = 65536;
const USB_RECOVERY_NS = 20e6; // a host leaves a device alone so long after a reset (USB 2.0, 7.1.7.5: 10 ms at least)

export class Rp2040 {
  constructor(config, events) {
    this.config = config;
    this.events = events;
    this.emulator = createRequire(import.meta.url)(config.rp2040js);
    this.backlog = [];
    this.unsent = 0;
    this.started = false;
  }
  start() {
    const { firmware, bootrom, state } = this.config;
    const path = join(state, "flash.bin");
    if (!existsSync(path)) writeFileSync(path, Buffer.alloc(FLASH_BYTES, 0xff));
    this.flash = readFileSync(path);
    this.rom = readFileSync(bootrom);
    this.file = openSync(path, "r+");
    process.on("exit", () => closeSync(this.file));
    try {
      overlay(this.flash, readFileSync(firmware));
      this.#powerOn();
    } catch (error) {
      return this.events.failed(error.message);
    }
    this.#run();
  }
  receive(bytes) {
    for (const byte of bytes) this.backlog.push(byte);
  }

  /* A new chip with the old flash: after power came, and after a reset by the watchdog (machine.reset()). */
  #powerOn() {
    const { RP2040, USBCDC, ConsoleLogger, LogLevel } = this.emulator;
    const chip = (this.chip = new RP2040());
    this.clock = chip.clock;
    chip.logger = new ConsoleLogger(LogLevel.Error, false);
    chip.loadBootrom(new Uint32Array(this.rom.buffer.slice(this.rom.byteOffset, this.rom.byteOffset + this.rom.length)));
    chip.flash.set(this.flash);
    serveFlash(chip, (offset, bytes) => {
      this.flash.set(bytes, offset);
      writeSync(this.file, bytes, 0, bytes.length, offset);
    });
    chip.peripherals[0x40058].onWatchdogTrigger = () => (this.fallen = true);
    this.#release(chip.qspi[FLASH_SELECT]);
    this.cdc = new USBCDC(chip.usbCtrl);
    this.#recover(chip.usbCtrl);
    this.cdc.onDeviceConnected = () => this.#connected();
    this.cdc.onSerialData = (bytes) => this.#print(Buffer.from(bytes));
    chip.core.PC = FLASH;
    this.fallen = false;
    this.began = performance.now();
  }
  /* The BOOTSEL button is on this pin, and nobody presses it. The emulator's pad starts as none that can be read. */
  #release(pin) {
    pin.padValue = QSPI_PAD;
    pin.setInputValue(true);
  }
  /* The emulator's host would speak at once; CircuitPython's USB loses what comes before it has dealt with the reset. */
  #recover(usb) {
    const recovered = this.clock.createAlarm(usb.onResetReceived);
    usb.onResetReceived = () => recovered.schedule(USB_RECOVERY_NS);
  }
  #connected() {
    if (!this.started) this.events.ready();
    this.started = true;
  }
  #print(bytes) {
    this.unsent += bytes.length;
    this.events.output(bytes, () => (this.unsent -= bytes.length));
  }
  #run() {
    if (this.fallen) this.#powerOn();
    this.#feed();
    if (this.unsent > MAX_UNSENT) return setTimeout(() => this.#run(), 5);
    const idle = this.#slice();
    const ahead = this.clock.nanos - (performance.now() - this.began) * 1e6;
    setTimeout(() => this.#run(), idle && ahead > AHEAD_NS && this.backlog.length === 0 ? ahead / 1e6 : 0);
  }
  #feed() {
    const { txFIFO } = this.cdc;
    let taken = 0;
    while (this.started && taken < this.backlog.length && !txFIFO.full) this.cdc.sendSerialByte(this.backlog[taken++]);
    this.backlog.splice(0, taken);
  }
  /* Run for a while; true when the chip waits for an interrupt that is still to come. */
  #slice() {
    const { core } = this.chip;
    const { clock } = this;
    const limit = (performance.now() - this.began) * 1e6 + AHEAD_NS;
    for (let i = 0; i < SLICE && !this.fallen; i++) {
      // An interrupt that is masked and was there before WFI ends it on the chip; the emulator would sleep on.
      if (core.pendingInterrupts & core.enabledInterrupts) core.waiting = false;
      if (!core.waiting) {
        clock.tick(core.executeInstruction() * CYCLE_NS);
      } else {
        clock.tick(Math.min(clock.nanosToNextAlarm || NAP_NS, NAP_NS));
        if (clock.nanos > limit) return true;
      }
    }
    return false;
  }
}
