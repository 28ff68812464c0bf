/* smg_patch_gather of patch.h for ARMv6-M: 10 cycles a word. */
#if defined(__ARM_ARCH_6M__)

    .syntax unified
    .thumb
    .text

    .equ TAP, 24 /* bytes from one tap to the next */

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
    ldr r7, [sp, #20]
    ldr r4, [sp, #24]
    mov r12, r4
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

#endif
