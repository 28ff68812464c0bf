/* smg_rows_dot of rows.h for ARMv6-M: 20 cycles a tap, which is 4 products. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

    /* smg_rows */
    .equ N, 8
    .equ OFFSET, 12
    .equ ENTRY, 16
    .equ SUMS, 20

    .macro product row, sum
    ldrsb r7, [\row, r5]
    muls r7, r6
    add \sum, r7
    .endm

    .global smg_rows_dot
    .type smg_rows_dot, %function
    .thumb_func
    .balign 4
smg_rows_dot: /* r0 inputs, r1-r4 rows, r5 where in them, r6 an input, r8-r11 sums, r12 offset, r14 length */
    push_frame_registers
    push {r0}
    ldr r7, [r0, #N]
    mov lr, r7
    ldr r6, [r0, #OFFSET]
    mov r12, r6
    ldr r5, [r0, #ENTRY]
    ldmia r0!, {r2, r3}
    mov r0, r2
    mov r1, r3
    adds r2, r1, r7
    adds r3, r2, r7
    adds r4, r3, r7
    movs r6, #0
    mov r8, r6
    mov r9, r6
    mov r10, r6
    mov r11, r6
    mov r7, r5
    movs r5, #0
    add pc, r7
    nop /* the jump counts from behind it */
turn:
    .rept 4
    ldrsb r6, [r0, r5]
    add r6, r12
    product r1, r8
    product r2, r9
    product r3, r10
    product r4, r11
    adds r5, #1
    .endr
    cmp r5, lr
    bne turn
    pop {r0}
    adds r0, #SUMS
    mov r1, r8
    mov r2, r9
    mov r3, r10
    mov r4, r11
    stmia r0!, {r1, r2, r3, r4}
    pop_frame_registers
    .size smg_rows_dot, . - smg_rows_dot

#endif
