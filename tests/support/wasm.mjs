// Run models in the engine compiled for WebAssembly.
//
//     node wasm.mjs ENGINE.wasm < jobs > results
//
// jobs: JSON, one { file, arena, state, inputs: [[place, offset]], outputs: [[place, offset, bytes]], sequence } a model; a place is
// "arena" or "state", sequence holds the inputs of successive inferences; bytes are base64. results: JSON, the outputs of each.
import { readFileSync } from "node:fs";
import { loadEngine } from "../../host/smidgen/sim/node/engine.mjs";
import { PAGES, RESERVED_END } from "../../host/smidgen/sim/node/layout.mjs";

const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
const engine = loadEngine(process.argv[2], memory);
const bytes = new Uint8Array(memory.buffer);

function run(job) {
  let end = RESERVED_END;
  const take = (size) => { const at = end; end += Math.ceil((size + 1) / 16) * 16; return at; };
  const check = (code) => { if (code < 0) throw new Error(`engine error ${code}`); return code; };
  const file = Buffer.from(job.file, "base64");
  const handle = [take(engine.handle_size()), engine.handle_size()];
  const blob = take(file.length), place = { arena: take(job.arena), state: take(job.state) };
  bytes.set(file, blob);
  check(engine.open(...handle, blob, file.length));
  check(engine.bind(...handle, place.arena, job.arena, place.state, job.state));
  return job.sequence.map((inputs) => {
    inputs.forEach((x, i) => bytes.set(Buffer.from(x, "base64"), place[job.inputs[i][0]] + job.inputs[i][1]));
    check(engine.invoke(...handle));
    const read = ([where, offset, size]) => Buffer.from(bytes.slice(place[where] + offset, place[where] + offset + size));
    return job.outputs.map((output) => read(output).toString("base64"));
  });
}

console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(run)));
