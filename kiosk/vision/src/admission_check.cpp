// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/admission_check.hpp"

#include <algorithm>
#include <cmath>

namespace invigil::vision {
namespace {

constexpr milliseconds kSpread{600};
// A camera that has stopped delivers the same picture again; so does a still image held as a "live" source.
constexpr double kCopy = 0.99995;
// Below this two frames are not one person (face.md 8.5): whoever sits there now starts afresh.
constexpr double kSamePerson = 0.30;

Embedding mean(const std::vector<Embedding>& all) {
  if (all.empty()) return {};
  Embedding sum(all.front().size(), 0.0F);
  for (const auto& one : all)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
  return sum;
}

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

double similarity(const Embedding& a, const Embedding& b) {
  if (a.empty() || a.size() != b.size()) return 0;
  double dot = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    dot += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  if (aa == 0 || bb == 0) return 0;
  return dot / std::sqrt(aa * bb);
}

AdmissionCheck::AdmissionCheck(Embedding reference, Bands bands, milliseconds start)
    : reference_(std::move(reference)), bands_(bands), start_(start) {
  bands_.frames_min = std::max(1, bands_.frames_min);
  step_.frames_needed = bands_.frames_min;
  step_.hint = Hint::NoFace;
}

double AdmissionCheck::compare() const { return similarity(mean(kept_), reference_); }

AdmissionCheck::Step AdmissionCheck::feed(const Look& look, const std::optional<Embedding>& embedding,
                                          milliseconds now) {
  if (step_.finished) return step_;
  step_.hint = look.hint;
  step_.face_found = look.faces > 0;
  step_.quality_ok = look.usable();
  const milliseconds gap = bands_.frames_min > 1 ? kSpread / (bands_.frames_min - 1) : milliseconds{0};

  if (now - start_ < bands_.time_max && look.usable() && embedding && !embedding->empty()) {
    if (!kept_.empty() && !(similarity(*embedding, mean(kept_)) >= kSamePerson)) kept_.clear();
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
