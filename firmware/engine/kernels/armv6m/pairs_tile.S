/* smg_pairs_run_tile of pairs.h for ARMv6-M: 23 cycles a tap, which is 12 products; 57 a chunk; about 100 a batch; 20 or
 * 36 an output.
 *
 * A tap multiplies three words, of two positions each, by two weights into six sums in r8-r12 and r14. At the end of a chunk
 * they are pushed as a row; at the end of a batch the rows are added up.
 *
 * Controls are jump distances in the unrolled taps (times 19); smg_pairs_check has proved them. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

#define patch r0
#define stream r1
#define x0 r2
#define x1 r3
#define x2 r4
#define both r5
#define weight r6
#define product r7

    .equ CHUNK, 16
    .equ TAP_BYTES, 38

    .macro tap offset
    ldmia patch!, {x0, x1, x2}
    ldrh both, [stream, #\offset]
    sxtb weight, both
    mov product, weight
    muls product, x0
    add r8, product
    mov product, weight
    muls product, x1
    add r9, product
    muls weight, x2
    add r10, weight
    sxth both, both
    asrs both, both, #8
    muls x0, both
    add r11, x0
    muls x1, both
    add r12, x1
    muls x2, both
    add lr, x2
    .endm

    /* smg_pairs_tile */
    .equ PATCH, 0
    .equ PATCH_END, 4
    .equ WEIGHTS, 8
    .equ OUT, 12
    .equ CHANNELS, 16
    .equ STRIDE, 20
    .equ SPAN, 24
    .equ ZERO_POINT, 28
    .equ ACT_MIN, 32
    .equ ACT_MAX, 36

    /* Variables of the frame, behind SAVED_1. */
    .equ TILE, 56
    .equ LEFT, 60 /* channels */
    .equ NEXT_OUT, 64
    .equ NEXT_PAIR, 68

    .global smg_pairs_run_tile
    .type smg_pairs_run_tile, %function
    .thumb_func
    .balign 4
smg_pairs_run_tile:
    push_frame_registers
    ldr r1, [r0, #CHANNELS]
    ldr r2, [r0, #OUT]
    push {r0-r3}
    ldr stream, [r0, #WEIGHTS]
    sub sp, #TILE
next_pair:
    clear_frame_sums
    ldr r0, [sp, #TILE]
    ldr patch, [r0, #PATCH]
start_batch:
    clear_sums
next_chunk:
    ldrh r6, [stream]
    subs stream, stream, r6
    movs r7, #TAP_BYTES / 2
    muls r7, r6
    add pc, r7
    nop /* the jump counts from behind it */
taps:
    .set offset, 2
    .rept CHUNK
    tap offset
    .set offset, offset + 2
    .endr
    /* The chunk is done. 16 instructions and three to fill the place of a tap, for the control that ends a batch. */
    adds stream, #2 * CHUNK + 2
    mov r2, r8
    mov r3, r9
    mov r4, r10
    mov r5, r11
    mov r6, r12
    mov r7, lr
    push {r2-r7}
    clear_sums
    b next_chunk
    nop
    nop
    nop
end_batch: /* stream is 34 too low */
    ldrh r7, [stream, #2 * CHUNK + 4] /* rows that the batch has fewer than BATCH */
    adds stream, #2 * CHUNK + 6
    add_rows
    ldr r0, [sp, #TILE]
    ldr r0, [r0, #PATCH_END]
    ldr r1, [sp, #SAVED_0]
    cmp r0, r1
    beq last_batch
    keep_sums
    ldr patch, [sp, #SAVED_0]
    ldr stream, [sp, #SAVED_1]
    b start_batch
last_batch:
    split_sums
    mov lr, sp
    ldr r1, [sp, #SAVED_1]
    adds r1, #2 /* to the next multiple of 4 */
    lsrs r1, r1, #2
    lsls r1, r1, #2
    ldr r0, [sp, #TILE]
    ldr r6, [r0, #ZERO_POINT]
    ldr r2, [r0, #ACT_MIN]
    mov r9, r2
    ldr r2, [r0, #ACT_MAX]
    mov r10, r2
    ldr r2, [r0, #STRIDE]
    mov r11, r2
channel: /* r0 tile, r1 factors, r14 frame, sp its sums of this channel */
    ldmia r1!, {r2, r3, r5}
    mov r8, r2
    lsrs r4, r3, #16
    uxth r3, r3
    ldr r2, [r0, #SPAN]
    mov r0, lr
    str r1, [r0, #NEXT_PAIR]
    ldr r7, [r0, #NEXT_OUT]
    adds r1, r7, #1
    str r1, [r0, #NEXT_OUT]
    add r2, r7
    mov r12, r2
    lsrs r2, r5, #24
    bne two_products
output: /* r3, r4 multiplier, r5 shift, r6 zero point, r7 out, r8 bias, r9 and r10 limits, r11 stride, r12 end of out */
    pop {r0}
    add r0, r8
    scale_down
    cmp r1, r9
    blt too_low
    cmp r1, r10
    bgt too_high
clamped:
    strb r1, [r7]
    add r7, r11
    cmp r7, r12
    bne output
channel_done:
    mov r0, lr
    ldr r2, [r0, #LEFT]
    subs r2, #1
    str r2, [r0, #LEFT]
    beq done
    ldr r1, [r0, #NEXT_PAIR]
    mov r2, sp
    subs r2, r2, r0
    cmp r2, #24
    bhi second_done
    adds r0, #24
    mov sp, r0
    subs r0, #24
    ldr r0, [r0, #TILE]
    b channel
second_done:
    mov sp, lr
    b next_pair
    /* The channel's multiplier is two that leave no product of more than 32 bits. */
two_products: /* r3 low, r4 high, r5 shift, r7 out, r8 offset, r11 stride, r12 end of out; r6 keeps the zero point */
    lsls r4, r4, #16
    orrs r4, r3
    lsls r3, r5, #8
    lsrs r3, r3, #16
    uxtb r5, r5
next_output:
    pop {r0}
    mov r1, r0
    muls r1, r3
    asrs r1, r1, #13
    muls r0, r4
    adds r1, r1, r0
    add r1, r8
    asrs r1, r5
    lsrs r2, r1, #8
    bne out_of_range
in_range:
    subs r1, #128
    strb r1, [r7]
    add r7, r11
    cmp r7, r12
    bne next_output
    b channel_done
out_of_range: /* 0 or 255 */
    asrs r1, r1, #31
    mvns r1, r1
    uxtb r1, r1
    b in_range
too_low:
    mov r1, r9
    b clamped
too_high:
    mov r1, r10
    b clamped
done:
    mov sp, lr
    add sp, #TILE + 16
    pop_frame_registers
    .size smg_pairs_run_tile, . - smg_pairs_run_tile

#endif
