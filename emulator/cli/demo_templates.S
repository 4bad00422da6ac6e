// The templates of `sbemu demo`, as they lie in fixtures/templates/.
    .section .rodata
    .global sbemu_streambot_template
    .global sbemu_streambot_template_end
sbemu_streambot_template:
    .incbin "fixtures/templates/streambot-corrected.template.json"
sbemu_streambot_template_end:
    .global sbemu_example_template
    .global sbemu_example_template_end
sbemu_example_template:
    .incbin "fixtures/templates/example-service.template.json"
sbemu_example_template_end:
    .section .note.GNU-stack, "", %progbits
