# End-to-end tests of what an audit promises; each is one Python file (standard library only).
foreach(test cli/resume cli/planted_truth cli/bad_input cli/hostile_molecules cli/hostile_h5ad real/audit/gdsc2_scores
        real/audit/potency_scores)
  get_filename_component(folder ${test} DIRECTORY)
  get_filename_component(name ${test} NAME)
  string(REGEX MATCH "^[a-z]+" label ${test})
  add_test(NAME ${test} COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tests/${folder}/test_${name}.py
           --cupel $<TARGET_FILE:cupel>)
  set_tests_properties(${test} PROPERTIES LABELS ${label} TIMEOUT 900 SKIP_REGULAR_EXPRESSION "OK \\(skipped")
endforeach()
