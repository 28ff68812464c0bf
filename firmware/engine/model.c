/* Opening, checking and stepping through a model. */
#include "smg.h"
#include "smg_crc.h"
#include "smg_kernel.h"
#include "smg_mem.h"

static uint32_t type_bytes(uint8_t type) {
    static const uint8_t bytes[] = {0, 1, 1, 2, 4, 8, 4, 1, 1};
    return type < sizeof bytes ? bytes[type] : 0;
}

uint32_t smg_unit(const smg_tensor *t) {
    return t->type == SMG_TYPE_INT4 ? 0 : type_bytes(t->type);
}

uint32_t smg_elements(const smg_tensor *t) {
    uint32_t n = 1;
    for (uint32_t i = 0; i < t->rank; i++) {
        n *= t->dims[i];
    }
    return n;
}

static uint32_t tensor_bytes(const smg_tensor *t) {
    uint32_t n = smg_elements(t);
    return t->type == SMG_TYPE_INT4 ? (n + 1) / 2 : n * type_bytes(t->type);
}

static const smg_header *header_of(const smg_model *m) {
    return (const smg_header *)(const void *)m->file;
}

static const smg_section *section_table(const uint8_t *file) {
    return (const smg_section *)(const void *)(file + sizeof(smg_header));
}

const void *smg_section_data(const smg_model *m, uint16_t kind, uint32_t *size) {
    const smg_section *s = section_table(m->file);
    for (uint32_t i = 0; i < header_of(m)->section_count; i++) {
        if (s[i].kind == kind) {
            *size = s[i].size;
            return m->file + s[i].offset;
        }
    }
    *size = 0;
    return NULL;
}

static int32_t check_header(const uint8_t *file, size_t size) {
    const smg_header *h = (const smg_header *)(const void *)file;
    if (((uintptr_t)file & 7) != 0) {
        return SMG_E_ALIGNMENT;
    }
    if (size < sizeof *h) {
        return SMG_E_TRUNCATED;
    }
    if (h->magic[0] != 'S' || h->magic[1] != 'M' || h->magic[2] != 'G' || h->magic[3] != 0x1a) {
        return SMG_E_MAGIC;
    }
    if (h->major != SMG_MAJOR || h->minor > SMG_MINOR) {
        return SMG_E_VERSION;
    }
    if (h->size > size) {
        return SMG_E_TRUNCATED;
    }
    if (h->size < sizeof *h + h->section_count * sizeof(smg_section) || h->size > INT32_MAX) {
        return SMG_E_HEADER;
    }
    if (smg_crc32(file + 8, h->size - 8) != h->crc) {
        return SMG_E_CRC;
    }
    return h->target <= SMG_TARGET_ARMV6M ? 0 : SMG_E_HEADER;
}

static int32_t check_sections(const uint8_t *file) {
    const smg_header *h = (const smg_header *)(const void *)file;
    const smg_section *s = section_table(file);
    uint32_t table_end = (uint32_t)(sizeof *h + h->section_count * sizeof *s);
    for (uint32_t i = 0; i < h->section_count; i++) {
        int known = s[i].kind >= SMG_SECTION_TENSORS && (s[i].kind <= SMG_SECTION_STATE || s[i].kind >= SMG_SECTION_AUDIO);
        int rises = i == 0 || s[i].kind > s[i - 1].kind;
        if (!known || !rises || s[i].reserved != 0 || (s[i].offset & 7) != 0 || s[i].offset < table_end ||
            s[i].offset > h->size || s[i].size > h->size - s[i].offset) {
            return SMG_E_SECTION;
        }
    }
    return 0;
}

/* Find the sections that the engine itself reads. */
static int32_t find_sections(smg_model *m) {
    uint32_t tensors_size, operators_size;
    m->tensors = smg_section_data(m, SMG_SECTION_TENSORS, &tensors_size);
    m->operators = smg_section_data(m, SMG_SECTION_OPERATORS, &operators_size);
    m->data = smg_section_data(m, SMG_SECTION_DATA, &m->data_size);
    m->initial_state = smg_section_data(m, SMG_SECTION_STATE, &m->initial_size);
    if (m->tensors == NULL || m->operators == NULL || tensors_size % sizeof(smg_tensor) != 0 || operators_size % 4 != 0) {
        return SMG_E_SECTION;
    }
    m->tensor_count = (uint32_t)(tensors_size / sizeof(smg_tensor));
    m->operators_end = m->operators + operators_size;
    m->input_count = header_of(m)->input_count;
    m->output_count = header_of(m)->output_count;
    int enough = m->input_count + (uint32_t)m->output_count <= m->tensor_count && m->tensor_count <= UINT16_MAX + 1u;
    int fits = header_of(m)->state_size >= m->initial_size && header_of(m)->state_size <= INT32_MAX &&
               header_of(m)->arena_size <= INT32_MAX;
    return enough && fits ? 0 : SMG_E_HEADER;
}

/* The zero point must be a value of the type, so that kernels may subtract it without overflow. */
static int zero_point_fits(const smg_tensor *t) {
    switch (t->type) {
    case SMG_TYPE_INT8:
        return t->zero_point >= -128 && t->zero_point <= 127;
    case SMG_TYPE_UINT8:
        return t->zero_point >= 0 && t->zero_point <= 255;
    case SMG_TYPE_INT16:
        return t->zero_point >= -32768 && t->zero_point <= 32767;
    default:
        return t->zero_point == 0;
    }
}

/* A tensor's sizes must multiply to bytes that lie inside its place. */
static int32_t check_tensor(const smg_model *m, const smg_tensor *t) {
    const uint32_t place_size[] = {header_of(m)->arena_size, m->data_size, header_of(m)->state_size};
    uint32_t unit = type_bytes(t->type);
    uint64_t elements = 1;
    if (unit == 0 || t->place > SMG_PLACE_STATE || t->rank > 6 || t->offset % unit != 0 ||
        !zero_point_fits(t)) {
        return SMG_E_TENSOR;
    }
    for (uint32_t i = 0; i < 6; i++) {
        if ((i < t->rank) != (t->dims[i] != 0)) {
            return SMG_E_TENSOR;
        }
        elements *= i < t->rank ? t->dims[i] : 1;
        if (elements > INT32_MAX) {
            return SMG_E_TENSOR;
        }
    }
    uint64_t bytes = t->type == SMG_TYPE_INT4 ? (elements + 1) / 2 : elements * unit;
    return (uint64_t)t->offset + bytes <= place_size[t->place] ? 0 : SMG_E_TENSOR;
}

static int32_t check_tensors(const smg_model *m) {
    uint32_t arena_end = 0;
    for (uint32_t i = 0; i < m->tensor_count; i++) {
        const smg_tensor *t = &m->tensors[i];
        int32_t e = check_tensor(m, t);
        if (e < 0) {
            return e;
        }
        uint32_t end = t->offset + tensor_bytes(t);
        if (t->place == SMG_PLACE_ARENA && end > arena_end) {
            arena_end = end;
        }
        if (i < m->input_count && t->place != SMG_PLACE_ARENA) {
            return SMG_E_TENSOR;
        }
    }
    return arena_end == header_of(m)->arena_size ? 0 : SMG_E_HEADER;
}

/* Split the record at `m->next` into its parts. Its operands may still be out of range. */
static int32_t read_call(const smg_model *m, smg_call *c) {
    const smg_operator *op = (const smg_operator *)(const void *)m->next;
    uint32_t operand_bytes = ((uint32_t)op->input_count + op->output_count + 1) / 2 * 4;
    uint32_t size = op->words * 4u;
    if (size < sizeof *op + operand_bytes || size > (uint32_t)(m->operators_end - m->next)) {
        return SMG_E_OPERATOR;
    }
    c->model = m;
    c->op = op;
    c->operands = (const uint16_t *)(const void *)(m->next + sizeof *op);
    c->params = m->next + sizeof *op + operand_bytes;
    c->params_size = size - (uint32_t)sizeof *op - operand_bytes;
    return 0;
}

/* Operands must exist, outputs must be writable, and only weights may be packed. */
static int32_t check_operands(const smg_call *c) {
    uint32_t count = (uint32_t)c->op->input_count + c->op->output_count;
    for (uint32_t i = 0; i < count; i++) {
        if (c->operands[i] >= c->model->tensor_count) {
            return SMG_E_OPERATOR;
        }
        const smg_tensor *t = &c->model->tensors[c->operands[i]];
        if (i >= c->op->input_count && t->place == SMG_PLACE_DATA) {
            return SMG_E_OPERATOR;
        }
        if (t->layout != SMG_LAYOUT_PLAIN && (i != 1 || i >= c->op->input_count || t->place != SMG_PLACE_DATA)) {
            return SMG_E_LAYOUT;
        }
    }
    return 0;
}

/* The kernel for an operator and its weights' layout, or the reason why there is none. */
static int32_t find_kernel(const smg_call *c, const smg_kernel **kernel) {
    uint8_t layout = c->op->input_count > 1 ? smg_in(c, 1)->layout : SMG_LAYOUT_PLAIN;
    int32_t reason = SMG_E_UNSUPPORTED;
    for (size_t i = 0; i < c->model->kernel_count; i++) {
        const smg_kernel *k = &c->model->kernels[i];
        if (k->code == c->op->code) {
            if (k->layout == layout) {
                *kernel = k;
                return 0;
            }
            reason = SMG_E_LAYOUT;
        }
    }
    return reason;
}

/* Check one operator; returns its multiply-accumulates or an error. */
static int64_t check_operator(const smg_model *m, smg_call *c) {
    const smg_kernel *kernel;
    int32_t e = read_call(m, c);
    if (e == 0) {
        e = check_operands(c);
    }
    if (e == 0) {
        e = find_kernel(c, &kernel);
    }
    return e < 0 ? e : kernel->check(c);
}

static int32_t check_operators(smg_model *m) {
    uint64_t macs = 0;
    m->operator_count = 0;
    for (m->next = m->operators; m->next < m->operators_end;) {
        smg_call c;
        int64_t work = check_operator(m, &c);
        if (work < 0) {
            return (int32_t)work;
        }
        macs = macs + (uint64_t)work > UINT32_MAX ? UINT32_MAX : macs + (uint64_t)work;
        m->next += c.op->words * 4u;
        m->operator_count++;
    }
    m->next = NULL;
    return macs == header_of(m)->macs ? 0 : SMG_E_HEADER;
}

int32_t smg_open(smg_model *m, const void *file, size_t size, const smg_kernel *kernels, size_t kernel_count) {
    memset(m, 0, sizeof *m);
    int32_t e = check_header(file, size);
    if (e == 0) {
        e = check_sections(file);
    }
    if (e < 0) {
        return e;
    }
    m->file = file;
    m->kernels = kernels;
    m->kernel_count = kernel_count;
    e = find_sections(m);
    if (e == 0) {
        e = check_tensors(m);
    }
    if (e == 0) {
        e = check_operators(m);
    }
    if (e < 0) {
        memset(m, 0, sizeof *m);
    }
    return e;
}

uint32_t smg_arena_size(const smg_model *m) {
    return m->file == NULL ? 0 : header_of(m)->arena_size;
}

uint32_t smg_state_size(const smg_model *m) {
    return m->file == NULL ? 0 : header_of(m)->state_size;
}

int32_t smg_bind(smg_model *m, void *arena, size_t arena_size, void *state, size_t state_size) {
    if (m->file == NULL) {
        return SMG_E_ORDER;
    }
    if (arena_size < smg_arena_size(m) || state_size < smg_state_size(m)) {
        return SMG_E_MEMORY;
    }
    if ((((uintptr_t)arena | (uintptr_t)state) & 7) != 0) {
        return SMG_E_ALIGNMENT;
    }
    m->arena = arena;
    m->state = state;
    m->next = m->operators;
    return smg_reset(m);
}

void smg_share(smg_model *m, smg_parallel_for *parallel_for, void *context) {
    m->parallel_for = parallel_for;
    m->parallel_context = context;
}

#if !SMG_ONE_CORE
void smg_run_parts(const smg_call *c, uint32_t parts, void (*body)(void *argument, uint32_t part), void *argument) {
    if (parts == 1) {
        body(argument, 0);
    } else {
        c->model->parallel_for(c->model->parallel_context, body, argument);
    }
}
#endif

/* Real zeros, then what the file says otherwise. */
static void start_state(const smg_model *m) {
    memset(m->state, 0, smg_state_size(m));
    for (uint32_t i = 0; i < m->tensor_count; i++) {
        const smg_tensor *t = &m->tensors[i];
        if (t->place == SMG_PLACE_STATE && type_bytes(t->type) == 1 && t->type != SMG_TYPE_INT4) {
            memset(m->state + t->offset, t->zero_point, tensor_bytes(t));
        }
    }
    if (m->initial_size != 0) {
        memcpy(m->state, m->initial_state, m->initial_size);
    }
}

int32_t smg_reset(smg_model *m) {
    if (m->next == NULL) {
        return SMG_E_ORDER;
    }
    if (smg_state_size(m) != 0) { /* state may be NULL otherwise */
        start_state(m);
    }
    m->next = m->operators;
    return 0;
}

int32_t smg_step(smg_model *m) {
    smg_call c;
    const smg_kernel *kernel;
    if (m->next == NULL) {
        return SMG_E_ORDER;
    }
    if (m->next == m->operators_end) { /* a model without operators: its outputs are its inputs or constants */
        return 0;
    }
    int32_t e = read_call(m, &c);
    if (e == 0) {
        e = find_kernel(&c, &kernel);
    }
    if (e == 0) {
        e = kernel->run(&c);
    }
    m->next += c.op->words * 4u;
    if (e < 0 || m->next == m->operators_end) {
        m->next = m->operators; /* the next step begins a new inference */
        return e;
    }
    return 1;
}

int32_t smg_invoke(smg_model *m) {
    int32_t e;
    do {
        e = smg_step(m);
    } while (e > 0);
    return e;
}

void *smg_data(const smg_model *m, uint32_t index) {
    if (index >= m->tensor_count || m->next == NULL) {
        return NULL;
    }
    const smg_tensor *t = &m->tensors[index];
    if (t->place == SMG_PLACE_DATA) {
        return (void *)(uintptr_t)(m->data + t->offset); /* check_operands keeps kernels from writing here */
    }
    return (t->place == SMG_PLACE_ARENA ? m->arena : m->state) + t->offset;
}

uint32_t smg_bytes(const smg_model *m, uint32_t index) {
    return index < m->tensor_count ? tensor_bytes(&m->tensors[index]) : 0;
}

int smg_has_form(const smg_call *c, uint32_t inputs, uint32_t outputs, uint32_t params_size) {
    return c->op->input_count == inputs && c->op->output_count == outputs && c->params_size == params_size;
}

int smg_same_shape(const smg_tensor *a, const smg_tensor *b) {
    int same = a->rank == b->rank;
    for (uint32_t i = 0; i < a->rank; i++) {
        same = same && a->dims[i] == b->dims[i];
    }
    return same;
}

int smg_clamp_fits(uint8_t type, int32_t act_min, int32_t act_max) {
    int32_t low = type == SMG_TYPE_INT8 ? INT8_MIN : type == SMG_TYPE_INT16 ? INT16_MIN : type == SMG_TYPE_INT32 ? INT32_MIN : 0;
    int32_t high = type == SMG_TYPE_UINT8 ? UINT8_MAX : type == SMG_TYPE_BOOL ? 1 : -(low + 1);
    return act_min >= low && act_min <= act_max && act_max <= high;
}

const void *smg_constants(const smg_call *c, uint32_t offset, uint64_t count, uint32_t bytes) {
    uint32_t size = c->model->data_size;
    if (offset > size || (offset & 7) != 0 || count > (size - offset) / bytes) {
        return NULL;
    }
    return c->model->data + offset;
}
