// The part of the catalogue for overlap spectra; see catalogue_text.cpp.
#include "data/catalogue_text.hpp"

namespace cupel::detail {

std::string_view catalogue_spectra_text() noexcept {
  return R"yaml(
repositories:
  spectra: mims-harvard/SPECTRA@6c37f11e75b2460269788422ed83e2cebe78f5bd

files:
  - {name: RIF_TEST_RESULT, bytes: 11163, sha256: 695f65a1aea294e801df47b0f566d9f39ea8dd8ef4c20dac19b0bcd83912f574,
     folder: spectra/SPECTRA_Investigation,
     from: ["spectra:SPECTRA_paper/SPECTRA_Investigation/RIF_TEST_RESULT"]}
  - {name: INH_0_0_MUTATION_SPLIT_0_TEST, bytes: 76385, sha256: 8ff6d5c2725645a616fdc0a688c6117427230b6975ca7470043aefb3041a9b12,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_0_TEST"]}
  - {name: INH_0_0_MUTATION_SPLIT_0_TRAIN, bytes: 302903, sha256: dc204cf87323c9509f53353d809ce639b86bef7b077c8a1f0792a20793aa1fcf,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: INH_0_0_MUTATION_SPLIT_1_TEST, bytes: 75319, sha256: 2f0c7914bd0af57880a68f9e8568258bc164659dd8ae804b5c35d5e5ca40491a,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_1_TEST"]}
  - {name: INH_0_0_MUTATION_SPLIT_1_TRAIN, bytes: 303969, sha256: 35ec5d76f8bd964a70417e04ac594c6b9f59ac111b3a1803c17a6c792c5799a4,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: INH_0_0_MUTATION_SPLIT_2_TEST, bytes: 74293, sha256: 310c03701caa134afccca621d397f24d2c0b4b6394cdb1090ef6bb3cc55aea15,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_2_TEST"]}
  - {name: INH_0_0_MUTATION_SPLIT_2_TRAIN, bytes: 304995, sha256: e89611ba1e6be5a3eff4bdc19db8ed4eb5a88e76db067877096e53f8c000a1b8,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: INH_0_5_MUTATION_SPLIT_0_TEST, bytes: 40099, sha256: 27fa44c9794f2d38cb6a108b2cd5d5570ce68bc4024e082a83062c394c2a1e4c,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_0_TEST"]}
  - {name: INH_0_5_MUTATION_SPLIT_0_TRAIN, bytes: 161475, sha256: 4821d00e9397b4dd4c530988e43ca7d6c39e79710a1a880938ccc12ade82d270,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_0_TRAIN"]}
  - {name: INH_0_5_MUTATION_SPLIT_1_TEST, bytes: 39921, sha256: 75636a6823399358e9b408ea2b27a3b009408e21ebcf168ec16d7cc1b74b09fc,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_1_TEST"]}
  - {name: INH_0_5_MUTATION_SPLIT_1_TRAIN, bytes: 159682, sha256: 77245dc7d1e566a52af14dfebc95bfb97379974f5114f21d4990e6e9cb2e62a3,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_1_TRAIN"]}
  - {name: INH_0_5_MUTATION_SPLIT_2_TEST, bytes: 45502, sha256: d744a9259d3b47143c454313a409ded7597f7b9883411a0f8ea7de4031181ed9,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_2_TEST"]}
  - {name: INH_0_5_MUTATION_SPLIT_2_TRAIN, bytes: 183455, sha256: 6a8c3e6632efb738587fc97e018636e5a796e127d0bff842fdba38fa431f0454,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_0_5_MUTATION_SPLIT_2_TRAIN"]}
  - {name: INH_1_0_MUTATION_SPLIT_0_TEST, bytes: 28624, sha256: c22d921a66bbd059c2377b2a742bcf04494e0e98979cc6a919a978baf47ae6bd,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_0_TEST"]}
  - {name: INH_1_0_MUTATION_SPLIT_0_TRAIN, bytes: 116231, sha256: ccecbc16f88a7bbf1a3651368c6c0393619b102126a1959760ab4fba3368aa45,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: INH_1_0_MUTATION_SPLIT_1_TEST, bytes: 28705, sha256: 7695010d049b89629956a49e0a7cb8425618e5e9b374ab568e409b49b9271fad,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_1_TEST"]}
  - {name: INH_1_0_MUTATION_SPLIT_1_TRAIN, bytes: 116150, sha256: eb99fa05ecfc4ae28c02d65f00b7b2086f84cdaf9c8529e4eaec95e1d1a65acb,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: INH_1_0_MUTATION_SPLIT_2_TEST, bytes: 28545, sha256: 71a72121c64056a584664141b2c291cdffde76392de7a4243a5878567653c9d8,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_2_TEST"]}
  - {name: INH_1_0_MUTATION_SPLIT_2_TRAIN, bytes: 116310, sha256: 339a0cb6355cc936459539c99385f90d260d92dfe8e12af3194a968866d96128,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/INH_binary_mutational_split/INH_1_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: PZA_0_0_MUTATION_SPLIT_0_TEST, bytes: 35997, sha256: 1be64d841713ef7008daa05512258cddc8ad4a1da5108e962d50eac9ef5b7e03,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_0_TEST"]}
  - {name: PZA_0_0_MUTATION_SPLIT_0_TRAIN, bytes: 145421, sha256: ee3fb134f10eb7b1173d653969cf80a6711e185727a1d51a64a78ad70af2863a,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: PZA_0_0_MUTATION_SPLIT_1_TEST, bytes: 36029, sha256: c4121e732e91bd4fb49b17bb50ebe00b860585abe3fda9430a1fc837d57c5810,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_1_TEST"]}
  - {name: PZA_0_0_MUTATION_SPLIT_1_TRAIN, bytes: 145389, sha256: 1bfd2a7e97b7ae447f333ccb937c19683b5f81ff191d593f9c402bd1ad90f778,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: PZA_0_0_MUTATION_SPLIT_2_TEST, bytes: 36103, sha256: 54d3f4df89cc8896d827a7129187bb7a3dcfc72e2f496a1626691f67127e2a77,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_2_TEST"]}
  - {name: PZA_0_0_MUTATION_SPLIT_2_TRAIN, bytes: 145315, sha256: 2f034c77b100316b9242ce25eea504a7825dd1dec14a23e0c799aa8d5d5d0920,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: PZA_0_5_MUTATION_SPLIT_0_TEST, bytes: 23328, sha256: 1f8ef19fbd4d8a81f07be0b4174aab03aff7c4380e0b220f0278549d48243afe,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_0_TEST"]}
  - {name: PZA_0_5_MUTATION_SPLIT_0_TRAIN, bytes: 90449, sha256: c9f976e74582048bab88eb9867b72bda458a732f033c1d81544106a9b43bdb9a,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_0_TRAIN"]}
  - {name: PZA_0_5_MUTATION_SPLIT_1_TEST, bytes: 22202, sha256: 71a6c47ceacf68fa54a423aa5d5e3f1a47a15394d4de2da4528dccf96abcdb7a,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_1_TEST"]}
  - {name: PZA_0_5_MUTATION_SPLIT_1_TRAIN, bytes: 86330, sha256: e9cbcbaddd613e41483465f275d9ba1b5e2d77b09bc02929677736a6adc6703b,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_1_TRAIN"]}
  - {name: PZA_0_5_MUTATION_SPLIT_2_TEST, bytes: 20398, sha256: 8b4fbd8e01f3ac3492b483331a21442b3610883dae3eed9f289864bef2164d46,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_2_TEST"]}
  - {name: PZA_0_5_MUTATION_SPLIT_2_TRAIN, bytes: 83344, sha256: 85585825e62342c776fa6f7ba846fc374884cb9fb2513b124efaf052211543fd,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_0_5_MUTATION_SPLIT_2_TRAIN"]}
  - {name: PZA_1_0_MUTATION_SPLIT_0_TEST, bytes: 15463, sha256: d850b69d82aebb08cf06d1fc59da9009b7f57f883a232cd92524633ca2e10b68,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_0_TEST"]}
  - {name: PZA_1_0_MUTATION_SPLIT_0_TRAIN, bytes: 62941, sha256: 25106091c71e1e6008014ee4e68f32b33cc2b6def4d35db1ed10ad560d5b4385,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: PZA_1_0_MUTATION_SPLIT_1_TEST, bytes: 15491, sha256: 2d539e56bd3b3886fc269a4f92eb3475bd3df303a5eeca39e936c705ce113ac2,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_1_TEST"]}
  - {name: PZA_1_0_MUTATION_SPLIT_1_TRAIN, bytes: 62913, sha256: b0c55d62edef7ce33e8c8edff2fd67a62441f60011e6fc06433df4f647c004f2,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: PZA_1_0_MUTATION_SPLIT_2_TEST, bytes: 15224, sha256: 6881f7696bbfc61696f94397679e6704058b5ece999913aff4fdf2e8be14bda5,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_2_TEST"]}
  - {name: PZA_1_0_MUTATION_SPLIT_2_TRAIN, bytes: 63180, sha256: 48aa952fad9284a53737cfbd79231176548e9904f6546943a0d0dc7d6dd9d6a9,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/PZA_binary_mutational_split/PZA_1_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: RIF_0_0_MUTATION_SPLIT_0_TEST, bytes: 52259, sha256: 12c30a10bbb50b31f45e4d09106043447373513cf14ca76ba981c7a05df0fba3,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_0_TEST"]}
  - {name: RIF_0_0_MUTATION_SPLIT_0_TRAIN, bytes: 208935, sha256: 0d54f3822f971a61b5639ac95e9673e82613b50b229e6ea0a1794f499800a0b8,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: RIF_0_0_MUTATION_SPLIT_1_TEST, bytes: 52292, sha256: 01624394fa52a4ad5dd0849fda8322fe0ae9066792b5527f2f1b77be700d041a,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_1_TEST"]}
  - {name: RIF_0_0_MUTATION_SPLIT_1_TRAIN, bytes: 208902, sha256: 4b9ca05c2e3888c367b1fcecb5f4370f2c5ea2903de174c38c9177e087b3206e,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: RIF_0_0_MUTATION_SPLIT_2_TEST, bytes: 52482, sha256: 6f1635142cf12cfe065b8727f09feb4aaf3b78cb1d4beb789ea3630f5b7e82d5,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_2_TEST"]}
  - {name: RIF_0_0_MUTATION_SPLIT_2_TRAIN, bytes: 208712, sha256: 06cf6c010ae71db93bdd4ff569720c02613eef1dd77f990afe03481fbed51749,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: RIF_0_5_MUTATION_SPLIT_0_TEST, bytes: 26550, sha256: 7336763bd6e126d189fa479f7140afc9a2291203645687e99837efa680d05c17,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_0_TEST"]}
  - {name: RIF_0_5_MUTATION_SPLIT_0_TRAIN, bytes: 107048, sha256: 78b84025dadee05019c884e7749307b5cebc9b4c871d2284fd3c1e4e5c1c6eee,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_0_TRAIN"]}
  - {name: RIF_0_5_MUTATION_SPLIT_1_TEST, bytes: 27869, sha256: 21859191ac8d0cb8d4a60b5acc7bd5a28315f07e489eba5eb1bdf5d46d8255f7,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_1_TEST"]}
  - {name: RIF_0_5_MUTATION_SPLIT_1_TRAIN, bytes: 111719, sha256: 054822d12d5cba75bb724f2c9f0bbfbbbf122a02a877eb6898cf9502795b8525,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_1_TRAIN"]}
  - {name: RIF_0_5_MUTATION_SPLIT_2_TEST, bytes: 27422, sha256: 027ef10b7ffe33890107110d10ed223345b0ee772c3576f82aaafc533ab08c95,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_2_TEST"]}
  - {name: RIF_0_5_MUTATION_SPLIT_2_TRAIN, bytes: 108221, sha256: b1022ed86d2f67e59a374e31a61dd8c2e5d56c4e92213d2cb367186e9358dc74,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_0_5_MUTATION_SPLIT_2_TRAIN"]}
  - {name: RIF_1_0_MUTATION_SPLIT_0_TEST, bytes: 17225, sha256: aa342fc390d4d70bd837ce8ffb2fb0d78b37861f0e895842588aefb91e6469a2,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_0_TEST"]}
  - {name: RIF_1_0_MUTATION_SPLIT_0_TRAIN, bytes: 74557, sha256: cee0b9a8ba290d1e19fc71cb229704fd0c926e528ac3a6208077cfec2badc2e0,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: RIF_1_0_MUTATION_SPLIT_1_TEST, bytes: 16846, sha256: ac0ce83bef114b98b9efdedbe02e21b5348f64d6e80c5a1c7739802a11b9ee27,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_1_TEST"]}
  - {name: RIF_1_0_MUTATION_SPLIT_1_TRAIN, bytes: 74936, sha256: eee670a7fd328bef2cedd71af058f68f4e84f6fe47a071e11acba6a3d24d816e,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: RIF_1_0_MUTATION_SPLIT_2_TEST, bytes: 17670, sha256: 5d07463bfa88ced0f801344494e5378d4969c693d44a26f3d0e486863d3f2b46,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_2_TEST"]}
  - {name: RIF_1_0_MUTATION_SPLIT_2_TRAIN, bytes: 74112, sha256: ca8f2e9f7536d6553191b3c0e1ee0e0de4188f28898c1d3020b44e7da983b4f0,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/RIF_binary_mutational_split/RIF_1_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: gfp_barcodes, bytes: 1709811, sha256: 55dab15e9f3422df72b3ae418b2ff3d42772843fed394cf71b92a16149da8ef3,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_barcodes"]}
  - {name: gfp_0_0_MUTATION_SPLIT_0_TEST, bytes: 269049, sha256: e020663df00d9c78907548f25e356c8619eaca206fb086e16d9abd900097e05f,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_0_TEST"]}
  - {name: gfp_0_0_MUTATION_SPLIT_0_TRAIN, bytes: 1075657, sha256: 02511af2debe1ab2db01ee4077f1567112d8d772612783e2fd58d5de6fdadb19,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: gfp_0_0_MUTATION_SPLIT_1_TEST, bytes: 268907, sha256: 388d1eb24aa9ee0713db112ef1966d8389966719c1380373086d1027977dec98,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_1_TEST"]}
  - {name: gfp_0_0_MUTATION_SPLIT_1_TRAIN, bytes: 1075799, sha256: 7a9342615cef1e991c6fb62e20929822c96804639a72720c0dd58275d9cc8a21,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: gfp_0_0_MUTATION_SPLIT_2_TEST, bytes: 268946, sha256: 9c90628bd23607c67b791bdc9fff5a517afc0596b526bf57f3437e397a26f4c3,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_2_TEST"]}
  - {name: gfp_0_0_MUTATION_SPLIT_2_TRAIN, bytes: 1075760, sha256: 00bcb4dbb0279574d30a3335df1ec60831188bf20263d8e009d36938b9b7bf52,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: gfp_0_5_MUTATION_SPLIT_0_TEST, bytes: 11647, sha256: eebbcbdcad36e7ab6f892cfc824d9da6eac4099050a8e01f0b119b9acc6c1878,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_0_TEST"]}
  - {name: gfp_0_5_MUTATION_SPLIT_0_TRAIN, bytes: 46673, sha256: 0b2355c08b9570569e4b5e1a4941e7aa6701bdb324090754d38e7b1467659aaa,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_0_TRAIN"]}
  - {name: gfp_0_5_MUTATION_SPLIT_1_TEST, bytes: 11299, sha256: d609a28eec80ac1371a7674685ba8b89ac4ee83b918797657d9d9ce348ce0067,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_1_TEST"]}
  - {name: gfp_0_5_MUTATION_SPLIT_1_TRAIN, bytes: 45214, sha256: 409cd35c0e19dde17aaa5b4565c1ab0f1e8c2c0878c0bbcda5ccc9b3a3c9991b,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_1_TRAIN"]}
  - {name: gfp_0_5_MUTATION_SPLIT_2_TEST, bytes: 11515, sha256: d3a150baa17bc5c1f92d56e1d0e3a795b5b6743fd328ab8cb988bd7fd773d491,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_2_TEST"]}
  - {name: gfp_0_5_MUTATION_SPLIT_2_TRAIN, bytes: 46122, sha256: d29719db3dfb43ab1206e1c568931d36a03e1b3df6847f97314056e04816af92,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_0_5_MUTATION_SPLIT_2_TRAIN"]}
  - {name: gfp_1_0_MUTATION_SPLIT_0_TEST, bytes: 3425, sha256: 5cca91e3612e4d219f1031770830ae71f67c488d7a9b984d75330f0175988561,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_0_TEST"]}
  - {name: gfp_1_0_MUTATION_SPLIT_0_TRAIN, bytes: 13660, sha256: 7c6d17fbd751eabe141b3033e951a4e80971e5ad1083a0ea0f12ec01a94a3fed,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_0_TRAIN"]}
  - {name: gfp_1_0_MUTATION_SPLIT_1_TEST, bytes: 3424, sha256: 7b0eb77da7ae72827d6f948814eaaf36da9270303ef9fdfdbf2d621726c7264b,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_1_TEST"]}
  - {name: gfp_1_0_MUTATION_SPLIT_1_TRAIN, bytes: 13661, sha256: 1aae2ab247ac293462f681cee94169149134b2ba082b619c67c3529e6b947f24,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_1_TRAIN"]}
  - {name: gfp_1_0_MUTATION_SPLIT_2_TEST, bytes: 3433, sha256: 4ff36f3f9798455c19895c6f24f8e6899abb632a7f0ebad21af93494a1c20076,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_2_TEST"]}
  - {name: gfp_1_0_MUTATION_SPLIT_2_TRAIN, bytes: 13652, sha256: 4541a8f44c3518c44708d2195198fba6c78e4405f1e752afe0ad3e86dc72635b,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_mutational_split/gfp_1_0_MUTATION_SPLIT_2_TRAIN"]}
  - {name: gfp_categorical_phenotypes, bytes: 1344880, sha256: 5a94446368407304eb897a28860c3624215f73b826f98060658baa44ecdb4eab,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/gfp_categorical_phenotypes"]}
  - {name: mutational_barcodes_reg_INH, bytes: 3594154, sha256: 7cb56a11fc6caeae3452344fa44f1c5232c19792c220507318bde381bd1ea680,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/mutational_barcodes_reg_INH"]}
  - {name: mutational_barcodes_reg_PZA, bytes: 1733082, sha256: 60002e2d1e0067f454019f4b73f5e9a4900182cb71d8e33670f6be8deadbcf17,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/mutational_barcodes_reg_PZA"]}
  - {name: mutational_barcodes_reg_RIF, bytes: 1595495, sha256: b60782898d06ef03d8fb6be5f65c399bf59bb139d6fe0431740a5d709f1f7eac,
     folder: spectra/SPECTRA_MSD/TB_Covid_GFP/data,
     from: ["spectra:SPECTRA_paper/SPECTRA_MSD/TB_Covid_GFP/data/mutational_barcodes_reg_RIF"]}

entries:
  - name: spectra-rif
    area: items
    title: SPECTRA, rifampicin resistance of M. tuberculosis
    description: >-
      17,473 isolates as mutation barcodes; splits at lambda 0, 0.5 and 1, three repeats, with the phenotype 0/1; published AUROC of three models at 21 lambdas.
    licence: repository under MIT
    terms: as the licence
    citation: Ektefaie et al., Nature Machine Intelligence 2024, doi:10.1038/s42256-024-00931-6
    files: [RIF_TEST_RESULT, mutational_barcodes_reg_RIF, RIF_0_0_MUTATION_SPLIT_0_TEST,
      RIF_0_0_MUTATION_SPLIT_0_TRAIN, RIF_0_0_MUTATION_SPLIT_1_TEST,
      RIF_0_0_MUTATION_SPLIT_1_TRAIN, RIF_0_0_MUTATION_SPLIT_2_TEST,
      RIF_0_0_MUTATION_SPLIT_2_TRAIN, RIF_0_5_MUTATION_SPLIT_0_TEST,
      RIF_0_5_MUTATION_SPLIT_0_TRAIN, RIF_0_5_MUTATION_SPLIT_1_TEST,
      RIF_0_5_MUTATION_SPLIT_1_TRAIN, RIF_0_5_MUTATION_SPLIT_2_TEST,
      RIF_0_5_MUTATION_SPLIT_2_TRAIN, RIF_1_0_MUTATION_SPLIT_0_TEST,
      RIF_1_0_MUTATION_SPLIT_0_TRAIN, RIF_1_0_MUTATION_SPLIT_1_TEST,
      RIF_1_0_MUTATION_SPLIT_1_TRAIN, RIF_1_0_MUTATION_SPLIT_2_TEST,
      RIF_1_0_MUTATION_SPLIT_2_TRAIN]

  - name: spectra-inh
    area: items
    title: SPECTRA, isoniazid resistance of M. tuberculosis
    description: >-
      26,575 isolates as mutation barcodes; splits at lambda 0, 0.5 and 1, three repeats, with the phenotype 0/1.
    licence: repository under MIT
    terms: as the licence
    citation: Ektefaie et al., Nature Machine Intelligence 2024, doi:10.1038/s42256-024-00931-6
    files: [mutational_barcodes_reg_INH, INH_0_0_MUTATION_SPLIT_0_TEST,
      INH_0_0_MUTATION_SPLIT_0_TRAIN, INH_0_0_MUTATION_SPLIT_1_TEST,
      INH_0_0_MUTATION_SPLIT_1_TRAIN, INH_0_0_MUTATION_SPLIT_2_TEST,
      INH_0_0_MUTATION_SPLIT_2_TRAIN, INH_0_5_MUTATION_SPLIT_0_TEST,
      INH_0_5_MUTATION_SPLIT_0_TRAIN, INH_0_5_MUTATION_SPLIT_1_TEST,
      INH_0_5_MUTATION_SPLIT_1_TRAIN, INH_0_5_MUTATION_SPLIT_2_TEST,
      INH_0_5_MUTATION_SPLIT_2_TRAIN, INH_1_0_MUTATION_SPLIT_0_TEST,
      INH_1_0_MUTATION_SPLIT_0_TRAIN, INH_1_0_MUTATION_SPLIT_1_TEST,
      INH_1_0_MUTATION_SPLIT_1_TRAIN, INH_1_0_MUTATION_SPLIT_2_TEST,
      INH_1_0_MUTATION_SPLIT_2_TRAIN]

  - name: spectra-pza
    area: items
    title: SPECTRA, pyrazinamide resistance of M. tuberculosis
    description: >-
      12,146 isolates as mutation barcodes; splits at lambda 0, 0.5 and 1, three repeats, with the phenotype 0/1.
    licence: repository under MIT
    terms: as the licence
    citation: Ektefaie et al., Nature Machine Intelligence 2024, doi:10.1038/s42256-024-00931-6
    files: [mutational_barcodes_reg_PZA, PZA_0_0_MUTATION_SPLIT_0_TEST,
      PZA_0_0_MUTATION_SPLIT_0_TRAIN, PZA_0_0_MUTATION_SPLIT_1_TEST,
      PZA_0_0_MUTATION_SPLIT_1_TRAIN, PZA_0_0_MUTATION_SPLIT_2_TEST,
      PZA_0_0_MUTATION_SPLIT_2_TRAIN, PZA_0_5_MUTATION_SPLIT_0_TEST,
      PZA_0_5_MUTATION_SPLIT_0_TRAIN, PZA_0_5_MUTATION_SPLIT_1_TEST,
      PZA_0_5_MUTATION_SPLIT_1_TRAIN, PZA_0_5_MUTATION_SPLIT_2_TEST,
      PZA_0_5_MUTATION_SPLIT_2_TRAIN, PZA_1_0_MUTATION_SPLIT_0_TEST,
      PZA_1_0_MUTATION_SPLIT_0_TRAIN, PZA_1_0_MUTATION_SPLIT_1_TEST,
      PZA_1_0_MUTATION_SPLIT_1_TRAIN, PZA_1_0_MUTATION_SPLIT_2_TEST,
      PZA_1_0_MUTATION_SPLIT_2_TRAIN]

  - name: spectra-gfp
    area: items
    title: SPECTRA, fluorescence of GFP variants
    description: >-
      54,025 variants (Sarkisyan et al. 2016) as mutation barcodes with a fluorescence scaled to 0..1; splits at lambda 0, 0.5 and 1, three repeats.
    licence: repository under MIT
    terms: as the licence
    citation: Ektefaie et al., Nature Machine Intelligence 2024, doi:10.1038/s42256-024-00931-6
    files: [gfp_barcodes, gfp_categorical_phenotypes, gfp_0_0_MUTATION_SPLIT_0_TEST,
      gfp_0_0_MUTATION_SPLIT_0_TRAIN, gfp_0_0_MUTATION_SPLIT_1_TEST,
      gfp_0_0_MUTATION_SPLIT_1_TRAIN, gfp_0_0_MUTATION_SPLIT_2_TEST,
      gfp_0_0_MUTATION_SPLIT_2_TRAIN, gfp_0_5_MUTATION_SPLIT_0_TEST,
      gfp_0_5_MUTATION_SPLIT_0_TRAIN, gfp_0_5_MUTATION_SPLIT_1_TEST,
      gfp_0_5_MUTATION_SPLIT_1_TRAIN, gfp_0_5_MUTATION_SPLIT_2_TEST,
      gfp_0_5_MUTATION_SPLIT_2_TRAIN, gfp_1_0_MUTATION_SPLIT_0_TEST,
      gfp_1_0_MUTATION_SPLIT_0_TRAIN, gfp_1_0_MUTATION_SPLIT_1_TEST,
      gfp_1_0_MUTATION_SPLIT_1_TRAIN, gfp_1_0_MUTATION_SPLIT_2_TEST,
      gfp_1_0_MUTATION_SPLIT_2_TRAIN]
)yaml";
}

}  // namespace cupel::detail
