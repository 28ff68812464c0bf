# TensorFlow Lite Micro as a module of MicroPython's firmware (docs/firmware.md), where TFLM_DIR names your build of it; the
# variables are those of micropython.mk. For ports built with CMake:
#
#     make USER_C_MODULES=.../firmware/usermod/micropython.cmake CMAKE_ARGS="-DTFLM_DIR=.../tflite-micro"
if(NOT DEFINED TFLM_OPERATORS)
    set(TFLM_OPERATORS Add AveragePool2D Concatenation Conv2D DepthwiseConv2D Dequantize FullyConnected Logistic
        MaxPool2D Mean Mul Pad Quantize Relu Reshape Softmax)
endif()
if(NOT DEFINED TFLM_LIBRARY)
    file(GLOB TFLM_LIBRARY ${TFLM_DIR}/gen/*/lib/libtensorflow-microlite.a)
endif()
list(LENGTH TFLM_LIBRARY TFLM_LIBRARIES)
if(NOT TFLM_LIBRARIES EQUAL 1)
    message(FATAL_ERROR "TFLM_DIR=${TFLM_DIR}: found ${TFLM_LIBRARIES} libtensorflow-microlite.a under gen/; build it with TFLM's makefile, or name one in TFLM_LIBRARY")
endif()

list(TRANSFORM TFLM_OPERATORS REPLACE "(.+)" "TFLM_OPERATOR(\\1)\n" OUTPUT_VARIABLE TFLM_LINES)
list(JOIN TFLM_LINES "" TFLM_LINES)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/tflm/tflm_operators.h CONTENT "${TFLM_LINES}")

add_library(tflm_facade STATIC ${CMAKE_CURRENT_LIST_DIR}/facade.cpp)
set(TFLM_DOWNLOADS ${TFLM_DIR}/tensorflow/lite/micro/tools/make/downloads)
target_include_directories(tflm_facade PRIVATE
    ${CMAKE_CURRENT_LIST_DIR}
    ${CMAKE_BINARY_DIR}/tflm
    ${TFLM_DIR}
    ${TFLM_DOWNLOADS}/gemmlowp
    ${TFLM_DOWNLOADS}/flatbuffers/include
    ${TFLM_DIR}/third_party/flatbuffers/include
)
target_compile_definitions(tflm_facade PRIVATE TF_LITE_STATIC_MEMORY)
target_compile_options(tflm_facade PRIVATE -std=c++17 -fno-exceptions -fno-rtti -fno-threadsafe-statics -w)

add_library(usermod_tflm INTERFACE)
target_sources(usermod_tflm INTERFACE ${CMAKE_CURRENT_LIST_DIR}/module.c)
target_include_directories(usermod_tflm INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(usermod_tflm INTERFACE tflm_facade ${TFLM_LIBRARY} stdc++ m)
target_link_libraries(usermod INTERFACE usermod_tflm)
