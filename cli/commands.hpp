#pragma once
/// Every command of cupel; each is in the file of its name.
#include "app.hpp"

namespace cupel::cli {

Run define_audit(Arguments& arguments);
Run define_demo(Arguments& arguments);
Run define_baseline(Arguments& arguments);
Run define_split(Arguments& arguments);
Run define_inspect(Arguments& arguments);
Run define_molecules(Arguments& arguments);
Run define_fingerprint(Arguments& arguments);
Run define_similarity(Arguments& arguments);
Run define_overlap(Arguments& arguments);
Run define_de(Arguments& arguments);
Run define_score(Arguments& arguments);
Run define_compare(Arguments& arguments);
Run define_cliffs(Arguments& arguments);
Run define_edistance(Arguments& arguments);
Run define_spectra(Arguments& arguments);
Run define_auspc(Arguments& arguments);
Run define_simulate(Arguments& arguments);
Run define_data(Arguments& arguments);
Run define_list(Arguments& arguments);
Run define_doctor(Arguments& arguments);
Run define_schema(Arguments& arguments);
Run define_report(Arguments& arguments);
Run define_completion(Arguments& arguments);
Run define_version(Arguments& arguments);

/// The table of commands, in the order of the help.
std::vector<Command> all_commands();

}  // namespace cupel::cli
