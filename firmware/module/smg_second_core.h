/* The second core: it serves at a desk, where the first core leaves it half of the work of a layer. The firmware's own
 * threads bring it there (lib/smidgen/second_core.py), so that the firmware knows what runs on it. */
#ifndef SMG_SECOND_CORE_H
#define SMG_SECOND_CORE_H

#include <stdint.h>

/* All zeros at first. Of the words each is written by one core alone. */
typedef struct {
    void (*body)(void *argument, uint32_t part); /* NULL: go */
    void *argument;
    uint32_t asked, done; /* how often the first core asked, and was answered */
    uint32_t served;      /* the second core is here */
    uint32_t taken;       /* by an inference */
} smg_desk;

/* What the second core runs: until it is dismissed. */
void smg_desk_serve(smg_desk *d);

/* For smg_share, with the desk as context. Where nobody serves, or it serves another inference, this core does both parts. */
void smg_desk_parallel_for(void *desk, void (*body)(void *argument, uint32_t part), void *argument);

/* Send the second core away, and wait until it goes. Once for a desk. */
void smg_desk_dismiss(smg_desk *d);

#endif
