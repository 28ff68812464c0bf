/* Inner loops of patch.c for ARMv6-M: 10 cycles a word that is gathered alone, 5 a word of a strip. */
#if defined(__ARM_ARCH_6M__)

#include "sums.inc"

    .text

    .equ TAP, 24 /* bytes from one tap to the next */

    /* smg_patch_lines */
    .equ N, 0
    .equ LINES, 4
    .equ PITCH, 8

    .macro word tap
    ldrsb r5, [r1, r4]
    ldrsb r6, [r2, r4]
    lsls r6, r6, #16
    adds r5, r5, r6
    str r5, [r0, #TAP * \tap]
    adds r4, #1
    .endm

    .global smg_patch_gather
    .type smg_patch_gather, %function
    .thumb_func
smg_patch_gather: /* r0 words, r1 and r2 lines, r3 their length, r4 where in them, r7 lines left, r12 pitch */
    push {r4-r7, lr}
    ldr r7, [r3, #LINES]
    ldr r4, [r3, #PITCH]
    mov r12, r4
    ldr r3, [r3, #N]
next_line:
    movs r4, #0
    subs r3, #4
    blt rest
four:
    word 0
    word 1
    word 2
    word 3
    adds r0, #4 * TAP
    cmp r4, r3
    ble four
rest:
    adds r3, #4
    b next
one:
    word 0
    adds r0, #TAP
next:
    cmp r4, r3
    bne one
    add r1, r12
    add r2, r12
    subs r7, #1
    bne next_line
    pop {r4-r7, pc}
    .size smg_patch_gather, . - smg_patch_gather

    .global smg_patch_strip
    .type smg_patch_strip, %function
    .thumb_func
/* r0 words, r1 and r2 lines, r4 where in them, r8 what is between two windows, r9 from behind the last
 * window's value to the first one's next, r10 and r11 where the last window's copied taps begin and end, r12 pitch, r14 lines left. */
smg_patch_strip:
    push_frame_registers
    ldmia r3!, {r4, r5, r6, r7} /* smg_patch_lines */
    mov lr, r5
    mov r12, r6
    mov r8, r7
    movs r6, #5
    muls r6, r7
    adds r4, r4, r6
    mov r11, r4
    adds r6, r6, r7
    mov r10, r6
    rsbs r6, r6, #0
    adds r6, #1
    mov r9, r6
strip_line:
    movs r4, #0
    mov r3, r0
    adds r3, #4 /* from where taps are copied */
gathered: /* as many taps as windows are apart: six words each */
    .macro strip_word at
    ldrsb r5, [r1, r4]
    ldrsb r6, [r2, r4]
    lsls r6, r6, #16
    adds r5, r5, r6
    str r5, [r0, #4 * \at]
    add r4, r8
    .endm
    strip_word 0
    strip_word 1
    strip_word 2
    strip_word 3
    strip_word 4
    strip_word 5
    add r4, r9
    adds r0, #TAP
    cmp r4, r8
    bne gathered
    mov r4, r10
    cmp r4, r11
    beq strip_done
copied: /* then words move by one, and the last window's is new */
    ldmia r3!, {r5, r6, r7}
    stmia r0!, {r5, r6, r7}
    ldmia r3!, {r5, r6}
    stmia r0!, {r5, r6}
    adds r3, #4
    ldrsb r5, [r1, r4]
    ldrsb r6, [r2, r4]
    lsls r6, r6, #16
    adds r5, r5, r6
    stmia r0!, {r5}
    adds r4, #1
    cmp r4, r11
    bne copied
strip_done:
    add r1, r12
    add r2, r12
    mov r5, lr
    subs r5, #1
    mov lr, r5
    bne strip_line
    pop_frame_registers
    .size smg_patch_strip, . - smg_patch_strip

#endif
