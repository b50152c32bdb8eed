# Compiler flags shared by every target, as cupel::flags.
add_library(cupel_flags INTERFACE)
add_library(cupel::flags ALIAS cupel_flags)
target_compile_options(cupel_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                       -ffp-contract=off -fno-math-errno
                       -Wno-missing-field-initializers  # designated initialisers leave fields out on purpose
                       $<$<CXX_COMPILER_ID:Clang>:-Wno-enum-constexpr-conversion>  # Boost 1.74 below RDKit
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # false positives of g++ 12 on std::string
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overread>)  # ... and on std::vector
if(CUPEL_WERROR)
  target_compile_options(cupel_flags INTERFACE -Werror)
endif()
if(CUPEL_SANITIZE)
  target_compile_options(cupel_flags INTERFACE -fsanitize=${CUPEL_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(cupel_flags INTERFACE -fsanitize=${CUPEL_SANITIZE})
  if(CUPEL_SANITIZE MATCHES "undefined")
    target_compile_options(cupel_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
find_program(CUPEL_CCACHE ccache)
if(CUPEL_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CUPEL_CCACHE})
endif()
if(CUPEL_TIDY)
  set(CMAKE_CXX_CLANG_TIDY clang-tidy-19 --quiet)
endif()
