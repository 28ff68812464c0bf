// Run the front end's image on the emulated RP2040 and print what it counted, as JSON.
//
//     node emulate_audio.mjs IMAGE FLASH RP2040JS CHANNELS      paths; FLASH holds what audio.c wants to find there
//
// Output: { error: engine code or 0, open: cycles, frames: [cycles of each], features: base64 }.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [image, flash, library, channels] = process.argv.slice(2);
const { RP2040, LogLevel, ConsoleLogger } = createRequire(import.meta.url)(library);
const RAM = 0x20000000, RAM_SIZE = 264 * 1024;
const OPENED = 1, FRAMED = 2;

const chip = new RP2040();
chip.logger = new ConsoleLogger(LogLevel.Error);
chip.sram.set(readFileSync(image), 0);
chip.flash.set(readFileSync(flash), 0);
const core = chip.core;
core.SP = RAM + RAM_SIZE;
core.PC = RAM;
let stopped = false;
chip.onBreak = () => { stopped = true; };

function next() {
  const before = core.cycles;
  stopped = false;
  while (!stopped) core.executeInstruction();
  return [core.registers[0], core.registers[1] | 0, core.cycles - before];
}

const [code, opened, open] = next();
const frames = [], rows = [];
if (code === OPENED && opened >= 0) {
  for (;;) {
    const [what, at, cycles] = next();
    if (what !== FRAMED) break;
    frames.push(cycles);
    rows.push(Buffer.from(chip.sram.subarray(at - RAM, at - RAM + Number(channels))));
  }
}
const features = Buffer.concat(rows).toString("base64");
console.log(JSON.stringify({ error: Math.min(opened, 0), open, frames, features }));
