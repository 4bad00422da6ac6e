# Writes OUTPUT, which defines sbemu::version(); run at each build, it changes only with the commit.
execute_process(COMMAND git -C ${SOURCE} rev-parse --show-toplevel --short HEAD
    OUTPUT_VARIABLE answer OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
set(version ${VERSION})
if(NOT failed)
  string(REPLACE "\n" ";" answer "${answer}")
  list(GET answer 0 top)
  list(GET answer 1 commit)
  file(REAL_PATH ${SOURCE} source)
  # Not the commit of some other repository that a tarball was unpacked in.
  if(top STREQUAL source)
    set(version "${VERSION} (${commit})")
  endif()
endif()
set(text "#include \"emulator/cli/version.h\"\n
namespace sbemu {\n
std::string version() { return \"${version}\"; }\n
}  // namespace sbemu\n")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT text STREQUAL old)
  file(WRITE ${OUTPUT} "${text}")
endif()
