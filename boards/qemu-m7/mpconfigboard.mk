QEMU_ARCH = arm
QEMU_MACHINE = mps2-an500

CFLAGS += -mthumb -mcpu=cortex-m7 -mfpu=fpv5-sp-d16 -mfloat-abi=hard -DUART_CMSDK -DUART=0x40004000 -DUART_IRQ=0
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M7"' -DSIMBOARD_NAME='"qemu-m7"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb2.o
MPY_CROSS_FLAGS += -march=armv7emsp

include $(BOARD_DIR)/../../firmware/qemu/board.mk
