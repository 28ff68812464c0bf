# For ports built with CMake: the engine, and TensorFlow Lite Micro where TFLM_DIR names it (docs/firmware.md).
include(${CMAKE_CURRENT_LIST_DIR}/smidgen/micropython.cmake)
if(DEFINED TFLM_DIR)
    include(${CMAKE_CURRENT_LIST_DIR}/tflm/micropython.cmake)
endif()
