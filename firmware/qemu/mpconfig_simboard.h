/* An emulated board's MicroPython: the QEMU port's configuration, with what stock firmware of real boards has besides. */
#include "mpconfigport.h"

/* The port builds its Cortex-M0 without the loader for native code, which stock firmware for RP2040 has. */
#if defined(__ARM_ARCH_6M__)
#define MICROPY_EMIT_THUMB_ARMV7M (0)
#define MICROPY_EMIT_INLINE_THUMB_FLOAT (0)
#elif defined(__thumb2__) && !defined(__ARM_FP)
#define MICROPY_EMIT_INLINE_THUMB_FLOAT (0)
#endif

#undef MICROPY_PY_TIME
#undef MICROPY_PY_SELECT
#undef MICROPY_PY_ASYNCIO
#undef MICROPY_PY_SYS_STDIO_BUFFER
#define MICROPY_PY_TIME (1)
#define MICROPY_PY_SELECT (1)
#define MICROPY_PY_ASYNCIO (1)
#define MICROPY_PY_SYS_STDIO_BUFFER (1)

#define MICROPY_EPOCH_IS_1970 (1)
#define MICROPY_PY_TIME_TIME_TIME_NS (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_INCLUDEFILE "simboard_time.h"
#define MICROPY_PY_OS_UNAME (1)
#define MICROPY_USE_INTERNAL_ERRNO (1)
#define MICROPY_STACK_CHECK_MARGIN (256)

/* Ctrl-C: looked for between bytecodes, and whenever MicroPython waits. */
void simboard_look(void);
void simboard_nap(void);
#define MICROPY_VM_HOOK_LOOP simboard_look();
#define MICROPY_VM_HOOK_RETURN simboard_look();
#define MICROPY_INTERNAL_EVENT_HOOK simboard_look()
#define MICROPY_INTERNAL_WFE(TIMEOUT_MS) simboard_nap()

/* Flash that the processor reads as memory: files there are read in place. */
#ifdef SIMBOARD_ROMFS_BYTES
#undef MICROPY_VFS_ROM_IOCTL
#define MICROPY_VFS_ROM_IOCTL (1)
#endif
