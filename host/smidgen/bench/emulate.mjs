// Run a benchmark image on the emulated RP2040 and print what it counted, as JSON.
//
//     node emulate.mjs IMAGE MODEL INPUT RP2040JS      paths; INPUT holds the bytes of every model input, one after the other
//
// Output: { open: cycles, steps: [cycles of each operator], stack: bytes, outputs: base64, error: engine code or 0 }.
// The emulator charges one cycle an instruction, one more a load or store, two a taken branch (see docs/performance.md).
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [image, model, input, library, layout] = process.argv.slice(2);
const { RP2040, LogLevel, ConsoleLogger } = createRequire(import.meta.url)(library);
const RAM = 0x20000000, RAM_SIZE = 264 * 1024, STACK_PAINT = 0xa5;
const OPENED = 1, BOUND = 2, STEPPED = 3;

const chip = new RP2040();
chip.logger = new ConsoleLogger(LogLevel.Error);
const code = readFileSync(image), file = readFileSync(model), values = readFileSync(input);
chip.sram.fill(STACK_PAINT);
chip.sram.set(code, 0);
new DataView(chip.flash.buffer).setUint32(0, file.length, true);
chip.flash.set(file, 8);
const core = chip.core;
core.SP = RAM + RAM_SIZE;
core.PC = RAM;

let stopped = false;
chip.onBreak = () => { stopped = true; };

// Run to the next breakpoint; returns [code, value, cycles since the last one].
function next() {
  const before = core.cycles;
  stopped = false;
  while (!stopped) core.executeInstruction();
  return [core.registers[0], core.registers[1] | 0, core.cycles - before];
}

function fail(stage, value) {
  console.log(JSON.stringify({ error: value, stage }));
  process.exit(0);
}

const { inputs, outputs, end } = JSON.parse(layout);
const [, opened, openCycles] = next();
if (opened < 0) fail("open", opened);
const [, arena] = next();
if (arena >= 0 && arena < RAM) fail("bind", arena);
let at = 0;
for (const [offset, size] of inputs) {
  chip.sram.set(values.subarray(at, at + size), arena - RAM + offset);
  at += size;
}
const steps = [];
for (;;) {
  const [, value, cycles] = next();
  steps.push(cycles);
  if (value < 0) fail("step", value);
  if (value === 0) break;
}
let low = arena - RAM + end;
while (low < RAM_SIZE && chip.sram[low] === STACK_PAINT) low++;
const bytes = Buffer.concat(outputs.map(([place, offset, size]) =>
  Buffer.from(place === "DATA" ? [] : chip.sram.subarray(arena - RAM + offset, arena - RAM + offset + size))));
console.log(JSON.stringify({ error: 0, open: openCycles, steps, stack: RAM_SIZE - low, outputs: bytes.toString("base64") }));
