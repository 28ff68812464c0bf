/* Error numbers: WebAssembly's C library has its own (wasi); MicroPython boards use Linux's. */
const LINUX = new Map([
  [1, 7], [2, 13], [6, 11], [8, 9], [10, 16], [20, 17], [22, 27], [28, 22], [29, 5], [31, 21], [32, 40], [33, 24], [37, 36],
  [41, 23], [43, 19], [44, 2], [48, 12], [51, 28], [52, 38], [54, 20], [55, 39], [58, 95], [59, 25], [60, 6], [63, 1],
  [69, 30], [70, 29], [75, 18],
]);
export const EIO = 29;
export const ENOSPC = 51;

export const toLinux = (errno) => LINUX.get(errno) ?? errno;
