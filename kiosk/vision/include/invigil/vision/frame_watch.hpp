// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <unordered_map>

#include "invigil/vision/face_standstill.hpp"
#include "invigil/vision/face_track.hpp"
#include "invigil/vision/monitor.hpp"

namespace invigil::vision {

/// What one frame says to Monitor. Holds no picture, but a hash of each, the small grey background of the first few and a minute of
/// where the face was.
/// One thread. About 12 ms a frame of 640x480, 24 ms when the face is compared.
class FrameWatch {
 public:
  /// @param person  of the one who was admitted; empty: the first usable frames say who sits here
  /// @param never_repeats  the source is a camera: a picture that was there before is no live one
  FrameWatch(FaceEngine& engine, Embedding person, bool never_repeats = true)
      : engine_(engine), person_(std::move(person)), never_repeats_(never_repeats) {}

  /// @param at  monotonic; becomes Sighting::at
  Sighting look(const Frame& frame, milliseconds at);
  const Look& lastLook() const { return look_; }
  bool knowsPerson() const { return !person_.empty(); }

  /// One face and nobody else's for so long, and not a single frame that is like the person's: whoever it is keeps the face turned
  /// aside or out of the light, or is not that person whenever it can be told. A starting value: who answers questions looks at the
  /// screen several times a minute. One like frame is enough, since hardly one in ten of other people's is (docs/face.md), and no
  /// number of them is asked for: who sits calmly with a bent head may give few. An unlike one is none: else a glance every minute would
  /// keep somebody else's face from ever being compared often enough to be told.
  static constexpr milliseconds kUncompared{90'000};

 private:
  bool seenBefore(const Frame& frame, milliseconds at, Sighting& sighting);
  void lookAtBackground(const Frame& frame, Sighting& sighting);
  bool compare(const Frame& frame, Sighting& sighting);
  bool uncompared(milliseconds at, bool known);

  FaceEngine& engine_;
  FaceTrack track_;
  Standstill standstill_;
  Embedding person_;
  bool never_repeats_;
  std::vector<Embedding> first_;  ///< towards person_ where nobody said who it is
  Look look_;
  std::optional<milliseconds> face_at_;   ///< the newest look with a face
  milliseconds known_at_{0};              ///< the newest that compare() took for the person's, or when somebody came
  std::unordered_map<std::uint64_t, milliseconds> hashes_;
  std::optional<std::uint64_t> last_hash_;
  milliseconds same_since_{0};  ///< the first look at the picture that the newest look showed, in an unbroken row of such looks
  std::vector<float> background_;  ///< mean of the first frames, 80x45 grey; -1 where a person was
  int background_frames_ = 0;
};

}  // namespace invigil::vision
