/* A second core for tests: a thread that serves at a desk, as MicroPython's does on a board. With PROGRAM defined, one
 * that runs models alone and shared: arguments are kernels, "tiles" or "armv6m", and a file, in turn. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMG_WAIT() sched_yield()
#define SMG_WAKE()
#include "../../firmware/module/smg_second_core.c"

static void *serve(void *desk) {
    smg_desk_serve(desk);
    return NULL;
}

typedef struct {
    smg_desk desk;
    pthread_t thread;
} second;

/* For smg_share, with smg_desk_parallel_for. Returns when the second core is there. */
void *second_begin(void) {
    second *s = calloc(1, sizeof *s);
    pthread_create(&s->thread, NULL, serve, &s->desk);
    wait_until(&s->desk.served, 1);
    return s;
}

/* How often work was handed over. */
int second_end(void *begun) {
    second *s = begun;
    int asked = (int)s->desk.asked;
    smg_desk_dismiss(&s->desk);
    pthread_join(s->thread, NULL);
    free(s);
    return asked;
}

#ifdef PROGRAM
#include "../../firmware/engine/kernels/armv6m/armv6m.h"
#include "../../firmware/engine/kernels/tiles/tiles.h"

enum { LARGEST_FILE = 1 << 20, LARGEST_OUTPUT = 1024 };

static void *room(size_t size) {
    return aligned_alloc(8, (size + 8) & ~(size_t)7);
}

static void run(smg_model *m, uint8_t *out) {
    memset(smg_data(m, 0), 3, smg_bytes(m, 0));
    if (smg_invoke(m) < 0) {
        exit(1);
    }
    memcpy(out, smg_data(m, 1), smg_bytes(m, 1));
}

/* Does the model, of one input and one output, give the same with a second core, which it asks? */
static int same(const char *kernels, const char *path) {
    int tiles = strcmp(kernels, "tiles") == 0;
    uint8_t *content = room(LARGEST_FILE), alone[LARGEST_OUTPUT], shared[LARGEST_OUTPUT];
    FILE *file = fopen(path, "rb");
    size_t size = fread(content, 1, LARGEST_FILE, file);
    fclose(file);
    smg_model m;
    if (smg_open(&m, content, size, tiles ? smg_tiles_kernels : smg_armv6m_kernels,
                 tiles ? smg_tiles_kernel_count : smg_armv6m_kernel_count) < 0) {
        exit(1);
    }
    void *arena = room(smg_arena_size(&m)), *begun = second_begin();
    smg_bind(&m, arena, smg_arena_size(&m), NULL, 0);
    run(&m, alone);
    smg_share(&m, smg_desk_parallel_for, begun);
    run(&m, shared);
    int asked = second_end(begun), equal = memcmp(alone, shared, smg_bytes(&m, 1)) == 0;
    free(content);
    free(arena);
    return asked > 0 && equal;
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i += 2) {
        puts(same(arguments[i], arguments[i + 1]) ? "same" : "other");
    }
}
#endif
