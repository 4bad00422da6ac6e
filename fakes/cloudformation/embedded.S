// The response modules for inline code, as they lie in fakes/lambda/inline/.
    .section .rodata
    .global sbemu_cfn_response_js
    .global sbemu_cfn_response_js_end
sbemu_cfn_response_js:
    .incbin "fakes/lambda/inline/cfn_response.js"
sbemu_cfn_response_js_end:
    .global sbemu_cfnresponse_py
    .global sbemu_cfnresponse_py_end
sbemu_cfnresponse_py:
    .incbin "fakes/lambda/inline/cfnresponse.py"
sbemu_cfnresponse_py_end:
    .section .note.GNU-stack, "", %progbits
