// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "invigil/base/clock.hpp"
#include "invigil/vision/frame.hpp"

namespace invigil::recording {

/// What the pictures are coded with; both are free of patent fees. Figures of both: docs/benchmarks.md.
enum class Codec { Vp8, Vp9 };

struct FilmRules {
  Codec codec = Codec::Vp8;
  int width_max = 640;          ///< wider pictures are scaled down, the ratio kept
  int kbit_per_second = 160;    ///< aimed at while much moves; a still picture needs far less
};

/// A stretch of film in memory: takes pictures one after another and gives a WebM file that plays alone.
/// One thread at a time; never touches the disk.
class Film {
 public:
  struct Done {
    std::string webm;
    Instant began{}, ended{};   ///< of the first picture; up to which the last one stands
    std::uint32_t frames = 0;
  };

  explicit Film(const FilmRules& rules = {});
  ~Film();
  Film(Film&&) noexcept;
  Film& operator=(Film&&) noexcept;

  bool empty() const;
  Instant began() const;  ///< of the first picture; not while empty()
  Instant last() const;   ///< of the newest picture; not while empty()
  /// Would this picture be of another size than those so far?
  bool fits(const vision::Frame& frame) const;
  /// Codes one picture (about 3 ms). `at` has to rise.
  /// Errors: InvalidInput bad_image (empty, or of another size), frames_out_of_order; Internal encoder_failed.
  Status add(const vision::Frame& frame, Instant at);
  /// Closes the file; the film is empty afterwards. @param stands  how long the last picture is shown.
  /// Errors: InvalidInput film_empty; Internal encoder_failed.
  Result<Done> finish(milliseconds stands);

 private:
  struct Work;
  std::unique_ptr<Work> work_;
};

}  // namespace invigil::recording
