// The bootstraps' files, embedded.
    .section .rodata
    .global sbemu_node_bootstrap_begin
    .global sbemu_node_bootstrap_end
    .global sbemu_python_bootstrap_begin
    .global sbemu_python_bootstrap_end
    .hidden sbemu_node_bootstrap_begin
    .hidden sbemu_node_bootstrap_end
    .hidden sbemu_python_bootstrap_begin
    .hidden sbemu_python_bootstrap_end
sbemu_node_bootstrap_begin:
    .incbin SBEMU_NODE_BOOTSTRAP
sbemu_node_bootstrap_end:
sbemu_python_bootstrap_begin:
    .incbin SBEMU_PYTHON_BOOTSTRAP
sbemu_python_bootstrap_end:
    .section .note.GNU-stack, "", %progbits
