# The engine and its audio front end as a module of MicroPython's firmware (docs/firmware.md), for ports built with CMake:
#
#     make USER_C_MODULES=.../firmware/usermod/micropython.cmake
add_library(usermod_smidgen INTERFACE)

get_filename_component(SMIDGEN_FIRMWARE ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
file(GLOB SMIDGEN_FILES
    ${SMIDGEN_FIRMWARE}/engine/*.c
    ${SMIDGEN_FIRMWARE}/engine/frontend/*.c
    ${SMIDGEN_FIRMWARE}/engine/kernels/*.c
    ${SMIDGEN_FIRMWARE}/engine/kernels/*/*.[cS]
    ${SMIDGEN_FIRMWARE}/module/*.c
)
# kernels.c takes the table that fits the processor; kernels for others compile to nothing, or are not linked.
list(FILTER SMIDGEN_FILES EXCLUDE REGEX /all\\.c$)
# A port optimises for size; inference is worth its bytes.
set_source_files_properties(${SMIDGEN_FILES} PROPERTIES COMPILE_OPTIONS -O2)

target_sources(usermod_smidgen INTERFACE
    ${CMAKE_CURRENT_LIST_DIR}/smidgen.c
    ${CMAKE_CURRENT_LIST_DIR}/kernels.c
    ${SMIDGEN_FILES}
)
target_link_libraries(usermod INTERFACE usermod_smidgen)
