/* The C engine inside a board: a WebAssembly module of its own that works in the board's memory, so blobs, arenas and
 * samples are used where MicroPython's heap holds them. */
import { readFileSync } from "node:fs";

/* The engine's functions. */
export function loadEngine(path, memory) {
  const module = new WebAssembly.Module(readFileSync(path));
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}
