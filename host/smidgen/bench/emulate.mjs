// Run a benchmark image on the emulated RP2040 and print what it counted, as JSON.
//
//     node emulate.mjs RP2040JS IMAGE MODEL INPUT LAYOUT      paths, and JSON
//
// INPUT holds the bytes of every model input, one after the other. LAYOUT: { cores, inputs: [[offset, size]], outputs:
// [[place, offset, size]], end: bytes of arena, state and what else the program may touch behind its image }.
//
// Output: { open: cycles, steps: [[cycles, cycles of both cores together, hand-overs] of each operator], stack: bytes,
// outputs: base64, error: engine code or 0 }. The chip has one core here: with `cores` 2 it runs the halves that two would
// run at the same time one after the other, and the longer one counts.
import { readFileSync } from "node:fs";
import { PAINT, Program, RAM, RAM_SIZE } from "./rp2040.mjs";

const [library, image, model, input, layout] = process.argv.slice(2);
const STEPPED = 3, SHARED = 4; // as in main.c
const { cores, inputs, outputs, end } = JSON.parse(layout);

const file = readFileSync(model), values = readFileSync(input), flash = Buffer.alloc(8 + file.length);
flash.writeUInt32LE(file.length, 0);
flash.writeUInt32LE(cores, 4);
file.copy(flash, 8);
const program = new Program(library, readFileSync(image), flash);

function fail(stage, value) {
  console.log(JSON.stringify({ error: value, stage }));
  process.exit(0);
}

// To the end of an operator: [what smg_step said, cycles, cycles of both cores, hand-overs].
function step() {
  let time = 0, work = 0, shared = 0;
  for (;;) {
    const [code, value, cycles] = program.next();
    work += cycles;
    time += cycles;
    if (code === STEPPED) return [value, time, work, shared];
    if (code === SHARED) {
      const first = program.next()[2], second = program.next()[2];
      shared++;
      work += first + second;
      time += Math.max(first, second);
    }
  }
}

const [, opened, open] = program.next();
if (opened < 0) fail("open", opened);
const [, arena] = program.next();
if (arena >= 0 && arena < RAM) fail("bind", arena);
let at = 0;
for (const [offset, size] of inputs) {
  program.bytes(arena + offset, size).set(values.subarray(at, at + size));
  at += size;
}
const steps = [];
for (;;) {
  const [value, ...counted] = step();
  steps.push(counted);
  if (value < 0) fail("step", value);
  if (value === 0) break;
}
let low = arena - RAM + end;
while (low < RAM_SIZE && program.chip.sram[low] === PAINT) low++;
const bytes = Buffer.concat(outputs.map(([place, offset, size]) =>
  Buffer.from(place === "DATA" ? [] : program.bytes(arena + offset, size))));
console.log(JSON.stringify({ error: 0, open, steps, stack: RAM_SIZE - low, outputs: bytes.toString("base64") }));
