/* How a board's memory is laid out. */

/* Size of the memory, in WebAssembly's unit of 64 KiB. It never grows. */
export const PAGES = 256;

/* The addresses from RESERVED to RESERVED_END are taken from the board's malloc before MicroPython takes its heap, so
 * nothing else ever lies there. The engine's module is linked to the first of them (engine.py); MicroPython's C stack,
 * which the pointers spilled by prepare.mjs make larger than the build foresees, ends at the last. The engine's stack has
 * the place from which it moved, below 64 KiB. */
export const RESERVED = 0x100000;
export const RESERVED_END = 0x200000;
export const STACK_TOP = RESERVED_END;
export const STACK_LIMIT = 0x60000;
