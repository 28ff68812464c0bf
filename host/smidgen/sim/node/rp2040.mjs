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
const SLICE = 200000; // instructions between looks at what has come
const CYCLE_NS = 8; // 125 MHz
const AHEAD_NS = 2e6; // an idle chip waits for the wall clock when it is so far ahead of it
const MAX_UNSENT = 65536;

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
    this.cdc = new USBCDC(chip.usbCtrl);
    this.cdc.onDeviceConnected = () => this.#connected();
    this.cdc.onSerialData = (bytes) => this.#print(Buffer.from(bytes));
    chip.core.PC = FLASH;
    this.fallen = false;
    this.began = performance.now();
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
      if (!core.waiting) {
        clock.tick(core.executeInstruction() * CYCLE_NS);
      } else {
        clock.tick(clock.nanosToNextAlarm);
        if (clock.nanos > limit) return true;
      }
    }
    return false;
  }
}
