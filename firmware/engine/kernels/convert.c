/* QUANTIZE, DEQUANTIZE and CAST: from type to type. FLOAT32 is handled as its bits. */
#include "../smg_arith.h"
#include "../smg_float.h"
#include "integer.h"
#include "kernels.h"

int64_t smg_quantize_check(const smg_call *c) {
    const smg_quantize_params *p = c->params;
    if (!smg_has_form(c, 1, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int back = c->op->code == SMG_OP_DEQUANTIZE;
    uint8_t real = back ? out->type : in->type, integer = back ? in->type : out->type;
    int fits = real == SMG_TYPE_FLOAT32 && smg_elements(in) == smg_elements(out) && smg_float_is_scale(p->scale) &&
               (integer == SMG_TYPE_INT8 || integer == SMG_TYPE_INT16 || (integer == SMG_TYPE_UINT8 && back));
    return fits ? 0 : SMG_E_OPERATOR;
}

int32_t smg_quantize_run(const smg_call *c) {
    const smg_quantize_params *p = c->params;
    const smg_tensor *out = smg_out(c, 0);
    int32_t low = out->type == SMG_TYPE_INT8 ? INT8_MIN : INT16_MIN;
    uint32_t n = smg_elements(out);
    const uint32_t *in = smg_in_data(c, 0);
    for (uint32_t i = 0; i < n; i++) {
        int32_t value = smg_float_to_int(smg_float_quotient(in[i], p->scale), 1);
        value = smg_clamp(value, 2 * low, -2 * low) + out->zero_point; /* first, so that the sum cannot overflow */
        smg_integer_set(out->type, smg_out_data(c, 0), i, smg_clamp(value, low, -low - 1));
    }
    return 0;
}

int32_t smg_dequantize_run(const smg_call *c) {
    const smg_quantize_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0);
    uint32_t *out = smg_out_data(c, 0), n = smg_elements(in);
    for (uint32_t i = 0; i < n; i++) {
        out[i] = smg_float_product(smg_integer_at(in->type, smg_in_data(c, 0), i) - in->zero_point, p->scale);
    }
    return 0;
}

static int is_castable(uint8_t type) {
    return type == SMG_TYPE_FLOAT32 || (smg_is_integer(type) && type != SMG_TYPE_UINT8);
}

int64_t smg_cast_check(const smg_call *c) {
    if (!smg_has_form(c, 1, 1, 0)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = is_castable(in->type) && is_castable(out->type) && smg_elements(in) == smg_elements(out) &&
               (in->type != SMG_TYPE_FLOAT32 || out->type != SMG_TYPE_FLOAT32);
    return fits ? 0 : SMG_E_OPERATOR;
}

/* From the bits of a FLOAT32 to a value of an integer type. */
static int32_t whole(uint8_t type, uint32_t bits) {
    int32_t value = smg_float_to_int(bits, 0), limit = type == SMG_TYPE_INT8 ? INT8_MAX : INT16_MAX;
    if (type == SMG_TYPE_BOOL) {
        return bits << 1 != 0;
    }
    return type == SMG_TYPE_INT32 ? value : smg_clamp(value, -limit - 1, limit);
}

/* From an integer to a value of another type, or to the bits of a FLOAT32. */
static int32_t converted(uint8_t type, int32_t value) {
    if (type == SMG_TYPE_BOOL) {
        return value != 0;
    }
    return type == SMG_TYPE_FLOAT32 ? (int32_t)smg_float_product(value, SMG_FLOAT_ONE) : value;
}

int32_t smg_cast_run(const smg_call *c) {
    uint8_t from = smg_in(c, 0)->type, to = smg_out(c, 0)->type;
    uint8_t from_bits = from == SMG_TYPE_FLOAT32 ? SMG_TYPE_INT32 : from, to_bits = to == SMG_TYPE_FLOAT32 ? SMG_TYPE_INT32 : to;
    uint32_t n = smg_elements(smg_in(c, 0));
    for (uint32_t i = 0; i < n; i++) {
        int32_t value = smg_integer_at(from_bits, smg_in_data(c, 0), i);
        value = from == SMG_TYPE_FLOAT32 ? whole(to, (uint32_t)value) : converted(to, value);
        smg_integer_set(to_bits, smg_out_data(c, 0), i, value);
    }
    return 0;
}
