# Fails unless PROGRAM needs nothing but glibc, and no symbol newer than glibc 2.34 (Amazon Linux
# 2023's). cmake -DPROGRAM=... -DOBJDUMP=... -P check_portable.cmake
execute_process(COMMAND ${OBJDUMP} -p ${PROGRAM} OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)

string(REGEX MATCHALL "NEEDED +[^\n]+" needed "${headers}")
foreach(entry IN LISTS needed)
  string(REGEX REPLACE "NEEDED +" "" library "${entry}")
  if(NOT library MATCHES "^(lib(c|m|dl|pthread|rt)|ld-linux-(x86-64|aarch64))\\.so\\.[0-9]+$")
    message(SEND_ERROR "${PROGRAM} needs ${library}, which is not glibc")
  endif()
endforeach()

string(REGEX MATCHALL "GLIBC_[0-9.]+" versions "${headers}")
if(NOT versions)
  message(SEND_ERROR "${PROGRAM} names no version of glibc: is it what it should be?")
endif()
foreach(version IN LISTS versions)
  string(REPLACE "GLIBC_" "" number "${version}")
  if(number VERSION_GREATER 2.34)
    message(SEND_ERROR "${PROGRAM} needs ${version}; Amazon Linux 2023 has 2.34")
  endif()
endforeach()
