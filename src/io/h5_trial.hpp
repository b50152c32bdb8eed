#pragma once
/// libhdf5 (1.10) can crash, or go round for ever, on a file whose metadata is damaged: a broken
/// reference into the heap of texts is enough. What may do so is tried in a child process first.
#include <cstdint>
#include <functional>
#include <string>

namespace cupel::h5 {

/// Runs `attempt` in a copy of this process; what it throws there does not matter. Throws
/// Error{input} if the copy did not come to its end, or not in a time that goes with the size of
/// the file. Cost: a fork and what `attempt` costs, which reads names and annotations and no
/// matrix.
void try_in_child(const std::string& source, std::uint64_t n_bytes,
                  const std::function<void()>& attempt);

}  // namespace cupel::h5
