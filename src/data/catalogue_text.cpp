// The catalogue itself, as YAML: the `data` sections have the keys of a study file.
// A file without `recipe` is byte-identical to its one source.
#include "data/catalogue_text.hpp"

namespace cupel::detail {

std::string_view catalogue_text() noexcept {
  return R"yaml(
terms:
  gdsc: &gdsc_terms >-
    The measurements belong to GDSC (Wellcome Sanger Institute and Massachusetts General Hospital):
    free for research, commercial use needs GDSC's own licence. Use locally, do not redistribute.

repositories:
  paso: TaekyungHeo/drug-response-distribution@049c97989755822da2e096369a1f18a18bbf286e
  gdsctools: CancerRxGene/gdsctools@770be39
  tcrp: JDACS4C-IMPROVE/TCRP_data@bd1a82a
  graphdrp: hauldhut/GraphDRP@ad25065
  branson2025: Nik-BB/Understanding_DRP_models@1314d54
  branson2023: Nik-BB/Learning-curves-for-DRP@89f7f19
  drpreter: babaling/DRPreter@9e4ccd4033e2e15a107284b538a5c66a1e8ad7cb
  tgsa: violet-sto/TGSA@cdd9903

files:
  - name: gdsc1_v17_response.csv.gz
    folder: drug_response
    bytes: 1456955
    sha256: 9ce75d08458bfcd6e55daf6868efc564968e1bcb7304cf52e9189896b2c4d6bf
    from: ["gdsctools:gdsctools/data/IC50_v17.csv.gz"]
    recipe: the matrix of ln IC50 (uM) in long form, one line per measured pair, rounded to 6 decimals
  - name: gdsc1_v17_drugs.csv
    folder: drug_response
    bytes: 37526
    sha256: 2c157a153ebdfd418b34bdb0ede10a7ff1491f6af4ff5c7c7a276a34ed2e65b9
    from:
      - "tcrp:data/GDSC/Screened_Compounds.csv"
      - "graphdrp:data/drug_smiles.csv"
      - "paso:external/PASO/data/CCLE-GDSC-SMILES.csv"
      - "drpreter:Data/Drug/drug_smiles.csv"
    recipe: >-
      names, synonyms, targets and pathways of the first source; SMILES and PubChem ids from the others
      where a name or synonym matched (column SMILES_SRC)
  - name: gdsc_genomic_features_v17.csv.gz
    folder: drug_response
    bytes: 36577
    sha256: 44d76919fde567dff486b26d35b5902f7df4e1a15f2f99aa5619ed2f9dd0b028
    from: ["gdsctools:gdsctools/data/genomic_features_v17.csv.gz"]
    recipe: re-encoded; tissue, MSI, 270 mutations and 407 copy-number segments as in the source
  - name: gdsc_expression_rma.csv.gz
    folder: drug_response
    bytes: 5038187
    sha256: d3323a25defa95ade7a071709f5a1f28748eedf0b3496894405541ac7a2f6628
    from: ["tcrp:data/merged/drug_feature/*/*_feature.npy"]
    recipe: >-
      951 lines x 1,983 genes joined from 2,449 blocks per drug and tissue (overlaps agree), rounded to
      4 decimals. Only genes from A to D: the feature list of the source is so cut
  - name: gdsc_cell_lines.csv
    folder: drug_response
    bytes: 79656
    sha256: be720dde56a71d0d3d408dd61a8a6fda72ccc0bfa298eb352ea7b14d950deefd
    from:
      - "branson2025:data/gdsc_cell_names.csv"
      - "graphdrp:data/Cell_list.csv"
      - "tcrp:Cell_Lines_Details.csv"
    recipe: GDSC1000 table S1E from the first source, lines missing there from the others (column src)
  - name: gdsc2_paso_response_folds.csv.gz
    folder: drug_response
    bytes: 1537976
    sha256: 1b2cb550f095458c774e1370f1b8bd46e88769bf08ba307c9b302c45297a1b49
    from: ["paso:external/PASO/data/10_fold_data"]
    recipe: >-
      the test parts of the ten mixed, cell-blind and drug-blind folds joined into one line per pair;
      COSMIC ids added by cell-line name (685 of 688)
  - name: gdsc2_paso_drugs.csv
    folder: drug_response
    bytes: 19108
    sha256: 15a047727155b45db2057edb534c986645f9956686f591950ce5d7dc3d6b64bb
    from: ["paso:external/PASO/data/CCLE-GDSC-SMILES.csv"]
  - name: published_predictions_paso_mixed10fold.csv.gz
    folder: drug_response
    bytes: 6520498
    sha256: 5bf8bba24d66f428bbc4a376c2b1bfeafef23667daec474d558481275d1015b9
    from: ["paso:external/PASO/models"]
    recipe: >-
      stored test-fold predictions of ten runs aligned to the fold files by row order; the PASO runs lack
      the last partial batch of each fold, as their authors left it out
  - name: branson2023_learning_curves.csv
    folder: drug_response
    bytes: 125472
    sha256: 082120fb4a7ed89e686b4967741673804b450d1f1d76b0c552cabe943a2d6333
    from: ["branson2023:*/LC-metric-results/*/run*"]
    recipe: mean and standard deviation over the runs of every training size
  - name: tgsa580_gdsc2_response.csv.gz
    folder: drug_response
    bytes: 639411
    sha256: f748744541afef55695a42008fb1ea1468999815e41463bc2edff9f0d633160c
    from: ["drpreter:Data", "tgsa:data"]
    recipe: ln IC50 (uM) in long form, keyed by DepMap id and drug name
  - name: tgsa580_drug_smiles.csv
    folder: drug_response
    bytes: 26218
    sha256: 7cc578a3419549cf3a032c4b2a4e9e06b33e284fb06d531a5a7d23e27f0d8b97
    from: ["drpreter:Data/Drug/drug_smiles.csv"]
  - name: tgsa580_cells.csv
    folder: drug_response
    bytes: 47579
    sha256: 5a4654d27081589815c537cea2140872bc320e1e18ebac27718e2eab207034e3
    from: ["tgsa:data/CellLines_DepMap"]
    recipe: the 580 lines with DepMap's public model annotation
  - name: tgsa580_expression_z_706.csv.gz
    folder: drug_response
    bytes: 1083135
    sha256: 5505ca77a00eff243a1323e5c9fd3751a58429643688884e86c0721b433f05a5
    from: ["tgsa:data/CellLines_DepMap/CCLE_580_18281/census_706/cell_feature_exp.npy"]
    recipe: array to table, gene symbols as column names
  - name: tgsa580_copynumber_706.csv.gz
    folder: drug_response
    bytes: 699580
    sha256: f751bb168568ce4133de9cb3df8ac17b963637151745975064dd8a7838ae9e91
    from: ["tgsa:data/CellLines_DepMap/CCLE_580_18281/census_706/cell_feature_cn.npy"]
    recipe: array to table, gene symbols as column names
  - name: tgsa580_mutation_706.csv.gz
    folder: drug_response
    bytes: 32628
    sha256: 1daef98a8974ac8c1589d7dbc60ed3c22371a7a882315fa1a0b4618df974bb1f
    from: ["tgsa:data/CellLines_DepMap/CCLE_580_18281/census_706/cell_feature_mu.npy"]
    recipe: array to table, gene symbols as column names

entries:
  - name: gdsc2-paso
    area: drug_response
    title: GDSC2 with the published folds of PASO
    description: >-
      141,222 ln IC50 values of 233 drugs on 688 cell lines, with the test folds of three published
      ten-fold schemes (fold_mixed, fold_cell_blind, fold_drug_blind). 662 lines have expression.
    licence: the repository is under AGPL-3.0; PASO states none
    terms: *gdsc_terms
    citation: >-
      Iorio et al., Cell 2016, doi:10.1016/j.cell.2016.06.017 (measurements); folds as stored with the
      PASO model (PLoS Computational Biology, 2025)
    files: [gdsc2_paso_response_folds.csv.gz, gdsc2_paso_drugs.csv, gdsc_cell_lines.csv, gdsc_expression_rma.csv.gz]
    data:
      responses:
        file: catalogue:gdsc2_paso_response_folds.csv.gz
        columns: {drug: drug, cell: cell_line, target: LN_IC50}
        unit: ln uM
      drugs: {file: "catalogue:gdsc2_paso_drugs.csv", id: DRUG_NAME, smiles: SMILES, pubchem: CID}
      cells: {file: "catalogue:gdsc_cell_lines.csv", id: COSMIC_ID, via: COSMIC_ID, tissue: tissue1}
      features:
        - {entity: cell, name: expression, file: "catalogue:gdsc_expression_rma.csv.gz", id: COSMIC_ID, via: COSMIC_ID}

  - name: gdsc1-v17
    area: drug_response
    title: GDSC1, release 6 (v17)
    description: >-
      213,787 ln IC50 values of 265 drug ids (250 names: 15 compounds were screened twice) on 988 cell
      lines; tissue, mutations and copy number for all lines, expression for 948.
    licence: repositories under BSD-3-Clause, MIT and Apache-2.0
    terms: *gdsc_terms
    citation: Iorio et al., Cell 2016, doi:10.1016/j.cell.2016.06.017
    files: [gdsc1_v17_response.csv.gz, gdsc1_v17_drugs.csv, gdsc_genomic_features_v17.csv.gz, gdsc_expression_rma.csv.gz]
    data:
      responses:
        file: catalogue:gdsc1_v17_response.csv.gz
        columns: {drug: DRUG_ID, cell: COSMIC_ID, target: LN_IC50}
        unit: ln uM
      drugs:
        {file: "catalogue:gdsc1_v17_drugs.csv", id: DRUG_ID, name: DRUG_NAME, synonyms: SYNONYMS, smiles: SMILES,
         pubchem: CID, target: TARGET, pathway: PATHWAY}
      cells: {file: "catalogue:gdsc_genomic_features_v17.csv.gz", id: COSMIC_ID, tissue: TISSUE_FACTOR}
      features:
        - {entity: cell, name: expression, file: "catalogue:gdsc_expression_rma.csv.gz", id: COSMIC_ID}
        - {entity: cell, name: mutation, file: "catalogue:gdsc_genomic_features_v17.csv.gz", id: COSMIC_ID,
           columns: "*_mut", binary: true}
        - {entity: cell, name: copy_number, file: "catalogue:gdsc_genomic_features_v17.csv.gz", id: COSMIC_ID,
           columns: "*_cna*", binary: true}

  - name: tgsa580
    area: drug_response
    title: GDSC2 on 580 DepMap lines, as used by TGSA and DRPreter
    description: >-
      82,833 ln IC50 values of 170 drugs on 580 lines; expression (z), copy number and mutation of 706
      cancer genes, lineage, SMILES.
    licence: repositories under MIT
    terms: *gdsc_terms
    citation: >-
      Zhu et al., Bioinformatics 2022, doi:10.1093/bioinformatics/btab650 (TGSA); Shin et al., IJMS 2022,
      doi:10.3390/ijms232213919 (DRPreter)
    files: [tgsa580_gdsc2_response.csv.gz, tgsa580_drug_smiles.csv, tgsa580_cells.csv,
            tgsa580_expression_z_706.csv.gz, tgsa580_copynumber_706.csv.gz, tgsa580_mutation_706.csv.gz]
    data:
      responses:
        file: catalogue:tgsa580_gdsc2_response.csv.gz
        columns: {drug: drug, cell: ACH, target: LN_IC50}
        unit: ln uM
      drugs: {file: "catalogue:tgsa580_drug_smiles.csv", id: drug_name, smiles: CanonicalSMILES, pubchem: CID}
      cells: {file: "catalogue:tgsa580_cells.csv", id: ModelID, tissue: OncotreeLineage}
      features:
        - {entity: cell, name: expression, file: "catalogue:tgsa580_expression_z_706.csv.gz", id: ACH}
        - {entity: cell, name: copy_number, file: "catalogue:tgsa580_copynumber_706.csv.gz", id: ACH}
        - {entity: cell, name: mutation, file: "catalogue:tgsa580_mutation_706.csv.gz", id: ACH, binary: true}

  - name: gdsc-expression
    area: drug_response
    title: Basal expression of the GDSC lines (RMA, log2)
    description: 951 lines x 1,983 genes (symbols from A to D only), keyed by COSMIC id.
    licence: repository under MIT
    terms: *gdsc_terms
    citation: Iorio et al., Cell 2016, doi:10.1016/j.cell.2016.06.017
    files: [gdsc_expression_rma.csv.gz]

  - name: gdsc-genomic-features
    area: drug_response
    title: Mutations, copy number, tissue and MSI of the GDSC lines (v17)
    description: 988 lines, 270 mutated genes, 407 recurrent copy-number segments, all 0/1.
    licence: repository under BSD-3-Clause
    terms: *gdsc_terms
    citation: Iorio et al., Cell 2016, doi:10.1016/j.cell.2016.06.017
    files: [gdsc_genomic_features_v17.csv.gz]

  - name: gdsc-cell-lines
    area: drug_response
    title: Names and tissues of the GDSC lines
    description: 1,091 lines with COSMIC id, name, two tissue descriptors, TCGA label and MSI status.
    licence: repositories under Apache-2.0 and MIT; the first source states none
    terms: *gdsc_terms
    citation: Iorio et al., Cell 2016, doi:10.1016/j.cell.2016.06.017
    files: [gdsc_cell_lines.csv]

  - name: paso-published-predictions
    area: drug_response
    title: Published test-fold predictions of ten model runs
    description: >-
      Random forest, SVM, LightGBM, XGBoost, Precily and five PASO runs on the mixed ten folds of
      gdsc2-paso; 141,222 rows (PASO runs 137,728).
    licence: the repository is under AGPL-3.0; PASO states none
    terms: *gdsc_terms
    citation: as stored with the PASO model (PLoS Computational Biology, 2025)
    files: [published_predictions_paso_mixed10fold.csv.gz]

  - name: branson2023-learning-curves
    area: drug_response
    title: Learning curves of Branson et al.
    description: Mean test error of 21 combinations of input and model at up to 54 training sizes, cancer-blind, GDSC1.
    licence: none stated
    terms: *gdsc_terms
    citation: Branson et al. 2023, code and results in Nik-BB/Learning-curves-for-DRP
    files: [branson2023_learning_curves.csv]
)yaml";
}

}  // namespace cupel::detail
