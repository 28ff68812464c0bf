// Run the front end's image on the emulated RP2040 and print what it counted, as JSON.
//
//     node emulate_audio.mjs RP2040JS IMAGE FLASH CHANNELS      paths; FLASH holds what audio.c wants to find there
//
// Output: { error: engine code or 0, open: cycles, frames: [cycles of each], features: base64 }.
import { readFileSync } from "node:fs";
import { Program } from "./rp2040.mjs";

const [library, image, flash, channels] = process.argv.slice(2);
const OPENED = 1, FRAMED = 2;

const program = new Program(library, readFileSync(image), readFileSync(flash));
const [code, opened, open] = program.next();
const frames = [], rows = [];
if (code === OPENED && opened >= 0) {
  for (;;) {
    const [what, at, cycles] = program.next();
    if (what !== FRAMED) break;
    frames.push(cycles);
    rows.push(Buffer.from(program.bytes(at, Number(channels))));
  }
}
const features = Buffer.concat(rows).toString("base64");
console.log(JSON.stringify({ error: Math.min(opened, 0), open, frames, features }));
