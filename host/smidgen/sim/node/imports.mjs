/* What MicroPython asks of its host, where a board answers otherwise than a web page: the console, the clock's sleep,
 * error numbers. Everything else stays Emscripten's. */
import { toLinux } from "./errno.mjs";

const STDIN = 0;
const STDERR = 2;
const POLLIN = 1;
const POLLOUT = 4;

/* imports: Emscripten's own; memory: the board's; serial: a Serial (serial.mjs). */
export function boardImports(imports, memory, serial) {
  const env = { ...imports.env };
  const wasi = { ...imports.wasi_snapshot_preview1 };
  for (const name of Object.keys(env).filter((key) => key.startsWith("__syscall_"))) {
    const call = env[name];
    env[name] = (...args) => {
      const result = call(...args);
      return result < 0 ? -toLinux(-result) : result;
    };
  }
  for (const name of ["fd_close", "fd_read", "fd_seek", "fd_sync", "fd_write"]) {
    const call = wasi[name];
    wasi[name] = (...args) => toLinux(call(...args));
  }
  consoleImports(env, wasi, new Int32Array(memory.buffer), new Uint8Array(memory.buffer), serial);
  sleepImports(env, serial);
  env.sim_read = () => serial.read();
  env.memory = memory;
  env.emscripten_resize_heap = () => 0;
  return { ...imports, env, wasi_snapshot_preview1: wasi };
}

/* The pieces of memory that an iovec list names. */
function pieces(words, bytes, list, count) {
  return Array.from({ length: count }, (_, i) => {
    const at = (list >>> 2) + 2 * i;
    return bytes.subarray(words[at], words[at] + words[at + 1]);
  });
}

const NEWLINE = 10;
const RETURN = 13;

/* A terminal needs a carriage return before each line feed; boards add it. */
function cooked(piece) {
  const result = [];
  for (const byte of piece) {
    if (byte === NEWLINE && result.at(-1) !== RETURN) result.push(RETURN);
    result.push(byte);
  }
  return new Uint8Array(result);
}

function consoleImports(env, wasi, words, bytes, serial) {
  const { fd_read: read, fd_write: write } = wasi;
  const poll = env.__syscall_poll;
  wasi.fd_write = (fd, list, count, done) => {
    if (fd === STDIN || fd > STDERR) return write(fd, list, count, done);
    let total = 0;
    for (const piece of pieces(words, bytes, list, count)) {
      serial.write(cooked(piece));
      total += piece.length;
    }
    words[done >> 2] = total;
    return 0;
  };
  wasi.fd_read = (fd, list, count, done) => {
    if (fd !== STDIN) return read(fd, list, count, done);
    const into = pieces(words, bytes, list, count).find((piece) => piece.length > 0);
    words[done >> 2] = into ? serial.readInto(into) : 0;
    return 0;
  };
  /* MicroPython polls again and again with a short timeout, so a short sleep is enough here. */
  env.__syscall_poll = (list, count, timeout) => {
    const first = new Int16Array(bytes.buffer, list, 4);
    if (count !== 1 || words[list >> 2] > STDERR) return poll(list, count, timeout);
    const { seen } = serial;
    if (timeout !== 0 && !serial.available) serial.nap(seen, performance.now() + (timeout < 0 ? 1000 : timeout));
    const ready = (words[list >> 2] === STDIN ? serial.available && POLLIN : POLLOUT) & first[2];
    first[3] = ready;
    return ready ? 1 : 0;
  };
}

/* Between two naps MicroPython handles what is pending, so a nap ends at once when anything happened since it looked. */
function sleepImports(env, serial) {
  let end = 0;
  let seen = 0;
  env.sim_sleep_start = (microseconds) => {
    seen = serial.seen;
    end = performance.now() + microseconds / 1000;
  };
  env.sim_sleep = () => {
    serial.nap(seen, end);
    seen = serial.seen;
    return performance.now() < end ? 1 : 0;
  };
}
