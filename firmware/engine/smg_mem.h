/* The three library functions that the engine needs; a compiler may call them anyway, so every platform has them. */
#ifndef SMG_MEM_H
#define SMG_MEM_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);

#endif
