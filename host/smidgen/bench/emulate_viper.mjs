// Call machine code that viper made on the emulated RP2040 and print what it counted, as JSON.
//
//     node emulate_viper.mjs RP2040JS RAM CALLS STOP      paths, JSON, an address
//
// RAM starts with what the calls need. CALLS: [[function, [r0, r1, r2, r3]]]. STOP: of a breakpoint, to which they return.
// Output: { cycles: [of each call], ram: base64 of as many bytes, as the calls left them }.
import { readFileSync } from "node:fs";
import { Program, RAM } from "./rp2040.mjs";

const [library, image, calls, stop] = process.argv.slice(2);
const bytes = readFileSync(image), program = new Program(library, bytes, []), core = program.chip.core;
const cycles = JSON.parse(calls).map(([code, registers]) => {
  core.registers.set(registers);
  core.LR = stop | 1;
  core.PC = code;
  return program.next()[2];
});
console.log(JSON.stringify({ cycles, ram: Buffer.from(program.bytes(RAM, bytes.length)).toString("base64") }));
