/* smg_taps_run_row of taps.h for ARMv6-M: 7 cycles a product, 3 a turn, about 40 an output or 56 where its factor is not two
 * products. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

#define inputs r0
#define weights r1
#define at r2
#define sum r3
#define channels r6
#define end r7

    .equ UNROLLED, 8

    .macro tap
    ldrsb r4, [inputs, at]
    ldrsb r5, [weights, at]
    muls r4, r5
    adds sum, sum, r4
    adds at, at, channels
    .endm

    /* smg_taps_row */
    .equ INPUTS, 0
    .equ FACTORS, 8
    .equ OUT, 12
    .equ OUT_END, 16
    .equ CHANNELS, 20
    .equ SIZE, 24
    .equ ENTRY, 28
    .equ ZERO_POINT, 32

    .global smg_taps_run_row
    .type smg_taps_run_row, %function
    .thumb_func
    .balign 4
/* r8: factors, r9: from an input to its output, r10: size, r11: the end of outputs, as an input; on the stack: the entry, and
 * zero point, act_min, act_max and the channels. */
smg_taps_run_row:
    push_frame_registers
    mov r7, r0
    adds r7, #ZERO_POINT
    ldmia r7!, {r3, r4, r5}
    ldr r2, [r0, #ENTRY]
    ldr channels, [r0, #CHANNELS]
    push {r2-r6}
    ldr r2, [r0, #FACTORS]
    mov r8, r2
    ldr r4, [r0, #OUT]
    ldr r5, [r0, #OUT_END]
    ldr end, [r0, #SIZE]
    mov r10, end
    ldmia r0!, {r2, weights}
    mov inputs, r2
    subs r4, r4, inputs
    mov r9, r4
    subs r5, r5, r4
    mov r11, r5
channel:
    movs at, #0
    movs sum, #0
    ldr r4, [sp]
    add pc, r4
    nop /* the jump counts from behind it */
turn:
    .rept UNROLLED
    tap
    .endr
    cmp at, end
    bne turn
    mov r2, r8
    ldmia r2!, {r4, r5, r7}
    mov r8, r2
    lsrs r2, r7, #24
    beq one_product
    mov r12, r2 /* r4 offset, r5 high, r7 low and shift, of which a shift sees the lowest byte alone, r12 low_bits */
    lsls r2, r7, #8
    lsrs r2, r2, #16
    muls r2, sum
    muls sum, r5
    mov r5, r12
    asrs r2, r5
    adds sum, sum, r2
    adds sum, sum, r4
    asrs sum, r7
    lsrs r2, sum, #8
    bne out_of_range
in_range:
    subs sum, #128
store:
    mov r2, r9
    strb sum, [inputs, r2]
    adds inputs, #1
    adds weights, #1
    mov end, r10
    cmp inputs, r11
    bne channel
    add sp, #20
    pop_frame_registers
out_of_range: /* 0 or 255 */
    asrs sum, sum, #31
    mvns sum, sum
    uxtb sum, sum
    b in_range
one_product: /* r4 bias, r5 multiplier, r7 shift */
    mov r12, inputs
    mov lr, weights
    adds r0, sum, r4
    uxth r3, r5
    lsrs r4, r5, #16
    mov r5, r7
    ldr r6, [sp, #4]
    scale_down
    ldr r2, [sp, #8]
    cmp r1, r2
    blt limit
    ldr r2, [sp, #12]
    cmp r1, r2
    bgt limit
    mov r2, r1
limit:
    mov sum, r2
    mov inputs, r12
    mov weights, lr
    ldr channels, [sp, #16]
    b store
    .size smg_taps_run_row, . - smg_taps_run_row

#endif
