# TensorFlow Lite Micro as a module of MicroPython's firmware (docs/firmware.md), where TFLM_DIR names your build of it:
#
#     make USER_C_MODULES=.../firmware/usermod TFLM_DIR=.../tflite-micro
#
# TFLM_LIBRARY: libtensorflow-microlite.a, when TFLM_DIR has it for several targets. TFLM_OPERATORS: what models may use, by
# the names of TFLM's MicroMutableOpResolver without "Add"; each takes flash. TFLM_FACADE: for tests, a C file in place
# of facade.cpp and TFLM.
ifneq ($(TFLM_DIR)$(TFLM_FACADE),)

TFLM_OPERATORS ?= Add AveragePool2D Concatenation Conv2D DepthwiseConv2D Dequantize FullyConnected Logistic MaxPool2D \
    Mean Mul Pad Quantize Relu Reshape Softmax

SRC_USERMOD_C += $(USERMOD_DIR)/module.c
CFLAGS_USERMOD += -I$(USERMOD_DIR)

ifneq ($(TFLM_FACADE),)

SRC_USERMOD_LIB_C += $(notdir $(TFLM_FACADE))
vpath %.c $(dir $(TFLM_FACADE))

else

TFLM_LIBRARY ?= $(wildcard $(TFLM_DIR)/gen/*/lib/libtensorflow-microlite.a)
ifneq ($(words $(TFLM_LIBRARY)),1)
$(error TFLM_DIR=$(TFLM_DIR): found $(words $(TFLM_LIBRARY)) libtensorflow-microlite.a under gen/; build it with TFLM's makefile, or name one in TFLM_LIBRARY)
endif

TFLM_DOWNLOADS := $(TFLM_DIR)/tensorflow/lite/micro/tools/make/downloads
TFLM_FLAGS := -std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics -w -Os -DTF_LITE_STATIC_MEMORY
TFLM_FLAGS += -I$(USERMOD_DIR) -I$(BUILD)/tflm -I$(TFLM_DIR) -I$(TFLM_DOWNLOADS)/gemmlowp
TFLM_FLAGS += -I$(TFLM_DOWNLOADS)/flatbuffers/include -I$(TFLM_DIR)/third_party/flatbuffers/include

# Written anew only when the list has changed.
TFLM_LINES := printf 'TFLM_OPERATOR(%s)\n' $(TFLM_OPERATORS)
$(shell mkdir -p $(BUILD)/tflm && ($(TFLM_LINES) | cmp -s - $(BUILD)/tflm/tflm_operators.h || $(TFLM_LINES) > $(BUILD)/tflm/tflm_operators.h))

# One object of the facade and what it needs of the library: ports differ in where a library would have to stand.
TFLM_SOURCE := $(USERMOD_DIR)
$(BUILD)/tflm/facade.o: $(TFLM_SOURCE)/facade.cpp $(TFLM_SOURCE)/facade.h $(BUILD)/tflm/tflm_operators.h $(TFLM_LIBRARY)
	$(ECHO) "CXX $<"
	$(Q)$(CXX) $(filter -m%,$(CFLAGS)) $(TFLM_FLAGS) -ffunction-sections -fdata-sections -c -o $@.part $<
	$(Q)$(CXX) $(filter -m%,$(CFLAGS)) -nostdlib -r -o $@ $@.part $(TFLM_LIBRARY)
PY_O += $(BUILD)/tflm/facade.o

LDFLAGS_USERMOD += -lstdc++ -lm

endif
endif
