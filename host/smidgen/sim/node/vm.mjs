/* One life of a board, from reset to reset: MicroPython in a worker thread.
 *
 * workerData: {module, memory, shared, config, raw, scripts}. Messages to the owner: {output}, {heard}, {ready},
 * {reset: true, raw} and {fault: text}. Messages from it only wake the thread when it is idle; what they announce lies in
 * shared memory. */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { loadEngine } from "./engine.mjs";
import { Flash } from "./flash.mjs";
import { boardImports } from "./imports.mjs";
import { RESERVED, RESERVED_END } from "./layout.mjs";
import { Repl } from "./repl.mjs";
import { Sensor } from "./sensor.mjs";
import { Serial } from "./serial.mjs";

const { module, memory, shared, config, raw, scripts } = workerData;
const PYSTACK_WORDS = 1024; // some 100 nested calls
/* Bytes of the heap for a piece of so many free ones: 131 of 128 for the allocation tables, and what the start below
 * leaves allocated. Measured; a test asks every board for the free piece that it promises. */
const heapFor = (free) => Math.ceil((free * 131) / 128) + 9275;

let filter = null;
const send = (bytes) => {
  const shown = filter ? filter(bytes) : bytes;
  parentPort.postMessage({ output: shown, length: bytes.length });
};
const serial = new Serial(shared, send);
const heard = (id) => parentPort.postMessage({ heard: id });
const sensors = Object.fromEntries(
  Object.entries(workerData.recordings).map(([name, port]) => [
    name,
    new Sensor(port, serial, config.realtime, heard),
  ]),
);
const readSensor = (name) => (address, length) => sensors[name].read(new Uint8Array(memory.buffer, address, length));

/* Take everything from the start of malloc's memory to the end of the reserved addresses. */
function reserve(malloc) {
  const block = malloc(RESERVED_END - malloc(16));
  if (block === 0 || block > RESERVED) throw new Error("no room for the engine in the board's memory");
}

/* The build fetches and instantiates its own file; give it ours. */
function interceptInstantiation() {
  WebAssembly.instantiate = async (_, imports) => {
    const instance = new WebAssembly.Instance(module, boardImports(imports, memory, serial));
    const exports = { ...instance.exports };
    exports.mp_js_init = (...args) => {
      reserve(exports.malloc);
      return instance.exports.mp_js_init(...args);
    };
    return { module, instance: { exports } };
  };
}

async function boot() {
  interceptInstantiation();
  const { loadMicroPython } = await import(config.micropython);
  const mp = await loadMicroPython({ heapsize: heapFor(config.heap), pystack: PYSTACK_WORDS, url: config.wasm });
  mp.registerJsModule("_host", {
    board: config.name,
    microphone: readSensor("microphone"),
    imu: readSensor("imu"),
    camera: readSensor("camera"),
    camera_width: config.camera.width,
    camera_height: config.camera.height,
    camera_format: config.camera.format,
    engine: loadEngine(config.engine, memory),
  });
  installModules(mp);
  new Flash(mp.FS, config.state, config.flash);
  return mp;
}

/* The board's own Python: some modules are loaded at once, the rest when a program imports them. */
function installModules(mp) {
  mp.FS.mkdir("/.board");
  for (const [name, path] of Object.entries(config.modules)) mp.FS.writeFile(`/.board/${name}`, readFileSync(path));
  mp.runPython("import sys\nsys.path.insert(1, '/.board')\nimport _board\n_board.start()\ndel sys");
}

/* boot.py and main.py; true when one of them asked for a reset. main.py does not run in raw mode, as on a board. */
function runScripts(mp) {
  const board = mp.pyimport("_board");
  if (board.run("boot.py")) return true;
  return !raw && board.run("main.py");
}

function serve(mp) {
  const repl = new Repl(mp, serial, (listener) => (filter = listener));
  const pump = guarded(() => {
    while (serial.available) {
      if (repl.take(serial.shift())) return reset(repl.raw);
    }
  });
  parentPort.on("message", pump);
  repl.start(raw);
  pump();
}

function reset(toRaw) {
  parentPort.removeAllListeners("message");
  parentPort.postMessage({ reset: true, raw: toRaw });
}

const guarded = (action) => (...args) => {
  try {
    return action(...args);
  } catch (error) {
    parentPort.removeAllListeners("message");
    parentPort.postMessage({ fault: String(error?.message ?? error) });
  }
};

const mp = await boot();
parentPort.postMessage({ ready: true });
guarded(() => (scripts && runScripts(mp) ? reset(false) : serve(mp)))();
