// The part of the catalogue for perturbation response; see catalogue_text.cpp.
#include "data/catalogue_text.hpp"

namespace cupel::detail {

std::string_view catalogue_perturbation_text() noexcept {
  return R"yaml(
repositories:
  perturbench: altoslabs/perturbench@4dd6a03c54ef348f6be6e46e21ea7f80eb2daaa2
  ahlmann: In-tron/linear_perturbation_prediction-Paper@230fd91
  sceptredata: Katsevich-Lab/sceptredata@ec722d5
  lemur: const-ae/lemur@0e62bc1
  scperturb: sanderlab/scPerturb@fe65aaf29057ccdf9f50662ccf5a2b74ff6f9b95
  cmappy: cmap/cmapPy@d88caba64bacf629cf366158495a2eff64b2bb3a
  cellbox: sanderlab/CellBox@35609d7508a31308f5e3264cf66863893b1567b7

files:
  - name: devel.h5ad
    folder: perturbation/perturbench
    bytes: 1142678
    sha256: 220998f5630c813228c8661c86dd52244b9ac87127511289af90e0d900d8429b
    from:
      - "perturbench:src/perturbench/data/resources/devel.h5ad"
  - name: papalexi2021_lowmoi_299genes_counts.h5ad
    folder: perturbation/sceptre_papalexi
    bytes: 2373640
    sha256: 2443a534829900e1f972724a2c299fe592bcb2a958aa99e6af8bcef7d5e0a424
    from:
      - "sceptredata:data/lowmoi_example_data.rda"
    recipe: >-
      re-encoded as h5ad; values unchanged; cells in which one guide has at least 80 % of the guide UMIs were kept (16,192 of 20,729)
  - name: glioblastoma_panobinostat_300genes_counts.h5ad
    folder: perturbation/lemur_glioblastoma
    bytes: 1514640
    sha256: 3380070fd394aadcc2a0a2947ee9434d0d992e15e63fab0b4ffc866a9e9702c6
    from:
      - "lemur:data/glioblastoma_example_data.rda"
    recipe: >-
      re-encoded as h5ad; values unchanged
  - name: datlinger2021_tcr_2000genes_counts.h5ad
    folder: perturbation/scperturb_datlinger
    bytes: 820905
    sha256: 71f020e4146ba038495fe0d85fa18db214d4825184e3740439da8ffc5a1edddf
    from:
      - "scperturb:package_r/tests/testthat/testdata/matrix.mtx"
      - "scperturb:package_r/tests/testthat/testdata/barcodes.csv"
      - "scperturb:package_r/tests/testthat/testdata/genes.csv"
      - "scperturb:package_r/tests/testthat/testdata/seurat_metadata.csv"
    recipe: >-
      the matrix, names and annotations in one h5ad file; values unchanged
  - name: scperturb_datlinger/matrix.mtx
    folder: perturbation
    bytes: 1561514
    sha256: 9594bc3e13a9c093cfb1242c7257a3fe4ba2008a6fe24ea6e9ff43aebf109991
    from:
      - "scperturb:package_r/tests/testthat/testdata/matrix.mtx"
  - name: scperturb_datlinger/barcodes.csv
    folder: perturbation
    bytes: 223900
    sha256: 5daa65f68319926dda9b9a83b530d37c12f8480aa2fa555d5745c13842535c35
    from:
      - "scperturb:package_r/tests/testthat/testdata/barcodes.csv"
  - name: scperturb_datlinger/genes.csv
    folder: perturbation
    bytes: 32165
    sha256: 62646cb0c566f604feccac6fd6ac6c869a05a9564b62d857276ae959fe4ac018
    from:
      - "scperturb:package_r/tests/testthat/testdata/genes.csv"
  - name: l1000_cmapPy/test_l1000.gct
    folder: perturbation
    bytes: 2879774
    sha256: efd7682a473e84f3bd76e79d83f99dcf35744fb0557322564468e80bf8d15a95
    from:
      - "cmappy:cmapPy/pandasGEXpress/tests/functional_tests/test_l1000.gct"
  - name: l1000_cmapPy/test_l1000.gctx
    folder: perturbation
    bytes: 2985354
    sha256: 14c1af8651e1d1aa51ad75b7459a2205ddcb5f50a812a33b38fce36d636311e7
    from:
      - "cmappy:cmapPy/pandasGEXpress/tests/functional_tests/test_l1000.gctx"
  - name: cellbox/expr.csv
    folder: perturbation
    bytes: 51545
    sha256: 1989245afbfe4697ea4634a15fa8ba4ca61b3d89ba723e4fcc232aa20331f32f
    from:
      - "cellbox:data/expr.csv"
  - name: cellbox/expr_index.txt
    folder: perturbation
    bytes: 1869
    sha256: 9f262abb97bd60e80773c3819d1469e6dc263146f75e24133a8f3f945cf4f740
    from:
      - "cellbox:data/expr_index.txt"
  - name: cellbox/loo_label.csv
    folder: perturbation
    bytes: 482
    sha256: 0d590fcc94c769be33777dfaa333372cb255b232ef0bdb1ee95565c9895c40d8
    from:
      - "cellbox:data/loo_label.csv"
  - name: cellbox/node_Index.csv
    folder: perturbation
    bytes: 746
    sha256: 50226e121a63462864c61e6aaed9cf401295f0f21e458515f7c389203c6b606a
    from:
      - "cellbox:data/node_Index.csv"
  - name: cellbox/pert.csv
    folder: perturbation
    bytes: 18384
    sha256: e617bbde190d585f58e737484b66bcfceae13cbcf9d31fe967078bab0ef5ea57
    from:
      - "cellbox:data/pert.csv"
  - name: perturbation_prediction__Panel_A.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 425763
    sha256: 0196f3ab28a901eab502a3ab032e07dbdb951c5792d9c2a04c4c65a0a8178f4a
    from:
      - "ahlmann:source_data/perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel A as CSV
  - name: perturbation_prediction__Panel_B.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 2094278
    sha256: e8ae4aac134b942e37fcff507af6bf83e243ed9347ee46682c8c8adc1c750d3e
    from:
      - "ahlmann:source_data/perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel B as CSV
  - name: perturbation_prediction__Panel_C.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 26477
    sha256: fb52f2f48198ff0c7400b8a3b47f29ecdd224e39d765558d094a21b5a4f5a1e5
    from:
      - "ahlmann:source_data/perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel C as CSV
  - name: perturbation_prediction__Panel_E.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 207
    sha256: 03e73e86121312c31c5eb547e0de64ea7e41804054ba0dda73e91f35b6d1d586
    from:
      - "ahlmann:source_data/perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel E as CSV
  - name: perturbation_prediction__Panel_F.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 653769
    sha256: 0fe8ff5539d6a392662dd6e20a52bf240fc8c00cccbf65c1ab1adfcacbc93bea
    from:
      - "ahlmann:source_data/perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel F as CSV
  - name: single_perturbation_prediction__Panel_A.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 728600
    sha256: 4fb566082cccfdc0dcc2512080f9f6239934356b4f55b123a75ba70496d74fdd
    from:
      - "ahlmann:source_data/single_perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel A as CSV
  - name: single_perturbation_prediction__Panel_C.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 2424966
    sha256: 76d4cd314e773ea8d14122aaa0c6b17d35451c5d58902e93e3ac8bb159c41068
    from:
      - "ahlmann:source_data/single_perturbation_prediction.xlsx"
    recipe: >-
      sheet Panel C as CSV
  - name: suppl-dataset_overview__Panel_B.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 258515
    sha256: 741cb4c0d4b6d7416a9b3fc4e52bd28d5540a0ed2ded793bd37bd0edceaf6f6b
    from:
      - "ahlmann:source_data/suppl-dataset_overview.xlsx"
    recipe: >-
      sheet Panel B as CSV
  - name: suppl-dataset_overview__Panel_C.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 69732
    sha256: 1775f88bd3c699c26dc533574ba1137165a1660ef79b4f2ebbf870bc55605296
    from:
      - "ahlmann:source_data/suppl-dataset_overview.xlsx"
    recipe: >-
      sheet Panel C as CSV
  - name: suppl-non_additive_gene_reoccurence__Panel_A.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 4263
    sha256: de8547cd2011a84ffa4ee334a6452eb48d3179975b49ead9a4bc36fe0dddf630
    from:
      - "ahlmann:source_data/suppl-non_additive_gene_reoccurence.xlsx"
    recipe: >-
      sheet Panel A as CSV
  - name: suppl-non_additive_gene_reoccurence__Panel_B.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 3464
    sha256: 78078f64c85c047753764b77d1d56c7da1951193be5f1495d0f89acf693ac8e4
    from:
      - "ahlmann:source_data/suppl-non_additive_gene_reoccurence.xlsx"
    recipe: >-
      sheet Panel B as CSV
  - name: suppl-resource_usage__Sheet1.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 65005
    sha256: 7649d3a9671d67b954f4a2afd84b3160c68efb6b8130d72f57f2c6049274c144
    from:
      - "ahlmann:source_data/suppl-resource_usage.xlsx"
    recipe: >-
      sheet Sheet1 as CSV
  - name: suppl-top_gene_plots__Sheet1.csv
    folder: perturbation/ahlmann_eltze_source_data
    bytes: 96805
    sha256: e1ed9080cf869b65537e5ade2df3b1545ac5f5e16a14fb5bae8298b28dccaf90
    from:
      - "ahlmann:source_data/suppl-top_gene_plots.xlsx"
    recipe: >-
      sheet Sheet1 as CSV

entries:
  - name: perturbench-devel
    area: perturbation
    title: Norman 2019 and McFaline 2023, the development set of PerturBench
    description: >-
      5,961 cells x 500 genes of four cell lines, log1p of normalised counts: CRISPR activation in
      K562 with 15 pairs of genes (Norman 2019), CRISPR interference in A172, T98G and U87MG (McFaline
      2023).
    licence: BSD-3-Clause
    terms: as the licence
    citation: >-
      Wu Y et al. PerturBench: benchmarking machine learning models for cellular perturbation
      analysis. 2024, arXiv:2408.10609. Norman TM et al. Science 2019, 365, 786.
      doi:10.1126/science.aax4438
    files: [devel.h5ad]
    data:
      responses:
        file: catalogue:devel.h5ad
        columns: {perturbation: condition, context: cell_type}
        unit: log1p of normalised counts
      profiles: {control: control, scale: log1p, separator: "+"}
  - name: papalexi2021
    area: perturbation
    title: Papalexi 2021, CRISPR knockout in THP-1 (ECCITE-seq)
    description: >-
      16,192 cells x 299 genes, raw counts; 25 genes knocked out and non-targeting guides, in three
      biological replicates.
    licence: MIT
    terms: as the licence
    citation: >-
      Papalexi E et al. Characterizing the molecular regulation of inhibitory immune checkpoints with
      multimodal single-cell screens. Nat Genet 2021, 53, 322. doi:10.1038/s41588-021-00778-2
    files: [papalexi2021_lowmoi_299genes_counts.h5ad]
    data:
      responses:
        file: catalogue:papalexi2021_lowmoi_299genes_counts.h5ad
        columns: {perturbation: perturbation, guide: guide, replicate: bio_rep}
        unit: counts
      profiles: {control: non-targeting, scale: counts, normalize: median, log1p: true, separator: ""}
  - name: datlinger2021
    area: perturbation
    title: Datlinger 2021, T-cell receptor screen in Jurkat cells
    description: >-
      7,500 cells x 2,000 genes, raw counts; 20 genes knocked out (two guides each) and control,
      stimulated and unstimulated. The original MatrixMarket files are beside the h5ad file.
    licence: MIT
    terms: as the licence
    citation: >-
      Datlinger P et al. Ultra-high-throughput single-cell RNA sequencing and perturbation screening
      with combinatorial fluidic indexing. Nat Methods 2021, 18, 635. doi:10.1038/s41592-021-01153-z;
      as in Peidli S et al. scPerturb. Nat Methods 2024, 21, 531. doi:10.1038/s41592-023-02144-y
    files:
      - datlinger2021_tcr_2000genes_counts.h5ad
      - scperturb_datlinger/matrix.mtx
      - scperturb_datlinger/barcodes.csv
      - scperturb_datlinger/genes.csv
    data:
      responses:
        file: catalogue:datlinger2021_tcr_2000genes_counts.h5ad
        columns: {perturbation: target, context: perturbation_2, guide: perturbation}
        unit: counts
      profiles: {control: control, scale: counts, normalize: "10000", log1p: true, separator: ""}
  - name: glioblastoma-panobinostat
    area: perturbation
    title: Glioblastoma slices, panobinostat against vehicle
    description: >-
      5,000 cells x 300 genes, raw counts; slices of five patients treated with panobinostat or with
      vehicle.
    licence: MIT
    terms: as the licence
    citation: >-
      Zhao W et al. Deconvolution of cell type-specific drug responses in human tumor tissue with
      single-cell RNA-seq. Genome Med 2021, 13, 82. doi:10.1186/s13073-021-00894-y
    files: [glioblastoma_panobinostat_300genes_counts.h5ad]
    data:
      responses:
        file: catalogue:glioblastoma_panobinostat_300genes_counts.h5ad
        columns: {perturbation: condition, context: patient_id}
        unit: counts
      profiles: {control: ctrl, scale: counts, normalize: "10000", log1p: true, separator: ""}
  - name: l1000-ljp005
    area: perturbation
    title: One L1000 plate, 59 compounds on A375
    description: >-
      377 wells x 978 landmark genes of plate LJP005_A375_24H_X1_B19: normalised expression
      (test_l1000.gct) and robust z-scores over the plate (test_l1000.gctx, which is GCT text in spite
      of its name); six doses, 26 wells of DMSO.
    licence: BSD-3-Clause
    terms: as the licence
    citation: >-
      Subramanian A et al. A next generation connectivity map: L1000 platform and the first 1,000,000
      profiles. Cell 2017, 171, 1437. doi:10.1016/j.cell.2017.10.049; as in cmapPy,
      doi:10.1093/bioinformatics/bty784
    files:
      - l1000_cmapPy/test_l1000.gct
      - l1000_cmapPy/test_l1000.gctx
    data:
      responses:
        file: catalogue:l1000_cmapPy/test_l1000.gct
        columns: {perturbation: pert_iname}
        unit: log2 expression
      profiles: {control: DMSO, separator: ""}
  - name: cellbox
    area: perturbation
    title: CellBox, drug combinations on SK-Mel-133
    description: >-
      88 conditions x 99 nodes: log ratios of (phospho)proteins and phenotypes under single drugs and
      pairs. Tables without a header; names of the nodes in node_Index.csv, of the conditions in
      expr_index.txt.
    licence: MIT
    terms: as the licence
    citation: >-
      Yuan B et al. CellBox: interpretable machine learning for perturbation biology with application
      to the design of cancer combination therapy. Cell Syst 2021, 12, 128.
      doi:10.1016/j.cels.2020.11.013
    files:
      - cellbox/expr.csv
      - cellbox/expr_index.txt
      - cellbox/loo_label.csv
      - cellbox/node_Index.csv
      - cellbox/pert.csv
  - name: ahlmann-eltze-source-data
    area: perturbation
    title: Published results of Ahlmann-Eltze, Huber and Anders
    description: >-
      Source data of the figures: errors and correlations of every model and perturbation, predictions
      of nine methods for CEBPE+CEBPB with observation and control, interactions, use of resources.
    licence: MIT
    terms: as the licence
    citation: >-
      Ahlmann-Eltze C, Huber W, Anders S. Deep-learning-based gene perturbation effect prediction does
      not yet outperform simple linear baselines. Nat Methods 2025, 22, 1657.
      doi:10.1038/s41592-025-02772-6
    files:
      - perturbation_prediction__Panel_A.csv
      - perturbation_prediction__Panel_B.csv
      - perturbation_prediction__Panel_C.csv
      - perturbation_prediction__Panel_E.csv
      - perturbation_prediction__Panel_F.csv
      - single_perturbation_prediction__Panel_A.csv
      - single_perturbation_prediction__Panel_C.csv
      - suppl-dataset_overview__Panel_B.csv
      - suppl-dataset_overview__Panel_C.csv
      - suppl-non_additive_gene_reoccurence__Panel_A.csv
      - suppl-non_additive_gene_reoccurence__Panel_B.csv
      - suppl-resource_usage__Sheet1.csv
      - suppl-top_gene_plots__Sheet1.csv
)yaml";
}

}  // namespace cupel::detail
