/* A bare Xtensa core with register windows: vectors, a stack, and a timer whose interrupt spills every window and calls on
 * through more of them than there are. It strikes at intervals that are never the same, wherever the program is. */
    .section .vectors, "ax"
    .align 1024
vectors:
    .org vectors + 0x000 /* overflow and underflow of a window, as the instruction set's manual gives them */
    s32e a0, a5, -16
    s32e a1, a5, -12
    s32e a2, a5, -8
    s32e a3, a5, -4
    rfwo
    .org vectors + 0x040
    l32e a0, a5, -16
    l32e a1, a5, -12
    l32e a2, a5, -8
    l32e a3, a5, -4
    rfwu
    .org vectors + 0x080
    s32e a0, a9, -16
    l32e a0, a1, -12
    s32e a1, a9, -12
    s32e a2, a9, -8
    s32e a3, a9, -4
    s32e a4, a0, -32
    s32e a5, a0, -28
    s32e a6, a0, -24
    s32e a7, a0, -20
    rfwo
    .org vectors + 0x0c0
    l32e a0, a9, -16
    l32e a1, a9, -12
    l32e a2, a9, -8
    l32e a7, a1, -12
    l32e a3, a9, -4
    l32e a4, a7, -32
    l32e a5, a7, -28
    l32e a6, a7, -24
    l32e a7, a7, -20
    rfwu
    .org vectors + 0x100
    s32e a0, a13, -16
    l32e a0, a1, -12
    s32e a1, a13, -12
    s32e a2, a13, -8
    s32e a3, a13, -4
    s32e a4, a0, -48
    s32e a5, a0, -44
    s32e a6, a0, -40
    s32e a7, a0, -36
    s32e a8, a0, -32
    s32e a9, a0, -28
    s32e a10, a0, -24
    s32e a11, a0, -20
    rfwo
    .org vectors + 0x140
    l32e a0, a13, -16
    l32e a1, a13, -12
    l32e a2, a13, -8
    l32e a11, a1, -12
    l32e a3, a13, -4
    l32e a4, a11, -48
    l32e a5, a11, -44
    l32e a6, a11, -40
    l32e a7, a11, -36
    l32e a8, a11, -32
    l32e a9, a11, -28
    l32e a10, a11, -24
    l32e a11, a11, -20
    rfwu
    .org vectors + 0x340 /* interrupts and exceptions of a program */
    wsr.excsave1 a0
    j interrupt
    .org vectors + 0x3c0 /* an exception inside a handler */
    j failed

    .text
    .literal_position
/* The interrupted function's a1 stays as it is: its callers' windows are spilled to where it says. Its own registers go
 * below, beyond what those spills may write (at most 64 bytes down). */
    .align 4
interrupt:
    addi a0, a1, -128
    addi a0, a0, -64
    s32i a2, a0, 8
    s32i a3, a0, 12
    s32i a4, a0, 16
    s32i a5, a0, 20
    s32i a6, a0, 24
    s32i a7, a0, 28
    s32i a8, a0, 32
    s32i a9, a0, 36
    s32i a10, a0, 40
    s32i a11, a0, 44
    s32i a12, a0, 48
    s32i a13, a0, 52
    s32i a14, a0, 56
    s32i a15, a0, 60
    rsr.excsave1 a2
    s32i a2, a0, 0
    rsr.epc1 a2
    s32i a2, a0, 64
    rsr.ps a2
    s32i a2, a0, 68
    rsr.sar a2
    s32i a2, a0, 72
    rsr.exccause a2
    bnei a2, 4, failed /* not a level 1 interrupt */
    movi a2, 0x40021 /* windows on, level 1 masked, no longer in an exception */
    wsr.ps a2
    rsync
    call4 spill
    movi a2, interval
    l32i a3, a2, 0
    movi a4, 1664525
    mull a3, a3, a4
    movi a4, 1013904223
    add a3, a3, a4
    s32i a3, a2, 0
    extui a3, a3, 24, 6
    addi a3, a3, 20
    rsr.ccount a2
    add a2, a2, a3
    wsr.ccompare0 a2 /* this ends the interrupt */
    l32i a2, a0, 68
    wsr.ps a2
    rsync
    l32i a2, a0, 64
    wsr.epc1 a2
    l32i a2, a0, 72
    wsr.sar a2
    l32i a2, a0, 8
    l32i a3, a0, 12
    l32i a4, a0, 16
    l32i a5, a0, 20
    l32i a6, a0, 24
    l32i a7, a0, 28
    l32i a8, a0, 32
    l32i a9, a0, 36
    l32i a10, a0, 40
    l32i a11, a0, 44
    l32i a12, a0, 48
    l32i a13, a0, 52
    l32i a14, a0, 56
    l32i a15, a0, 60
    l32i a0, a0, 0
    rfe

/* Below the registers that `interrupt` saved; then through the C function's windows. */
    .align 4
spill:
    entry a1, 256
    movi a6, 12
    call4 smg_test_nest
    retw

failed:
    rsr.exccause a2
    rsr.epc1 a3
    movi a1, stack_top
    movi a4, 0x40020
    wsr.ps a4
    rsync
    mov a6, a2
    mov a7, a3
    call4 smg_test_failed

    .align 4
    .global _start
_start:
    movi a2, vectors
    wsr.vecbase a2
    movi a2, 0
    wsr.windowbase a2
    rsync
    movi a2, 1
    wsr.windowstart a2
    rsync
    movi a1, stack_top
    addi a2, a1, -16
    s32i a1, a2, 4 /* there is no caller, but a stack pointer of one to spill this window by */
    movi a0, 0
    movi a2, 0x40020
    wsr.ps a2
    rsync
    rsr.ccount a2
    addi a2, a2, 100
    wsr.ccompare0 a2
    movi a2, 0x40 /* timer 0 */
    wsr.intenable a2
    rsync
    call8 smg_test_main

    .data
    .align 4
interval:
    .word 1
    .section .rodata
    .align 16
    .global smg_test_cases
smg_test_cases:
    .incbin "cases.bin"
