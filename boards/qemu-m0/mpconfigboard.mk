QEMU_ARCH = arm
QEMU_MACHINE = microbit

CFLAGS += -mthumb -mcpu=cortex-m0 -mfloat-abi=soft -DUART_NRF51 -DUART=0x40002000 -DUART_IRQ=2
CFLAGS += -DMICROPY_HW_MCU_NAME='"Cortex-M0"' -DSIMBOARD_NAME='"qemu-m0"'
LDSCRIPT = $(BOARD_DIR)/memory.ld
SRC_BOARD_O = shared/runtime/gchelper_native.o shared/runtime/gchelper_thumb1.o
MPY_CROSS_FLAGS += -march=armv6m

include $(BOARD_DIR)/../../firmware/qemu/board.mk
