/* smg_lanes_run_tile of lanes.h for ARMv6-M: 23 cycles a tap, which is 12 products; 48 a chunk; about 120 a channel; 18 or
 * 36 an output.
 *
 * A tap multiplies six words, of two positions each, by a weight into six sums in r8-r12 and r14. The first tap of a chunk
 * sets them. At the end of a chunk they are pushed as a row, unless it ends the batch: then the rows are added to them.
 *
 * Controls are jump distances, in words; smg_lanes_check has proved them. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

#define patch r0
#define stream r1
#define x0 r2
#define x1 r3
#define x2 r4
#define weight r5
#define zero r6
#define control r7

    .equ CHUNK, 14
    .equ ROWS, 10 /* of a batch, besides its last chunk */

    /* Multiply six words by the next weight and `use` (add or mov) the products. */
    .macro tap use
    ldmia patch!, {x0, x1, x2}
    ldrsb weight, [stream, zero]
    adds stream, #1
    muls x0, weight
    \use r8, x0
    muls x1, weight
    \use r9, x1
    muls x2, weight
    \use r10, x2
    ldmia patch!, {x0, x1, x2}
    muls x0, weight
    \use r11, x0
    muls x1, weight
    \use r12, x1
    muls x2, weight
    \use lr, x2
    .endm

    /* The frame: [12] sums; then these. TILE is a copy of smg_lanes_tile, of which the first ones move. */
    .equ SAVED_PATCH, 48
    .equ SAVED_STREAM, 52
    .equ TILE, 56
    .equ TILE_BYTES, 40
    .equ PATCH, TILE
    .equ WEIGHTS, TILE + 4
    .equ OUT, TILE + 8
    .equ CHANNELS, TILE + 12
    .equ STRIDE, TILE + 16
    .equ SPAN, TILE + 20
    .equ ENTRY, TILE + 24
    .equ ZERO_POINT, TILE + 28
    .equ ACT_MIN, TILE + 32
    .equ ACT_MAX, TILE + 36

    .global smg_lanes_run_tile
    .type smg_lanes_run_tile, %function
    .thumb_func
    .balign 4
smg_lanes_run_tile:
    push_frame_registers
    sub sp, #TILE + TILE_BYTES
    add r1, sp, #TILE
    .rept 2
    ldmia r0!, {r2-r6}
    stmia r1!, {r2-r6}
    .endr
    ldr stream, [sp, #WEIGHTS]
next_channel:
    ldr patch, [sp, #PATCH]
next_batch:
    movs zero, #0
    ldrsb control, [stream, zero]
    adds stream, #1
    lsls control, control, #2
    b first_tap
    .rept CHUNK - 1
    tap add
    .endr
    /* The chunk is done. */
    ldrsb control, [stream, zero]
    lsls control, control, #2
    bpl end_batch
    adds stream, #1
    mov r2, r11
    mov r3, r12
    mov r4, lr
    push {r2, r3, r4}
    mov r2, r8
    mov r3, r9
    mov r4, r10
    push {r2, r3, r4}
first_tap:
    tap mov
    add pc, control /* counts from behind the next instruction */
end_batch:
    add control, sp
    str patch, [control, #SAVED_PATCH]
    str stream, [control, #SAVED_STREAM]
    ldrb r1, [stream, #1]
    lsls r1, r1, #1
    movs r0, #0
    .macro round_upper upper, word
    mov \upper, \word
    asrs \upper, \upper, #16
    adcs \upper, r0
    .endm
    round_upper r2, r8
    round_upper r3, r9
    round_upper r4, r10
    round_upper r5, r11
    round_upper r6, r12
    round_upper r7, lr
    add pc, r1
    nop /* the jump counts from behind it */
    .rept ROWS
    two_sums r8, r9, r2, r3
    two_sums r10, r11, r4, r5
    two_sums r12, lr, r6, r7
    .endr
    /* Sums of words are in r8-r12 and r14, of upper halves in r2-r7; sp is the frame. */
    ldr r0, [sp, #SAVED_STREAM]
    ldrb r1, [r0, #2]
    cmp r1, #0
    beq only_batch
    cmp r1, #1
    beq keep
    .macro add_kept upper, word, at
    ldr r0, [sp, #4 * \at]
    add \word, r0
    ldr r0, [sp, #4 * \at + 24]
    adds \upper, \upper, r0
    .endm
    add_kept r2, r8, 0
    add_kept r3, r9, 1
    add_kept r4, r10, 2
    add_kept r5, r11, 3
    add_kept r6, r12, 4
    add_kept r7, lr, 5
    cmp r1, #2
    beq only_batch
keep: /* more batches follow */
    add r0, sp, #24
    stmia r0!, {r2-r7}
    mov r2, r8
    mov r3, r9
    mov r4, r10
    mov r5, r11
    mov r6, r12
    mov r7, lr
    mov r0, sp
    stmia r0!, {r2-r7}
    ldr patch, [sp, #SAVED_PATCH]
    ldr stream, [sp, #SAVED_STREAM]
    adds stream, #3
    b next_batch
only_batch: /* what remains of the words' sums when the upper halves' are taken away is the lower halves' */
    add r0, sp, #24
    stmia r0!, {r2-r7}
    .macro lower upper, word
    lsls \upper, \upper, #16
    mov r0, \word
    subs \upper, r0, \upper
    .endm
    lower r2, r8
    lower r3, r9
    lower r4, r10
    lower r5, r11
    lower r6, r12
    lower r7, lr
    mov r0, sp
    stmia r0!, {r2-r7}
    ldr r1, [sp, #SAVED_STREAM]
    adds r1, #6 /* behind the end, at a multiple of 4 */
    movs r0, #3
    bics r1, r0
    ldmia r1!, {r2, r4, r5} /* smg_packed_factor */
    str r1, [sp, #WEIGHTS]
    mov r8, r2
    mov lr, sp
    ldr r7, [sp, #OUT]
    adds r0, r7, #1
    str r0, [sp, #OUT]
    ldr r0, [sp, #SPAN]
    add r0, r7
    mov r12, r0
    ldr r6, [sp, #STRIDE]
    mov r11, r6
    lsrs r6, r5, #24
    beq any_product
    /* Two products give what the channel block asks for: r2 255, r3 low, r4 high, r5 shift, r6 low_bits, r7 out, r8 offset,
     * r11 stride, r12 end of out. */
    lsls r3, r5, #8
    lsrs r3, r3, #16
    movs r2, #255
    ldr r0, [sp, #ENTRY]
    add pc, r0
    nop /* the jump counts from behind it */
    .macro output high, back
    pop {r0}
    mov r1, r0
    muls r1, r3
    asrs r1, r6
    muls r0, r4
    adds r1, r1, r0
    add r1, r8
    asrs r1, r5
    asrs r0, r1, #31
    bics r1, r0
    cmp r1, r2
    bhi \high
\back:
    subs r1, #128
    strb r1, [r7]
    add r7, r11
    .endm
outputs:
    output high_0, back_0
    output high_1, back_1
    output high_2, back_2
    cmp r7, r12
    bne outputs
channel_done:
    mov sp, lr
    ldr r2, [sp, #CHANNELS]
    subs r2, #1
    str r2, [sp, #CHANNELS]
    beq done
    ldr stream, [sp, #WEIGHTS]
    b next_channel
high_0:
    movs r1, #255
    b back_0
high_1:
    movs r1, #255
    b back_1
high_2:
    movs r1, #255
    b back_2
done:
    add sp, #TILE + TILE_BYTES
    pop_frame_registers
any_product: /* r3, r4 multiplier, r5 shift, r6 zero point, r7 out, r8 bias, r9 and r10 limits, r11 stride, r12 end of out */
    uxth r3, r4
    lsrs r4, r4, #16
    ldr r6, [sp, #ZERO_POINT]
    ldr r0, [sp, #ACT_MIN]
    mov r9, r0
    ldr r0, [sp, #ACT_MAX]
    mov r10, r0
next_output:
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
    bne next_output
    b channel_done
too_low:
    mov r1, r9
    b clamped
too_high:
    mov r1, r10
    b clamped
    .size smg_lanes_run_tile, . - smg_lanes_run_tile

#endif
