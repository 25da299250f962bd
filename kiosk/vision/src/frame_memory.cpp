// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/frame_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <opencv2/imgproc.hpp>

#include "mat.hpp"

namespace invigil::vision {
namespace {

constexpr milliseconds kEvery{250};
constexpr std::size_t kMarksMax = 180;
// Grey levels: compression moves a cell of some hundred pixels by less than one, a head that moves a few pixels by ten.
constexpr int kMean = 2, kWorst = 14;
// So many marks at one delay, and that many of them in motion: who only sits still looks alike on any day.
constexpr int kAlike = 6, kMoving = 3, kMotion = 6;
constexpr std::int64_t kDelayStep = 150;

}  // namespace

void FrameMemory::begin() { now_.clear(); }

void FrameMemory::see(const Frame& frame, const Look& look) {
  if (look.faces == 0 || now_.size() >= kMarksMax || (!now_.empty() && frame.at - now_.back().at < kEvery)) return;
  const cv::Mat picture = asMat(frame);
  if (picture.empty()) return;
  cv::Mat grey, small;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  Mark mark{frame.at, {}};
  small = cv::Mat(kHeight, kWidth, CV_8UC1, mark.cells.data());
  cv::resize(grey, small, small.size(), 0, 0, cv::INTER_AREA);
  now_.push_back(mark);
}

bool FrameMemory::alike(const Mark& a, const Mark& b) {
  int sum = 0, worst = 0;
  for (std::size_t i = 0; i < a.cells.size(); ++i) {
    const int step = std::abs(a.cells[i] - b.cells[i]);
    sum += step;
    worst = std::max(worst, step);
  }
  return sum <= kMean * static_cast<int>(a.cells.size()) && worst <= kWorst;
}

bool FrameMemory::sameFilm(const Try& now, const Try& then) {
  struct Found {
    int alike = 0, moving = 0;
  };
  std::map<std::int64_t, Found> by_delay;
  for (std::size_t i = 1; i < now.size(); ++i) {
    int motion = 0;
    for (std::size_t k = 0; k < now[i].cells.size(); ++k) motion = std::max(motion, std::abs(now[i].cells[k] - now[i - 1].cells[k]));
    std::int64_t last = -1;
    for (const Mark& one : then) {
      if (!alike(now[i], one)) continue;
      // A delay between two steps counts for both; one mark counts once for a delay.
      for (const std::int64_t delay : {(now[i].at - one.at).count() / kDelayStep, ((now[i].at - one.at).count() + kDelayStep) / kDelayStep}) {
        if (delay == last) continue;
        last = delay;
        Found& found = by_delay[delay];
        ++found.alike;
        found.moving += motion >= kMotion;
      }
    }
  }
  return std::any_of(by_delay.begin(), by_delay.end(), [](const auto& one) { return one.second.alike >= kAlike && one.second.moving >= kMoving; });
}

bool FrameMemory::finish() {
  while (!now_.empty() && !earlier_.empty() && now_.back().at - earlier_.front().back().at > keep_) earlier_.pop_front();
  const bool seen = std::any_of(earlier_.begin(), earlier_.end(), [&](const Try& then) { return sameFilm(now_, then); });
  if (!now_.empty()) earlier_.push_back(std::move(now_));
  now_.clear();
  while (earlier_.size() > tries_max_) earlier_.pop_front();
  return seen;
}

}  // namespace invigil::vision
