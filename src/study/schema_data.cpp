// The section data of the study file.
#include "study/schema_words.hpp"

namespace cupel::detail {

using namespace words;

namespace {

SectionSpec entity_table(const std::string& name, const std::string& what,
                         std::vector<KeySpec> labels) {
  SectionSpec spec{.name = "data." + name, .doc = "A table that describes the " + what + "s."};
  spec.keys = {
      {.name = "file", .value = text(), .doc = "CSV or TSV, plain, .gz or .zst.", .required = true},
      {.name = "id",
       .value = text(),
       .doc = "Column with the id of the " + what + ".",
       .required = true},
      {.name = "via",
       .value = text(),
       .doc = "Column of the responses that holds this id, if it is not the " + what +
              "'s own column."},
  };
  for (auto& label : labels) spec.keys.push_back(std::move(label));
  spec.other_keys = text();
  spec.other_doc = "Any other label: its column.";
  return spec;
}

SectionSpec columns_section() {
  const auto role = [](std::string name, std::string doc) {
    return KeySpec{.name = std::move(name), .value = text(), .doc = std::move(doc)};
  };
  return {.name = "data.responses.columns",
          .doc =
              "Which column plays which role. `drug_response` needs drug, cell and target; "
              "`potency` needs target, and smiles or id; `perturbation` needs perturbation.",
          .keys = {
              role("drug", "Column with the drug's id."),
              role("cell", "Column with the cell line's id."),
              role("smiles", "`potency`: column with the molecule as SMILES."),
              role("target", "Column with the response (potency)."),
              role("assay",
                   "`potency`: column with what it was measured on, where there are several; "
                   "with `files` the name of the column that is made (default `assay`)."),
              role("id", "`potency`: column with the ligand's id; default: the molecule itself."),
              role("time", "`potency`: column with the date or year, for splits by time."),
              role("relation", "`potency`: column with < or > where the value is a limit."),
              role("perturbation",
                   "`perturbation`: column of the cells' annotations with the perturbation."),
              role("context",
                   "`perturbation`: column with the cell type, donor or condition that has control "
                   "cells of its own; without it there is one context."),
              role("replicate", "`perturbation`: column with the biological replicate."),
              role("guide", "`perturbation`: column with the guide."),
              role("value_nM",
                   "`potency`: column with the value in nM, for cliff rules that compare "
                   "linear values; default: computed from the target."),
          }};
}

SectionSpec molecules_section() {
  return {.name = "data.molecules",
          .doc = "How SMILES become molecules and features (area `potency`).",
          .keys = {
              {.name = "standardise",
               .value = choice({"none", "largest", "neutral", "parent"}),
               .default_yaml = "none",
               .doc = "What is done first: nothing, the largest fragment, that without removable "
                      "charges, that without stereo and isotopes."},
              {.name = "radius",
               .value = integer(0, 10),
               .default_yaml = "2",
               .doc = "Of the circular fingerprint (2 = ECFP4)."},
              {.name = "bits",
               .value = integer(16, 65536),
               .default_yaml = "2048",
               .doc = "Its width."},
          }};
}

SectionSpec profiles_section() {
  return {
      .name = "data.profiles",
      .doc = "How cells become expression profiles (area `perturbation`).",
      .keys = {
          {.name = "control",
           .value = text(),
           .doc = "Label of the unperturbed cells; needed without `catalogue`."},
          {.name = "scale",
           .value = choice({"counts", "log1p", "normalized"}),
           .doc = "What the values of the file are; checked against them, never guessed. Needed "
                  "without `catalogue`."},
          {.name = "matrix",
           .value = text(),
           .default_yaml = "X",
           .doc = "`X`, `layers/NAME` or `raw/X`."},
          {.name = "normalize",
           .value = any_of(choice({"none", "median"}), {number(1e-6, 1e12)}),
           .default_yaml = "none",
           .doc = "The sum that every cell is scaled to: a number, or the median of the cells' "
                  "sums."},
          {.name = "log1p",
           .value = boolean(),
           .default_yaml = "false",
           .doc = "Take ln(1 + x) after that."},
          {.name = "pseudobulk",
           .value = choice({"mean", "log_of_mean", "group_sum"}),
           .default_yaml = "mean",
           .doc = "A profile is the mean of its cells' values, the logarithm of the mean of "
                  "their counts, or ln(1 + bulk_target x sum of counts / total)."},
          {.name = "bulk_target",
           .value = number(1e-6, 1e12),
           .default_yaml = "50000",
           .doc = "Of `pseudobulk: group_sum`."},
          {.name = "separator",
           .value = text(),
           .default_yaml = "\"+\"",
           .doc = "Between the members of a combination; empty: labels are never combinations."},
          {.name = "guide_map",
           .value = text(),
           .doc = "CSV `guide,target`: the labels are guides, and become their targets."},
          {.name = "min_cells",
           .value = integer(1),
           .default_yaml = "10",
           .doc = "Samples with fewer cells are left out, and counted."},
          {.name = "genes",
           .value = text(),
           .default_yaml = "all",
           .doc = "`all`, `top_control:N` (the highest mean in control cells) or `file:PATH` "
                  "(one name per line)."},
          {.name = "halves",
           .value = integer(0, 100),
           .default_yaml = "5",
           .doc = "How often the cells are parted into halves, for the noise ceiling."},
      }};
}

SectionSpec cliffs_section() {
  return {.name = "data.cliffs",
          .doc = "Activity cliffs: pairs of similar molecules with very different potency.",
          .keys = {
              {.name = "rule",
               .value = text(),
               .doc = "Which pairs are cliffs (`cupel list cliffs`), within each assay."},
              {.name = "column",
               .value = text(),
               .doc = "0/1 column of the samples that flags cliff compounds; beside a rule its "
                      "flags count, and the pairs are the rule's."},
          }};
}

}  // namespace

SectionSpec data_section() {
  SectionSpec responses{
      .name = "data.responses",
      .doc =
          "The samples: one line per measured (drug, cell line), or per measured molecule; of "
          "`perturbation` a file of cells.",
      .keys = {
          {.name = "file",
           .value = text(),
           .doc = "CSV or TSV, plain, .gz or .zst. `perturbation`: .h5ad, a folder with "
                  "matrix.mtx, .gct, .gctx, .npz or .csv of cells."},
          {.name = "files",
           .value = table(text()),
           .doc = "`potency`, instead of `file`: one file per assay, {ASSAY: FILE}, read as one "
                  "table; rows are numbered through in the order of the assays' names."},
          {.name = "columns",
           .value = section(columns_section()),
           .doc = "Which column plays which role.",
           .required = true},
          {.name = "unit",
           .value = text(),
           .doc = "Unit of the response (`ln uM`, `AUC`, `pIC50`); checked against the values. "
                  "`potency`: values in nM, uM or M become p values."},
      }};
  const ValueSpec column = text();
  return {
      .name = "data",
      .doc =
          "The data set: an entry of the catalogue, or your own files. Keys given beside "
          "`catalogue` override the entry's.",
      .keys = {
          {.name = "catalogue",
           .value = text(),
           .doc = "Name of a known data set (`cupel data list`)."},
          {.name = "responses",
           .value = section(std::move(responses)),
           .doc = "The samples; required without `catalogue`."},
          {.name = "drugs",
           .value = section(entity_table(
               "drugs", "drug",
               {{.name = "smiles", .value = column, .doc = "Column with the structure as SMILES."},
                {.name = "name", .value = column, .doc = "Column with the name."},
                {.name = "target", .value = column, .doc = "Column with the protein target."},
                {.name = "pathway", .value = column, .doc = "Column with the target's pathway."},
                {.name = "synonyms",
                 .value = column,
                 .doc = "Column with other names; finds one compound on both sides of a split."}})),
           .doc = "The drug table."},
          {.name = "cells",
           .value = section(entity_table(
               "cells", "cell line",
               {{.name = "tissue", .value = column, .doc = "Column with the tissue of origin."}})),
           .doc = "The cell-line table."},
          {.name = "features",
           .value = list(section(
               {.name = "data.features[]",
                .doc = "A wide numeric table: one line per drug, cell line, ligand, perturbation, "
                       "gene "
                       "or context, one column per feature.",
                .keys =
                    {
                        {.name = "entity",
                         .value =
                             choice({"drug", "cell", "ligand", "perturbation", "gene", "context"}),
                         .doc = "Whose features these are.",
                         .required = true},
                        {.name = "name",
                         .value = text(),
                         .doc = "Name of the view: `expression`, `mutation`, ...",
                         .required = true},
                        {.name = "file",
                         .value = text(),
                         .doc = "CSV or TSV, plain, .gz or .zst.",
                         .required = true},
                        {.name = "id",
                         .value = text(),
                         .doc = "Column with the id.",
                         .required = true},
                        {.name = "via",
                         .value = text(),
                         .doc = "Column of the responses that holds this id, if it is not the "
                                "entity's own column."},
                        {.name = "columns",
                         .value = text(),
                         .doc =
                             "Glob of the columns to take (`*_mut`); all numeric ones without it."},
                        {.name = "binary",
                         .value = boolean(),
                         .default_yaml = "false",
                         .doc = "Values are 0 or 1; similarity is then Tanimoto's."},
                    }})),
           .doc = "Feature tables."},
          {.name = "join",
           .value = choice({"keep", "leave_out"}),
           .default_yaml = "keep",
           .doc = "Rows whose ids are missing in a table: keep them, or leave them out (counted "
                  "and listed either way)."},
          {.name = "replicates",
           .value = choice({"keep", "mean", "median"}),
           .default_yaml = "keep",
           .doc = "Several rows for one (drug, cell line) or one ligand of an assay: keep them "
                  "together on one side of each split, or combine them first."},
          {.name = "drug_fingerprints",
           .value = boolean(),
           .default_yaml = "true",
           .doc = "Compute ECFP4 (2,048 bits) where `smiles` is given."},
          {.name = "molecules",
           .value = section(molecules_section()),
           .default_yaml = "{}",
           .doc = "`potency`: molecules and their fingerprints."},
          {.name = "profiles",
           .value = section(profiles_section()),
           .doc = "`perturbation`: how cells become profiles; needed there."},
          {.name = "cliffs",
           .value = section(cliffs_section()),
           .default_yaml = "{}",
           .doc = "`potency`: activity cliffs."},
      }};
}

}  // namespace cupel::detail
