// The part of the catalogue for ligand potency; see catalogue_text.cpp.
#include "data/catalogue_text.hpp"

namespace cupel::detail {

std::string_view catalogue_potency_text() noexcept {
  return R"yaml(
terms:
  chembl: &chembl_terms >-
    The measurements are ChEMBL's (CC BY-SA 3.0): name ChEMBL, and share what is derived from them
    under the same terms.
  ace: &ace_citation >-
    van Tilborg D, Alenicheva A, Grisoni F. Exposing the limitations of molecular machine learning
    with activity cliffs. J Chem Inf Model 2022, 62, 5938. doi:10.1021/acs.jcim.2c01073
  janela: &janela_citation >-
    Janela T, Bajorath J. Simple nearest-neighbour analysis meets the accuracy of compound potency
    predictions using complex machine learning models. Nat Mach Intell 2022, 4, 1246.
    doi:10.1038/s42256-022-00581-6

repositories:
  janela2022: TiagoJanela/ML-for-compound-potency-prediction@d3227f9fc71b649be18fd0a5a0e332995f32597d
  moleculeace: molML/MoleculeACE@7e6de0bd2968c56589c580f2a397f01c531ede26
  moleculenet: GLambard/Molecules_Dataset_Collection@beb35cd0b76db5adef6cb1fa55807e4cd309aaed

files:
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL1865.csv, folder: potency/janela2022/ccr_results, bytes: 73733,
     sha256: 6c45d4847f5f713d94d85419c2ea59df1d3acf1a954bd3f0885bf6fc3a97650f,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL1865.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL220.csv, folder: potency/janela2022/ccr_results, bytes: 131894,
     sha256: 42b465dd4bc3733c116b29c1525e42cb79d10e96a20de6181f2ee7b04ed8d975,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL220.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL230.csv, folder: potency/janela2022/ccr_results, bytes: 98337,
     sha256: 1e73f0a3f0bd7da548a5ffcaedb51c2c1e98ce300b38691927db414970dbfabb,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL230.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL2409.csv, folder: potency/janela2022/ccr_results, bytes: 100525,
     sha256: f345223cefc222d51733897d3222b9716f4d1fe63e93857534a58a10d621cf4a,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL2409.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL260.csv, folder: potency/janela2022/ccr_results, bytes: 139456,
     sha256: 29c376409a0ca9ec137d5a5667f62394fac95e7148e6f08d6e978049f81bd8b0,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL260.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL262.csv, folder: potency/janela2022/ccr_results, bytes: 84804,
     sha256: 8ddbf5263c13978013751bef86384b48714ad22e0a6724d6b2eec07c872800de,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL262.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL279.csv, folder: potency/janela2022/ccr_results, bytes: 210947,
     sha256: ca22bc549e1427aa95999cde64837f25a6556c3462bf2ae0ecc06b7a50868c21,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL279.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL284.csv, folder: potency/janela2022/ccr_results, bytes: 116735,
     sha256: fc7ce756757572d0a89aac612b81c60a86e26e792da92842f55d6e3605a94245,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL284.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4005.csv, folder: potency/janela2022/ccr_results, bytes: 111752,
     sha256: a65ddb120607233cbd4a7a0fa11e392ae80ca4a451c94f75453b13c8915a9ea8,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4005.csv"]}
  - {name: CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4822.csv, folder: potency/janela2022/ccr_results, bytes: 106432,
     sha256: 745eb45b12940e4f75873192832c8721bb1ac14a660de709ae6b6c415f9802b6,
     from: ["janela2022:ccr_results/CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4822.csv"]}
  - {name: chembl_30_IC50_10_tids_1000_CPDs.csv, folder: potency/janela2022, bytes: 1253920,
     sha256: 72889bfa631faebed9f802d56e326ebde3abac0d29e561190f92647864cfcff4,
     from: ["janela2022:dataset/chembl_30_IC50_10_tids_1000_CPDs.csv"]}
  - {name: CHEMBL1862_Ki.csv, folder: potency/moleculeace, bytes: 75166,
     sha256: c69adcbb021591ba2c564df1e9eb55d465b3c51e78d0237ec0527942eb20cfdb,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL1862_Ki.csv"]}
  - {name: CHEMBL1871_Ki.csv, folder: potency/moleculeace, bytes: 80732,
     sha256: 49d7f824fdbbc1c87fc69e239934558ac7e8612ca4c7e034314600b0b7c51821,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL1871_Ki.csv"]}
  - {name: CHEMBL2034_Ki.csv, folder: potency/moleculeace, bytes: 85670,
     sha256: 9b9f4cca381cfd9e240603b0af24d9de742e421b984daf08c7c2458132eb3e4b,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL2034_Ki.csv"]}
  - {name: CHEMBL2047_EC50.csv, folder: potency/moleculeace, bytes: 75522,
     sha256: db8946f3daa245ad3e03576aca1e6ea44eda560abd9f730090762a6b68cc8c39,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL2047_EC50.csv"]}
  - {name: CHEMBL204_Ki.csv, folder: potency/moleculeace, bytes: 321335,
     sha256: 54da2410087fb6a7d39e327e06af9b63044121bffbae9e3a8b61589217544e05,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL204_Ki.csv"]}
  - {name: CHEMBL2147_Ki.csv, folder: potency/moleculeace, bytes: 146214,
     sha256: 33a1ff7d4b2a9ca684550b74148a2e0674e0810b48a7d8deacf44881b00d2b2a,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL2147_Ki.csv"]}
  - {name: CHEMBL214_Ki.csv, folder: potency/moleculeace, bytes: 331012,
     sha256: 6d412099986b7b9769d878a6fd9a6cf137f257455a87610a4f35b00daa86758f,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL214_Ki.csv"]}
  - {name: CHEMBL218_EC50.csv, folder: potency/moleculeace, bytes: 112664,
     sha256: 2cad0b9bde956e6ce9b0cff150f674270bebf4c52afce7aaa74abdaaccc192c2,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL218_EC50.csv"]}
  - {name: CHEMBL219_Ki.csv, folder: potency/moleculeace, bytes: 178991,
     sha256: 12bdaa25aff44ec4abef3b09199338405074ef39677843b7f46a006b8938f307,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL219_Ki.csv"]}
  - {name: CHEMBL228_Ki.csv, folder: potency/moleculeace, bytes: 164414,
     sha256: 7251c50e7eb40080edb762b3ee5bd37e10046ea121a52ff8e0e9eb0a7a0b76c2,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL228_Ki.csv"]}
  - {name: CHEMBL231_Ki.csv, folder: potency/moleculeace, bytes: 96780,
     sha256: 878adc58fce97794d5df1352c2f17631906007d8228c7f7f132360e49e811260,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL231_Ki.csv"]}
  - {name: CHEMBL233_Ki.csv, folder: potency/moleculeace, bytes: 378735,
     sha256: 1bcbc97887a9dbffd51088fd3a77bd66b65ff9d050046a4dfc0003bae85b5670,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL233_Ki.csv"]}
  - {name: CHEMBL234_Ki.csv, folder: potency/moleculeace, bytes: 370354,
     sha256: 447d38f659b86c7177f022b16f028db6828ab09c80051e74dad420168970f657,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL234_Ki.csv"]}
  - {name: CHEMBL235_EC50.csv, folder: potency/moleculeace, bytes: 252464,
     sha256: 48f9eae7eea5e1241fbd2bb8d936a323a93562275c4d4de746d644d76dadb66e,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL235_EC50.csv"]}
  - {name: CHEMBL236_Ki.csv, folder: potency/moleculeace, bytes: 330367,
     sha256: c40c6e987e6caf5019faf7aa19eee82ec9b500d51650d031bab473c6425601ee,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL236_Ki.csv"]}
  - {name: CHEMBL237_EC50.csv, folder: potency/moleculeace, bytes: 121657,
     sha256: dd5ef9a0cf3157f337b520d271d18ffd58bd4df2436203e4ccb1b241cfa6c9e7,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL237_EC50.csv"]}
  - {name: CHEMBL237_Ki.csv, folder: potency/moleculeace, bytes: 319940,
     sha256: 20474e12e78596d28cd238cfde693dd476d29797c54efcb60ff0276c345592f1,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL237_Ki.csv"]}
  - {name: CHEMBL238_Ki.csv, folder: potency/moleculeace, bytes: 100573,
     sha256: 305d33df171e112c1cd75855c12377b0096e4e3726b910339169b1ab982a2c05,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL238_Ki.csv"]}
  - {name: CHEMBL239_EC50.csv, folder: potency/moleculeace, bytes: 181036,
     sha256: bbba9d4fdbd8cda84eb66a4fdc07af989454ff85a9f182a86d14fa94543cae41,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL239_EC50.csv"]}
  - {name: CHEMBL244_Ki.csv, folder: potency/moleculeace, bytes: 358300,
     sha256: b296c5956c9b3659fa039f057ebcb617919acd759c9255ed72bee917d99b4ef2,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL244_Ki.csv"]}
  - {name: CHEMBL262_Ki.csv, folder: potency/moleculeace, bytes: 80861,
     sha256: 8b6df9f67a87855d4fda89d1bd977cf2f3b71327387d2e0ba6c8673640fb94dd,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL262_Ki.csv"]}
  - {name: CHEMBL264_Ki.csv, folder: potency/moleculeace, bytes: 272929,
     sha256: 4c70fb8a6292a07ab4d65c805d967ac14a38b730bc9422ac0f133af33d899bcb,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL264_Ki.csv"]}
  - {name: CHEMBL2835_Ki.csv, folder: potency/moleculeace, bytes: 70762,
     sha256: 0c2226e533a9aad3ce59c48f90fca3b13910764dbc030ae4cdcb2f656cad5ec6,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL2835_Ki.csv"]}
  - {name: CHEMBL287_Ki.csv, folder: potency/moleculeace, bytes: 121021,
     sha256: e857875848bb64dc6e327e6c42fe9fd36526bbee1b976de4521b55c4c6629894,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL287_Ki.csv"]}
  - {name: CHEMBL2971_Ki.csv, folder: potency/moleculeace, bytes: 104956,
     sha256: 4c83bb693523b6e4e1187482d603a4392c9299a2a21b031ddae85a9bb89d2e02,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL2971_Ki.csv"]}
  - {name: CHEMBL3979_EC50.csv, folder: potency/moleculeace, bytes: 121434,
     sha256: c351194eefbac48e0d4315cce44ff6731fc0b6a9a4d851e7b47cf9a81fd8cced,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL3979_EC50.csv"]}
  - {name: CHEMBL4005_Ki.csv, folder: potency/moleculeace, bytes: 101360,
     sha256: 1483dad125d5d37719c5524d6b63bac93be6e7114f892a0d131ebc35f72632f7,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL4005_Ki.csv"]}
  - {name: CHEMBL4203_Ki.csv, folder: potency/moleculeace, bytes: 67450,
     sha256: f056efe7d24b98b789281ec07adb7a0118683ba5d8833c9fa296ddf8b438e3b2,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL4203_Ki.csv"]}
  - {name: CHEMBL4616_EC50.csv, folder: potency/moleculeace, bytes: 84510,
     sha256: d3690225e5a2000a4e34b5958be55674c892f0d7d8a6a3bc13a8ebb10c46b6a3,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL4616_EC50.csv"]}
  - {name: CHEMBL4792_Ki.csv, folder: potency/moleculeace, bytes: 154935,
     sha256: 7fca442ad925803a72f9285b01d28a7b32372466a61183a0d5f2cdc4be90eb5e,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/CHEMBL4792_Ki.csv"]}
  - {name: MoleculeACE_results.csv, folder: potency/moleculeace, bytes: 36991,
     sha256: 6aa88c897f16bbb328793a2917289e3972b3fc8b50cc56be840f6714ea9baae5,
     from: ["moleculeace:MoleculeACE/Data/results/MoleculeACE_results.csv"]}
  - {name: metadata_datasets.csv, folder: potency/moleculeace, bytes: 3148,
     sha256: 1de8f22ab319ccaba453f31f48ca6c70b7033638cfe3cc96d75413d9f342cfa6,
     from: ["moleculeace:MoleculeACE/Data/benchmark_data/metadata/datasets.csv"]}
  - {name: ESOL_delaney-processed.csv, folder: potency/moleculenet, bytes: 96699,
     sha256: 8c06a76f0c6487d29ab0f903e6a7a7139f189ab3c1178f159c8be8964602f189,
     from: ["moleculenet:originals/ESOL_delaney-processed.csv"]}
  - {name: FreeSolv_SAMPL.csv, folder: potency/moleculenet, bytes: 32060,
     sha256: ab5895d914ee87cb563bd7b9611e869527bba45bec6b014d34dc495a0f9dcb72,
     from: ["moleculenet:originals/FreeSolv_SAMPL.csv"]}
  - {name: Lipophilicity.csv, folder: potency/moleculenet, bytes: 282606,
     sha256: aed41590cb30609d51d8e08ad3ff06495a76e80e211358801f596b10da69bacd,
     from: ["moleculenet:originals/Lipophilicity.csv"]}
  - {name: bace.csv, folder: potency/moleculenet, bytes: 3897770,
     sha256: d36f089649984f7bfaa4589ccc3ae907b831780a01ccfd065a5b604939e1a5df,
     from: ["moleculenet:originals/bace.csv"]}

entries:
  - name: moleculeace
    area: potency
    title: MoleculeACE, 30 targets with activity cliffs
    description: >-
      48,714 compounds of 30 macromolecular targets from ChEMBL 29 (pKi or pEC50), with the given
      train/test split (column split) and cliff flags (column cliff_mol). Rows are numbered through in
      the order of the targets' names.
    licence: MIT
    terms: *chembl_terms
    citation: *ace_citation
    files:
      - CHEMBL1862_Ki.csv
      - CHEMBL1871_Ki.csv
      - CHEMBL2034_Ki.csv
      - CHEMBL2047_EC50.csv
      - CHEMBL204_Ki.csv
      - CHEMBL2147_Ki.csv
      - CHEMBL214_Ki.csv
      - CHEMBL218_EC50.csv
      - CHEMBL219_Ki.csv
      - CHEMBL228_Ki.csv
      - CHEMBL231_Ki.csv
      - CHEMBL233_Ki.csv
      - CHEMBL234_Ki.csv
      - CHEMBL235_EC50.csv
      - CHEMBL236_Ki.csv
      - CHEMBL237_EC50.csv
      - CHEMBL237_Ki.csv
      - CHEMBL238_Ki.csv
      - CHEMBL239_EC50.csv
      - CHEMBL244_Ki.csv
      - CHEMBL262_Ki.csv
      - CHEMBL264_Ki.csv
      - CHEMBL2835_Ki.csv
      - CHEMBL287_Ki.csv
      - CHEMBL2971_Ki.csv
      - CHEMBL3979_EC50.csv
      - CHEMBL4005_Ki.csv
      - CHEMBL4203_Ki.csv
      - CHEMBL4616_EC50.csv
      - CHEMBL4792_Ki.csv
      - metadata_datasets.csv
    data:
      responses:
        files:
          CHEMBL1862_Ki: catalogue:CHEMBL1862_Ki.csv
          CHEMBL1871_Ki: catalogue:CHEMBL1871_Ki.csv
          CHEMBL2034_Ki: catalogue:CHEMBL2034_Ki.csv
          CHEMBL2047_EC50: catalogue:CHEMBL2047_EC50.csv
          CHEMBL204_Ki: catalogue:CHEMBL204_Ki.csv
          CHEMBL2147_Ki: catalogue:CHEMBL2147_Ki.csv
          CHEMBL214_Ki: catalogue:CHEMBL214_Ki.csv
          CHEMBL218_EC50: catalogue:CHEMBL218_EC50.csv
          CHEMBL219_Ki: catalogue:CHEMBL219_Ki.csv
          CHEMBL228_Ki: catalogue:CHEMBL228_Ki.csv
          CHEMBL231_Ki: catalogue:CHEMBL231_Ki.csv
          CHEMBL233_Ki: catalogue:CHEMBL233_Ki.csv
          CHEMBL234_Ki: catalogue:CHEMBL234_Ki.csv
          CHEMBL235_EC50: catalogue:CHEMBL235_EC50.csv
          CHEMBL236_Ki: catalogue:CHEMBL236_Ki.csv
          CHEMBL237_EC50: catalogue:CHEMBL237_EC50.csv
          CHEMBL237_Ki: catalogue:CHEMBL237_Ki.csv
          CHEMBL238_Ki: catalogue:CHEMBL238_Ki.csv
          CHEMBL239_EC50: catalogue:CHEMBL239_EC50.csv
          CHEMBL244_Ki: catalogue:CHEMBL244_Ki.csv
          CHEMBL262_Ki: catalogue:CHEMBL262_Ki.csv
          CHEMBL264_Ki: catalogue:CHEMBL264_Ki.csv
          CHEMBL2835_Ki: catalogue:CHEMBL2835_Ki.csv
          CHEMBL287_Ki: catalogue:CHEMBL287_Ki.csv
          CHEMBL2971_Ki: catalogue:CHEMBL2971_Ki.csv
          CHEMBL3979_EC50: catalogue:CHEMBL3979_EC50.csv
          CHEMBL4005_Ki: catalogue:CHEMBL4005_Ki.csv
          CHEMBL4203_Ki: catalogue:CHEMBL4203_Ki.csv
          CHEMBL4616_EC50: catalogue:CHEMBL4616_EC50.csv
          CHEMBL4792_Ki: catalogue:CHEMBL4792_Ki.csv
        columns: {smiles: smiles, target: "y [pEC50/pKi]", value_nM: "exp_mean [nM]"}
        unit: pKi or pEC50
      cliffs: {column: cliff_mol}
  - name: moleculeace-chembl204-ki
    area: potency
    title: MoleculeACE, thrombin
    description: 2,754 inhibitors of thrombin (CHEMBL204, Ki), one of the 30 targets of moleculeace.
    licence: MIT
    terms: *chembl_terms
    citation: *ace_citation
    files: [CHEMBL204_Ki.csv]
    data:
      responses:
        file: catalogue:CHEMBL204_Ki.csv
        columns: {smiles: smiles, target: "y [pEC50/pKi]", value_nM: "exp_mean [nM]"}
        unit: pKi
      cliffs: {column: cliff_mol}
  - name: moleculeace-results
    area: potency
    title: Published scores of 24 methods on MoleculeACE
    description: >-
      RMSE and RMSE on cliff compounds of 24 combinations of algorithm and descriptor on 30 targets, one
      line each; no predictions.
    licence: MIT
    terms: as the licence
    citation: *ace_citation
    files: [MoleculeACE_results.csv]
  - name: janela2022
    area: potency
    title: Janela and Bajorath, ten activity classes
    description: >-
      13,444 compounds of ten targets from ChEMBL 30 (pIC50), SMILES without stereo; beside it the
      analogue series of every class.
    licence: MIT
    terms: *chembl_terms
    citation: *janela_citation
    files:
      - chembl_30_IC50_10_tids_1000_CPDs.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL1865.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL220.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL230.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL2409.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL260.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL262.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL279.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL284.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4005.csv
      - CCR_C30_IC50_HT_single_5_0.666_13_CHEMBL4822.csv
    data:
      responses:
        file: catalogue:chembl_30_IC50_10_tids_1000_CPDs.csv
        columns: {smiles: nonstereo_aromatic_smiles, target: pPot, assay: chembl_tid}
        unit: pIC50
  - name: esol
    area: potency
    title: ESOL, aqueous solubility
    description: Solubility in water of 1,128 compounds, log10 of mol/l.
    licence: MIT
    terms: as the licence
    citation: >-
      Delaney JS. ESOL: estimating aqueous solubility directly from molecular structure. J Chem Inf Comput Sci 2004, 44, 1000. doi:10.1021/ci034243x; as in MoleculeNet, doi:10.1039/C7SC02664A
    files: [ESOL_delaney-processed.csv]
    data:
      responses:
        file: catalogue:ESOL_delaney-processed.csv
        columns: {smiles: smiles, target: "measured log solubility in mols per litre"}
        unit: log10 M
  - name: freesolv
    area: potency
    title: FreeSolv, hydration free energy
    description: Measured hydration free energy of 642 small molecules, kcal/mol.
    licence: MIT
    terms: as the licence
    citation: >-
      Mobley DL, Guthrie JP. FreeSolv: a database of experimental and calculated hydration free energies. J Comput Aided Mol Des 2014, 28, 711. doi:10.1007/s10822-014-9747-x; as in MoleculeNet, doi:10.1039/C7SC02664A
    files: [FreeSolv_SAMPL.csv]
    data:
      responses:
        file: catalogue:FreeSolv_SAMPL.csv
        columns: {smiles: smiles, target: expt}
        unit: kcal/mol
  - name: lipophilicity
    area: potency
    title: Lipophilicity, octanol/water at pH 7.4
    description: logD at pH 7.4 of 4,200 compounds, measured at AstraZeneca (ChEMBL document CHEMBL3301361).
    licence: MIT
    terms: *chembl_terms
    citation: >-
      Wu Z et al. MoleculeNet: a benchmark for molecular machine learning. Chem Sci 2018, 9, 513. doi:10.1039/C7SC02664A
    files: [Lipophilicity.csv]
    data:
      responses:
        file: catalogue:Lipophilicity.csv
        columns: {smiles: smiles, target: exp, id: CMPD_CHEMBLID}
        unit: log10
  - name: bace
    area: potency
    title: BACE-1 inhibitors
    description: pIC50 of 1,513 inhibitors of human beta-secretase 1.
    licence: MIT
    terms: as the licence
    citation: >-
      Subramanian G et al. Computational modeling of beta-secretase 1 (BACE-1) inhibitors using ligand based approaches. J Chem Inf Model 2016, 56, 1936. doi:10.1021/acs.jcim.6b00290; as in MoleculeNet, doi:10.1039/C7SC02664A
    files: [bace.csv]
    data:
      responses:
        file: catalogue:bace.csv
        columns: {smiles: smiles, target: pIC50, id: CID}
        unit: pIC50
)yaml";
}

}  // namespace cupel::detail
