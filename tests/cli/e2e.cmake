# End-to-end tests of what an audit promises; each is one Python file (standard library only).
foreach(name resume planted_truth bad_input)
  if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/test_${name}.py)
    add_test(NAME cli/${name} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/test_${name}.py
             --cupel $<TARGET_FILE:cupel>)
    set_tests_properties(cli/${name} PROPERTIES LABELS cli TIMEOUT 600)
  endif()
endforeach()
