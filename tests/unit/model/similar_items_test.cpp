#include "model/similar_items.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "cupel/matrix.hpp"

namespace cupel {
namespace {

class Given final : public Similarity {
 public:
  explicit Given(Matrix<double> values) : values_(std::move(values)) {}
  [[nodiscard]] std::string_view kind() const noexcept override { return "given"; }
  [[nodiscard]] std::string parameters() const override { return {}; }
  [[nodiscard]] std::size_t n_rows() const noexcept override { return values_.rows; }
  [[nodiscard]] std::size_t n_cols() const noexcept override { return values_.cols; }
  [[nodiscard]] bool is_symmetric() const noexcept override { return false; }
  void values(Range rows, Range cols, std::span<double> out) const override {
    std::size_t place = 0;
    for (std::size_t i = rows.begin; i < rows.end; ++i) {
      for (std::size_t j = cols.begin; j < cols.end; ++j) out[place++] = values_(i, j);
    }
  }

 private:
  Matrix<double> values_;
};

TEST(SimilarItems, TiesCountAlikeInWhateverOrder) {
  Matrix<double> s(3, 4);
  s.values = {0.2, 0.9,  0.9, 0.1,  // two nearest
              0.0, 0.0,  0.0, 0.0,  // nothing similar: all are nearest
              0.5, 0.25, 0.0, 0.5};
  const std::vector<double> y{1, 2, 4, 8};
  const auto out = ask_similar_items(Given(s), y, 2, {});
  EXPECT_EQ(out.nearest, (std::vector<double>{0.9, 0.0, 0.5}));
  EXPECT_DOUBLE_EQ(out.copied[0], 3.0);
  EXPECT_DOUBLE_EQ(out.copied[1], 3.75);
  EXPECT_DOUBLE_EQ(out.copied[2], 4.5);
  EXPECT_DOUBLE_EQ(out.weighted[0], 3.0);
  EXPECT_DOUBLE_EQ(out.weighted[1], 3.75);  // the training mean
  EXPECT_DOUBLE_EQ(ask_similar_items(Given(s), y, 3, {}).weighted[2],
                   (0.5 * 1 + 0.25 * 2 + 0.5 * 8) / 1.25);
  EXPECT_DOUBLE_EQ(ask_similar_items(Given(s), y, 99, {}).weighted[0],
                   (0.2 * 1 + 0.9 * 2 + 0.9 * 4 + 0.1 * 8) / 2.1);
}

}  // namespace
}  // namespace cupel
