/* The table of every operator. A firmware that needs fewer links a table of its own instead of this file. */
#include "kernels.h"

const smg_kernel smg_all_kernels[] = {
#include "table.h"
};

const size_t smg_all_kernel_count = sizeof smg_all_kernels / sizeof smg_all_kernels[0];
