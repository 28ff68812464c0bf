/* How a board's memory and the words that two threads share are laid out. */

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

/* Int32 words of the block that the serial side and the board share. */
export const WAKE = 0;        // counts events; a board that waits, waits for it to change
export const UNSENT = 1;      // bytes that the board printed and nobody has taken yet
export const RING_HEAD = 2;   // where the serial side writes
export const RING_TAIL = 3;   // where the board reads
export const WORDS = 4;
export const RING_SIZE = 65536;

export const CTRL_C = 3;
