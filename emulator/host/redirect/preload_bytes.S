// The preloaded library's file, embedded.
    .section .rodata
    .global sbemu_preload_begin
    .global sbemu_preload_end
    .hidden sbemu_preload_begin
    .hidden sbemu_preload_end
    .balign 16
sbemu_preload_begin:
    .incbin SBEMU_PRELOAD_FILE
sbemu_preload_end:
    .section .note.GNU-stack, "", %progbits
