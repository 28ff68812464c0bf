/* The core that Debian's Xtensa assembler is told to write for (XTENSA_GNU_CONFIG): one with register windows, as the ESP32,
 * S2 and S3 have, where Debian's own is the ESP8266's, without. A plugin of the assembler's, compiled together with
 * binutils' own bfd/xtensa-modules.c; nothing of it gets into what is assembled. */
#define XTENSA_CONFIG_DEFINITION
#include "xtensa-config.h" /* binutils' default core, which has everything but is big-endian */
#undef XCHAL_HAVE_BE
#define XCHAL_HAVE_BE 0
#include "xtensa-dynconfig.h"

int plugin_is_GPL_compatible = 1;

XTENSA_CONFIG_INSTANCE_LIST;
