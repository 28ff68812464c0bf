/* Mutations that know the format: half of them change one field of a section, and most results get a header that agrees
 * with them, so that they are refused, if at all, for what was changed. The other half are libFuzzer's own. */
#include <string.h>

#include "kernels/armv6m/armv6m.h"
#include "smg.h"
#include "smg_crc.h"
#include "smg_kernel.h"

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed);

static uint32_t next(uint32_t *random) { /* xorshift */
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random;
}

/* The section table, when all of it is there. */
static const smg_section *table_of(const uint8_t *bytes, size_t size, uint32_t *count) {
    const smg_header *h = (const smg_header *)(const void *)bytes;
    *count = size < sizeof *h ? 0 : h->section_count;
    return size < sizeof *h + *count * sizeof(smg_section) ? NULL : (const smg_section *)(const void *)(h + 1);
}

static int is_whole(const smg_section *s, size_t size) {
    return s->offset % 8 == 0 && s->offset < size && s->size >= 4 && s->size <= size - s->offset;
}

/* Overwrite one aligned field of 1, 2 or 4 bytes of a section. */
static void change_field(uint8_t *bytes, const smg_section *s, uint32_t *random) {
    static const int32_t telling[] = {0,   1,   2,     3,     4,      6,      7,         8,         30,       31,
                                      -1,  -31, -32,   127,   128,    -128,   -129,      255,       256,      4095,
                                      1024, 32767, 32768, 65535, 65536, 1 << 24, 1 << 30, INT32_MAX, INT32_MIN, 12};
    uint32_t width = 1u << next(random) % 3, count = s->size / width;
    uint8_t *field = bytes + s->offset + next(random) % count * width;
    uint32_t value = 0;
    memcpy(&value, field, width);
    switch (next(random) % 4) {
    case 0:
        value += next(random) % 2 ? 1u : ~0u;
        break;
    case 1: /* from elsewhere in the section: another tensor's index, size or type */
        memcpy(&value, bytes + s->offset + next(random) % count * width, width);
        break;
    case 2:
        value ^= 1u << next(random) % 32;
        break;
    default:
        value = (uint32_t)telling[next(random) % (sizeof telling / sizeof telling[0])];
    }
    memcpy(field, &value, width);
}

static uint64_t work; /* that counting_check has seen */

static int64_t counting_check(const smg_call *c) {
    uint8_t layout = c->op->input_count > 1 ? smg_in(c, 1)->layout : SMG_LAYOUT_PLAIN;
    for (size_t i = 0; i < smg_armv6m_kernel_count; i++) {
        const smg_kernel *k = &smg_armv6m_kernels[i];
        if (k->code == c->op->code && k->layout == layout) {
            int64_t macs = k->check(c);
            work += macs > 0 ? (uint64_t)macs : 0;
            return macs;
        }
    }
    return SMG_E_UNSUPPORTED;
}

/* Where the last tensor of the arena ends; 0 when that is absurd. */
static uint32_t arena_end(const smg_tensor *t, uint32_t count) {
    uint64_t end = 0;
    smg_model one = {.tensor_count = 1};
    for (; count > 0; count--, t++) {
        one.tensors = t;
        uint64_t last = (uint64_t)t->offset + (t->rank <= 6 ? smg_bytes(&one, 0) : 0);
        end = t->place == SMG_PLACE_ARENA && last > end ? last : end;
    }
    return end < 1 << 20 ? (uint32_t)end : 0;
}

/* Set the header's sizes and work to what the rest of the file makes of them. */
static void agree_header(uint8_t *bytes, size_t size) {
    uint32_t count;
    const smg_section *s = table_of(bytes, size, &count);
    smg_header *h = (smg_header *)(void *)bytes;
    for (uint32_t i = 0; s != NULL && i < count; i++) {
        if (is_whole(&s[i], size) && s[i].kind == SMG_SECTION_TENSORS) {
            h->arena_size = arena_end((const smg_tensor *)(const void *)(bytes + s[i].offset), s[i].size / sizeof(smg_tensor));
        }
        if (s[i].kind == SMG_SECTION_STATE && h->state_size < s[i].size) {
            h->state_size = s[i].size;
        }
    }
    smg_kernel counting[256];
    for (size_t i = 0; i < smg_armv6m_kernel_count; i++) {
        counting[i] = (smg_kernel){smg_armv6m_kernels[i].code, smg_armv6m_kernels[i].layout, counting_check, NULL};
    }
    smg_model m;
    work = 0;
    if (size >= sizeof *h && h->size >= sizeof *h && h->size <= size) {
        h->crc = smg_crc32(bytes + 8, h->size - 8);
        smg_open(&m, bytes, size, counting, smg_armv6m_kernel_count);
        h->macs = work > UINT32_MAX ? UINT32_MAX : (uint32_t)work;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t max_size, unsigned seed) {
    uint32_t random = seed | 1, count;
    const smg_section *s = table_of(bytes, size, &count);
    int ours = next(&random) % 2 && s != NULL && count > 0;
    for (uint32_t changes = 1 + next(&random) % 3; ours && changes > 0; changes--) {
        const smg_section *chosen = s + next(&random) % count;
        if (is_whole(chosen, size)) {
            change_field(bytes, chosen, &random);
        }
    }
    if (!ours) {
        size = LLVMFuzzerMutate(bytes, size, max_size);
    }
    if (next(&random) % 4 != 0) {
        agree_header(bytes, size);
    }
    return size;
}
