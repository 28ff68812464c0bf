/* Inner loops of depthwise.c for ARMv6-M; depthwise_rows_twin.c says in C what they compute.
 *
 * A window slides along a row: an input is loaded once and weighed for the two or three outputs that see it. Low registers
 * hold what is computed with, high registers and the stack hold weights. r0: column of the middle row; r6, r7: from there to
 * the rows above and below. Cycles an output, in RAM: 64 for stride 1, 73 for stride 2, of which requantisation, clamp and
 * store take 24. */
#ifdef __ARM_ARCH_6M__

    .syntax unified
    .cpu cortex-m0
    .thumb
    .text

/* The structure, and the frame: its beginning, copied. */
    .equ LOW, 0
    .equ HIGH, 4
    .equ OFFSET, 8
    .equ SHIFT, 12
    .equ W, 16 /* [9] */
    .equ LEFT, 52
    .equ RIGHT, 56
    .equ IN, 60
    .equ OUT, 64
    .equ STEP, 68
    .equ IN_ROW, 72
    .equ ABOVE, 76
    .equ BELOW, 80
    .equ COLUMNS, 84
    .equ ROWS, 88
    .equ FROM_LEFT, 92
    .equ FRAME, 96

/* Save registers and copy the structure at r0 to the stack. */
    .macro ENTER
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r4-r7}
    sub sp, #FRAME
    mov r1, sp
    .rept 4
    ldmia r0!, {r2-r7}
    stmia r1!, {r2-r7}
    .endr
    ldr r4, [sp, #W]
    ldr r5, [sp, #W + 4]
    ldr r6, [sp, #W + 8]
    ldr r7, [sp, #W + 12]
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    ldr r4, [sp, #STEP]
    mov r12, r4
    ldr r6, [sp, #ABOVE]
    ldr r7, [sp, #BELOW]
    .endm

/* Count a row; flags say whether it was the last. */
    .macro COUNT_ROW
    ldr r1, [sp, #ROWS]
    subs r1, #1
    str r1, [sp, #ROWS]
    .endm

    .macro LEAVE
    add sp, #FRAME
    pop {r4-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
    .endm

/* \sum += weight \w (on the stack, or of a high register) * r1; r2 is lost. */
    .macro TAP_STACK sum, w
    ldr r2, [sp, #W + 4 * \w]
    muls r2, r1
    adds \sum, \sum, r2
    .endm

    .macro TAP_HIGH sum, w
    mov r2, \w
    muls r2, r1
    adds \sum, \sum, r2
    .endm

/* r1 = the input of the middle row. */
    .macro LOAD_MIDDLE
    movs r1, #0
    ldrsb r1, [r0, r1]
    .endm

/* The sum r3 becomes an output; r1 and r2 are lost. Out of 0..255, the sign says which end. */
    .macro REQUANTISE
    ldr r2, [sp, #LOW]
    muls r2, r3
    asrs r2, r2, #13
    ldr r1, [sp, #HIGH]
    muls r3, r1
    adds r3, r3, r2
    ldr r1, [sp, #OFFSET]
    adds r3, r3, r1
    ldr r1, [sp, #SHIFT]
    asrs r3, r1
    lsrs r2, r3, #8
    beq 1f
    asrs r2, r3, #31
    mvns r3, r2
1:  subs r3, #128
    .endm

    .global smg_depthwise_stride_1
    .type smg_depthwise_stride_1, %function
    .thumb_func
/* r3, r4, r5: sums of the output before the column in r0, of its own, and of the one behind. */
smg_depthwise_stride_1:
    ENTER
    ldr r0, [sp, #IN]
    ldr r1, [sp, #OUT] /* from where r0 stands behind a column to the output before that column */
    subs r1, r1, r0
    mov r2, r12
    subs r1, r1, r2
    subs r1, r1, r2
    str r1, [sp, #OUT]
    ldr r1, [sp, #COLUMNS]
    muls r1, r2
    str r1, [sp, #COLUMNS]
row_1:
    ldr r1, [sp, #COLUMNS]
    adds r1, r1, r0
    mov lr, r1
    ldr r5, [sp, #LEFT]
    ldrsb r1, [r0, r6] /* the first column; there is no output before it */
    mov r2, r9
    muls r2, r1
    adds r4, r5, r2
    mov r5, r8
    muls r5, r1
    LOAD_MIDDLE
    TAP_STACK r4, 4
    TAP_HIGH r5, r11
    ldrsb r1, [r0, r7]
    TAP_STACK r4, 7
    TAP_STACK r5, 6
    add r0, r12
    cmp r0, lr
    beq last_1
column_1:
    ldrsb r1, [r0, r6]
    mov r2, r10
    muls r2, r1
    adds r3, r4, r2
    mov r2, r9
    muls r2, r1
    adds r4, r5, r2
    mov r5, r8
    muls r5, r1
    LOAD_MIDDLE
    TAP_STACK r3, 5
    TAP_STACK r4, 4
    TAP_HIGH r5, r11
    ldrsb r1, [r0, r7]
    TAP_STACK r3, 8
    TAP_STACK r4, 7
    TAP_STACK r5, 6
    add r0, r12
    REQUANTISE
    ldr r2, [sp, #OUT]
    strb r3, [r0, r2]
    cmp r0, lr
    bne column_1
last_1: /* padding behind the row */
    ldr r3, [sp, #RIGHT]
    adds r3, r3, r4
    REQUANTISE
    ldr r2, [sp, #OUT]
    add r2, r12
    strb r3, [r0, r2]
    COUNT_ROW
    bne row_1
    LEAVE
    .size smg_depthwise_stride_1, . - smg_depthwise_stride_1

    .global smg_depthwise_stride_2
    .type smg_depthwise_stride_2, %function
    .thumb_func
/* r3, r4: sums of the output at the column in r0, and of the next; r5: where the output goes. */
smg_depthwise_stride_2:
    ENTER
    ldr r5, [sp, #OUT]
    ldr r1, [sp, #COLUMNS] /* bytes from the first column to the one behind the last */
    lsls r1, r1, #1
    subs r1, #1
    ldr r2, [sp, #FROM_LEFT]
    adds r1, r1, r2
    mov r2, r12
    muls r1, r2
    str r1, [sp, #COLUMNS]
row_2:
    ldr r0, [sp, #IN]
    ldr r1, [sp, #IN_ROW]
    adds r1, r1, r0
    str r1, [sp, #IN]
    ldr r1, [sp, #COLUMNS]
    adds r1, r1, r0
    mov lr, r1
    ldr r4, [sp, #LEFT]
    ldr r1, [sp, #FROM_LEFT]
    cmp r1, #0
    beq column_2
    ldrsb r1, [r0, r6]
    mov r4, r8
    muls r4, r1
    LOAD_MIDDLE
    TAP_HIGH r4, r11
    ldrsb r1, [r0, r7]
    TAP_STACK r4, 6
    add r0, r12
column_2: /* the middle column of a window */
    ldrsb r1, [r0, r6]
    mov r2, r9
    muls r2, r1
    adds r3, r4, r2
    LOAD_MIDDLE
    TAP_STACK r3, 4
    ldrsb r1, [r0, r7]
    TAP_STACK r3, 7
    add r0, r12
    cmp r0, lr
    beq last_2
    ldrsb r1, [r0, r6] /* the last column of a window, the first of the next */
    mov r4, r8
    muls r4, r1
    TAP_HIGH r3, r10
    LOAD_MIDDLE
    TAP_STACK r3, 5
    TAP_HIGH r4, r11
    ldrsb r1, [r0, r7]
    TAP_STACK r3, 8
    TAP_STACK r4, 6
    add r0, r12
    REQUANTISE
    strb r3, [r5]
    add r5, r12
    b column_2
last_2:
    ldr r1, [sp, #RIGHT]
    adds r3, r3, r1
    REQUANTISE
    strb r3, [r5]
    add r5, r12
    COUNT_ROW
    bne row_2
    LEAVE
    .size smg_depthwise_stride_2, . - smg_depthwise_stride_2
#endif
