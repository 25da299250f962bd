// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/frame_memory.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "mat.hpp"

namespace invigil::vision {
namespace {

constexpr milliseconds kEvery{250}, kSittingEvery{500};
constexpr std::size_t kMarksOfTry = 180, kMarksOfFilm = 4000;
// Between the contrasts of two pictures of one moment: a film may be shown brighter, darker or somewhat flatter than what was remembered.
constexpr float kContrastRatio = 1.4F;
// Grey levels: compression moves a cell of some hundred pixels by less than one, a head that moves a few pixels by ten.
constexpr float kWorst = 14;
// So many marks at one delay, with so many steps from pose to pose among them: who only sits still looks alike on any day.
constexpr int kAlike = 6, kSteps = 3, kMotion = 6;
// Columns at each side and rows from the top in which people who are asked into the middle do not sit.
constexpr int kBesideColumns = 5, kBesideRows = 12;
constexpr std::int64_t kDelayStep = 150;

/// Of a delay in the grid; towards the past of a film that began again, too.
std::int64_t place(std::int64_t delay) { return (delay >= 0 ? delay : delay - kDelayStep + 1) / kDelayStep; }

}  // namespace

std::optional<FrameMemory::Mark> FrameMemory::markOf(const Frame& frame) {
  const cv::Mat picture = asMat(frame);
  if (picture.empty()) return std::nullopt;
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  Mark mark{.at = frame.at};
  cv::Mat small(kHeight, kWidth, CV_8UC1, mark.cells.data());
  cv::resize(grey, small, small.size(), 0, 0, cv::INTER_AREA);
  cv::Scalar mean, deviation;
  cv::meanStdDev(small, mean, deviation);
  mark.mean = static_cast<float>(mean[0]), mark.contrast = std::max(1.F, static_cast<float>(deviation[0]));
  const auto half = [&](int x, int y, int width, int height) { return static_cast<float>(cv::sum(small(cv::Rect(x, y, width, height)))[0]); };
  mark.across = half(0, 0, kWidth / 2, kHeight) - half(kWidth / 2, 0, kWidth / 2, kHeight);
  mark.down = half(0, 0, kWidth, kHeight / 2) - half(0, kHeight / 2, kWidth, kHeight / 2);
  return mark;
}

bool FrameMemory::alike(const Mark& a, const Mark& b) {
  const float contrast = a.contrast / b.contrast;
  if (contrast > kContrastRatio || contrast < 1 / kContrastRatio) return false;
  // Two halves cannot differ by more than all cells together: most pairs end here.
  if (std::abs(a.across - contrast * b.across) > kSum || std::abs(a.down - contrast * b.down) > kSum) return false;
  const float level = a.mean - contrast * b.mean;
  float sum = 0;
  for (std::size_t i = 0; i < a.cells.size(); ++i) {
    const float step = std::abs(static_cast<float>(a.cells[i]) - contrast * static_cast<float>(b.cells[i]) - level);
    sum += step;
    if (step > kWorst || sum > kSum) return false;
  }
  return true;
}

FrameMemory::Mark FrameMemory::mirrored(const Mark& mark) {
  Mark out = mark;
  out.across = -mark.across;
  for (auto row = out.cells.begin(); row != out.cells.end(); row += kWidth) std::reverse(row, row + kWidth);
  return out;
}

/// Whether the room beside the person alone makes the picture unlike its mirror image, by a quarter more than would do. Then nobody who sits
/// in the same room now and then can be taken for a mirrored film; before an even wall a head that turns left is one that turns right, mirrored.
bool FrameMemory::lopsided(const Mark& mark) {
  int sum = 0;
  for (int y = 0; y < kBesideRows; ++y)
    for (int x = 0; x < kBesideColumns; ++x) {
      const auto row = static_cast<std::size_t>(y * kWidth);
      sum += 2 * std::abs(mark.cells[row + static_cast<std::size_t>(x)] - mark.cells[row + static_cast<std::size_t>(kWidth - 1 - x)]);
    }
  return static_cast<float>(sum) > 1.25F * kSum;
}

int FrameMemory::motion(const Mark& a, const Mark& b) {
  int most = 0;
  for (std::size_t i = 0; i < a.cells.size(); ++i) most = std::max(most, std::abs(a.cells[i] - b.cells[i]));
  return most;
}

void FrameMemory::compare(const Mark& now, const std::vector<Mark>& then, Delays& found) {
  for (std::size_t i = 0; i < then.size(); ++i) {
    if (!alike(now, then[i])) continue;
    // A delay between two steps of the grid counts for both.
    const std::int64_t delay = (now.at - then[i].at).count();
    for (const std::int64_t one : {2 * place(delay), 2 * place(delay + kDelayStep / 2) + 1}) {
      Found& here = found[one];
      if (here.last && i <= *here.last) continue;  // a film runs forward
      // One picture half way between two poses is alike to both: whoever sits still there has not moved with the film.
      if (here.last && !alike(then[*here.last], then[i]) && !alike(then[*here.last], now)) ++here.steps;
      here.last = i;
      ++here.alike;
    }
  }
}

void FrameMemory::begin() {
  now_.clear();
  lopsided_ = true;
  for (Film& film : earlier_) film.found.clear(), film.found_mirrored.clear();
}

void FrameMemory::see(const Frame& frame, bool face) {
  if (!face) return;
  const auto mark = markOf(frame);
  if (!mark) return;
  expire(frame.at);
  // Every frame is compared: the moments that were kept of the film lie between those that are kept now.
  lopsided_ = lopsided_ && lopsided(*mark);
  const Mark turned = mirrored(*mark);
  for (Film& film : earlier_) {
    compare(*mark, film.marks, film.found);
    if (lopsided_) compare(turned, film.marks, film.found_mirrored);
  }
  if (now_.empty() || (now_.size() < kMarksOfTry && frame.at - now_.back().at >= kEvery)) now_.push_back(*mark);
}

bool FrameMemory::finish() {
  const auto ran = [](const Delays& found) {
    return std::any_of(found.begin(), found.end(), [](const auto& one) { return one.second.alike >= kAlike && one.second.steps >= kSteps; });
  };
  const bool seen = std::any_of(earlier_.begin(), earlier_.end(), [&](const Film& film) { return ran(film.found) || (lopsided_ && ran(film.found_mirrored)); });
  keep(std::move(now_));
  begin();
  return seen;
}

void FrameMemory::sit(const Frame& frame, bool face) {
  if (!face || (!sitting_.empty() && frame.at - sitting_.back().at < kSittingEvery)) return;
  const auto mark = markOf(frame);
  if (!mark || (!sitting_.empty() && motion(*mark, sitting_.back()) < kMotion)) return;
  sitting_.push_back(*mark);
  if (sitting_.size() >= kMarksOfFilm) stand();
}

void FrameMemory::stand() { keep(std::move(sitting_)); }

void FrameMemory::keep(std::vector<Mark>&& marks) {
  if (!marks.empty()) {
    marks_ += marks.size();
    Film& film = earlier_.emplace_back();
    film.marks = std::move(marks);
    film.marks.shrink_to_fit();
    film.visit = visit_;
  }
  marks.clear();
  while (marks_ > marks_max_) drop(earlier_.begin());
}

void FrameMemory::drop(std::deque<Film>::iterator film) {
  marks_ -= film->marks.size();
  earlier_.erase(film);
}

void FrameMemory::forgetVisit() {
  now_.clear();
  sitting_.clear();
  while (!earlier_.empty() && earlier_.back().visit == visit_) drop(std::prev(earlier_.end()));
}

void FrameMemory::expire(milliseconds now) {
  while (!earlier_.empty() && now - earlier_.front().marks.back().at > keep_) drop(earlier_.begin());
}

}  // namespace invigil::vision
