QEMU_ARCH = arm
QEMU_MACHINE = mps2-an386

CFLAGS += -mthumb -mcpu=cortex-m4 -mfpu=fpv4-sp-d16 -mfloat-abi=hard -DUART_CMSDK -DUART=0x40004000 -DUART_IRQ=0
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M4"' -DSIMBOARD_NAME='"qemu-m4"' -DSIMBOARD_FLASH_BYTES=1441792
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o
MPY_CROSS_FLAGS += -march=armv7emsp

include $(BOARD_DIR)/../../firmware/qemu/board.mk
