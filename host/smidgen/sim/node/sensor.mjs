/* A sensor of the board, its microphone, accelerometer or camera: recordings that the host plays, read by the board as from a
 * peripheral.
 *
 * A recording is a shared block that outlives the board's resets: an Int32 with the bytes already read, and the samples.
 * Each has sampleBytes that belong together and are never cut: a sample, a row of axes, a frame. */
import { receiveMessageOnPort } from "node:worker_threads";

export const INTERRUPTED = -1;

export class Sensor {
  /* port: where recordings come from. */
  constructor(port, serial, realtime, onHeard) {
    this.port = port;
    this.serial = serial;
    this.realtime = realtime;
    this.onHeard = onHeard;
    this.current = null;
  }
  /* Fill `into`; returns the bytes written, 0 at the end of a recording (once for each) and while there is none,
   * INTERRUPTED to be called again after Ctrl-C was looked at. */
  read(into) {
    if (!this.current && !this.#next()) return 0;
    const { position, samples, sampleBytes, id } = this.current;
    const at = Atomics.load(position, 0);
    const count = Math.min(into.length - (into.length % sampleBytes), samples.length - at);
    if (count === 0) {
      this.current = null;
      this.onHeard(id);
      return 0;
    }
    if (this.realtime && !this.#elapsed(at + count)) return INTERRUPTED;
    into.set(samples.subarray(at, at + count));
    Atomics.store(position, 0, at + count);
    return count;
  }
  #next() {
    const message = receiveMessageOnPort(this.port)?.message;
    if (!message) return false;
    const position = new Int32Array(message.shared, 0, 1);
    const { id, shared, bytesPerMs, sampleBytes } = message;
    const start = performance.now() - Atomics.load(position, 0) / bytesPerMs;
    this.current = { id, position, start, bytesPerMs, sampleBytes, samples: new Uint8Array(shared, 4) };
    return true;
  }
  /* Wait until so many bytes of the recording would have been heard; false when something else happened first. */
  #elapsed(bytes) {
    const due = this.current.start + bytes / this.current.bytesPerMs;
    const { seen } = this.serial;
    this.serial.nap(seen, due);
    return performance.now() >= due;
  }
}
