# Builds web/dist/report_template.html and makes the object that embeds it depend on it.
find_program(CUPEL_NPM npm)
if(NOT CUPEL_NPM)
  message(FATAL_ERROR "npm not found: install nodejs and npm, or configure with -DCUPEL_WEB=OFF")
endif()
set(report_template ${CMAKE_SOURCE_DIR}/web/dist/report_template.html)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/src/*)
list(APPEND web_sources ${CMAKE_SOURCE_DIR}/web/package.json ${CMAKE_SOURCE_DIR}/web/build.mjs)
add_custom_command(
  OUTPUT ${CMAKE_SOURCE_DIR}/web/node_modules/.package-lock.json
  COMMAND ${CUPEL_NPM} ci --no-audit --no-fund --loglevel=error
  DEPENDS ${CMAKE_SOURCE_DIR}/web/package-lock.json
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web
  COMMENT "Installing the npm packages of web/")
add_custom_command(
  OUTPUT ${report_template}
  COMMAND ${CUPEL_NPM} run --silent build
  DEPENDS ${web_sources} ${CMAKE_SOURCE_DIR}/web/node_modules/.package-lock.json
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}/web
  COMMENT "Building the report page")
set_source_files_properties(src/report/report_page.cpp PROPERTIES
  COMPILE_DEFINITIONS CUPEL_REPORT_TEMPLATE="${report_template}"
  OBJECT_DEPENDS ${report_template})
