/* A board as its serial port sees it: bytes in, bytes out, whatever happens to the MicroPython inside. */
import { readFileSync } from "node:fs";
import { MessageChannel, Worker } from "node:worker_threads";
import { PAGES } from "./layout.mjs";
import { INTERRUPTS, SerialIn, UNSENT } from "./serial_in.mjs";

const CTRL_C = 3;
const RETRY_MS = 5;
const SENSORS = ["microphone", "imu", "camera"];
const NATIVE_STACK_MB = 16; // MicroPython's own limit on nesting (its Python stack) must be met first

export class Machine {
  /* config: see board.mjs. Events: output(bytes, taken), where taken() has to be called
   * when the bytes have gone out and the board may print more; heard(id), ready(), failed(text). */
  constructor(config, events) {
    this.config = config;
    this.events = events;
    this.module = new WebAssembly.Module(readFileSync(config.wasm));
    this.input = new SerialIn();
    this.backlog = [];
    this.recordings = [];
    this.played = 0;
    this.started = false;
  }
  start({ raw = false, scripts = true } = {}) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    this.handler = interruptHandler(this.module, memory);
    Atomics.store(this.input.words, UNSENT, 0);
    const recordings = this.#openSensors();
    const { module, config } = this;
    this.worker = new Worker(new URL("vm.mjs", import.meta.url), {
      workerData: { module, memory, shared: this.input.shared, config, raw, scripts, recordings },
      transferList: Object.values(recordings),
      resourceLimits: { stackSizeMb: NATIVE_STACK_MB },
      stdin: true,
    });
    const { worker } = this;
    worker.on("message", (message) => worker === this.worker && this.#receive(message));
    worker.on("error", (error) => worker === this.worker && this.#fault(error.message));
    worker.on("exit", (code) => worker === this.worker && this.#fault(`exit ${code}`));
  }
  #receive({ output, length, heard, ready, reset, raw, fault }) {
    if (output) {
      const { words } = this.input;
      this.events.output(Buffer.from(output), () => {
        Atomics.sub(words, UNSENT, length);
        this.input.wake();
      });
    } else if (heard !== undefined) {
      this.recordings = this.recordings.filter(({ id }) => id !== heard);
      this.events.heard(heard);
    } else if (ready) {
      this.started = true;
      this.events.ready();
    } else if (reset) {
      this.#say("MPY: soft reboot\r\n");
      this.#restart({ raw });
    } else if (fault) {
      this.#fault(fault);
    }
  }
  /* What a hard fault is on a board: everything in RAM is lost; main.py, which may be to blame, does not run again. */
  #fault(text) {
    if (!this.started) return this.events.failed(text);
    this.#say(`\r\nThe simulated board crashed (${text}) and restarts.\r\n`);
    this.#restart({ scripts: false });
  }
  #say(text) {
    this.events.output(Buffer.from(text), () => {});
  }
  #restart(how) {
    const { worker } = this;
    this.worker = null;
    worker.terminate().then(() => this.start(how));
  }
  /* Bytes from a client. Ctrl-C interrupts a program that runs, even one that never reads or sleeps. */
  receive(bytes) {
    this.backlog.push(...bytes);
    this.#push();
  }
  #push() {
    clearTimeout(this.retry);
    let taken = 0;
    for (const byte of this.backlog) {
      if (byte === CTRL_C && this.handler.mp_hal_get_interrupt_char() === CTRL_C) {
        this.handler.mp_sched_keyboard_interrupt();
        Atomics.add(this.input.words, INTERRUPTS, 1);
      } else if (!this.input.push(byte)) {
        break;
      }
      taken += 1;
    }
    this.backlog.splice(0, taken);
    this.input.wake();
    this.worker?.postMessage(null);
    if (this.backlog.length > 0) this.retry = setTimeout(() => this.#push(), RETRY_MS);
  }
  /* The board's ends of the channels on which its sensors get recordings, by their names; those not yet read go first. */
  #openSensors() {
    const ends = {};
    this.speakers = {};
    for (const name of SENSORS) {
      const { port1, port2 } = new MessageChannel();
      port1.unref();
      this.speakers[name] = port1;
      ends[name] = port2;
    }
    for (const recording of this.recordings) this.speakers[recording.sensor].postMessage(recording);
    return ends;
  }
  /* sensor: of SENSORS. samples: bytes, of which sampleBytes belong together. bytesPerMs: how fast they come. Returns the
   * recording's number. */
  play(sensor, samples, bytesPerMs, sampleBytes) {
    const shared = new SharedArrayBuffer(4 + samples.length);
    new Uint8Array(shared, 4).set(samples);
    const recording = { id: this.played++, sensor, shared, bytesPerMs, sampleBytes };
    this.recordings.push(recording);
    this.speakers[sensor].postMessage(recording);
    return recording.id;
  }
}

/* A second instance over the board's memory, for this thread, as an interrupt handler shares a board's memory. Only
 * functions that call nothing are used. It must exist before the board starts: instantiating writes the initial data. */
function interruptHandler(module, memory) {
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = kind === "memory" ? memory : () => 0;
  }
  return new WebAssembly.Instance(module, imports).exports;
}
