// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/admission_check.hpp"

#include <algorithm>

namespace invigil::vision {
namespace {

constexpr milliseconds kSpread{600};
// A camera that has stopped delivers the same picture again; so does a still image held as a "live" source.
constexpr double kCopy = 0.99995;
// Below this two frames are not one person (face.md 8.5): whoever sits there now starts afresh.
constexpr double kSamePerson = 0.30;

}  // namespace

std::string_view bandName(Band band) {
  switch (band) {
    case Band::Admit:
      return "admit";
    case Band::Refuse:
      return "refuse";
    case Band::Human:
      break;
  }
  return "human";
}

Band decide(double similarity, const Bands& bands) {
  if (similarity >= bands.admit) return Band::Admit;
  if (similarity < bands.refuse) return Band::Refuse;
  return Band::Human;
}

Band decide(double similarity, double second_distance, const Bands& bands) {
  const Band band = decide(similarity, bands);
  return band == Band::Admit && !(second_distance <= bands.second_max) ? Band::Human : band;
}

AdmissionCheck::AdmissionCheck(Embedding reference, Bands bands, milliseconds start)
    : reference_(std::move(reference)), bands_(bands), start_(start) {
  bands_.frames_min = std::max(1, bands_.frames_min);
  step_.frames_needed = bands_.frames_min;
  step_.hint = Hint::NoFace;
}

double AdmissionCheck::compare() const { return similarity(meanOf(kept_), reference_); }

AdmissionCheck::Step AdmissionCheck::feed(const Look& look, const std::optional<Embedding>& embedding,
                                          milliseconds now) {
  if (step_.finished) return step_;
  step_.hint = look.hint;
  step_.face_found = look.faces > 0;
  step_.quality_ok = look.usable();
  const milliseconds gap = bands_.frames_min > 1 ? kSpread / (bands_.frames_min - 1) : milliseconds{0};

  if (now - start_ < bands_.time_max && look.usable() && embedding && !embedding->empty()) {
    if (!kept_.empty() && !(similarity(*embedding, meanOf(kept_)) >= kSamePerson)) kept_.clear();
    const bool copy = !kept_.empty() && similarity(*embedding, kept_.back()) > kCopy;
    if (!copy && (kept_.empty() || now - last_ >= gap)) {
      if (kept_.empty()) first_ = now;
      last_ = now;
      kept_.push_back(*embedding);
    }
    step_.similarity = compare();
    step_.frames_kept = static_cast<int>(kept_.size());
    const bool spread = bands_.frames_min == 1 || last_ - first_ >= kSpread;
    step_.finished = step_.frames_kept >= bands_.frames_min && spread;
  }
  if (!step_.finished && now - start_ >= bands_.time_max) step_.finished = step_.timed_out = true;
  return step_;
}

}  // namespace invigil::vision
