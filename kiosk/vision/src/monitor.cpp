// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/monitor.hpp"

#include <algorithm>

namespace invigil::vision {
namespace {

constexpr std::array<std::string_view, kConcerns> kNames{"absent",      "second_person",  "other_person", "looking_away", "face_hidden",
                                                         "camera_covered", "camera_moved", "camera_frozen", "camera_lost"};

/// How many frames must speak for a concern before it is one; identity wants more, a hand on the chin can lower it.
constexpr int framesMin(Concern concern) { return concern == Concern::OtherPerson ? 5 : 3; }

constexpr milliseconds kWindow{4000};     ///< votes that count
constexpr milliseconds kGone{2000};       ///< so long without a yes, and it is over
constexpr milliseconds kUnheard{20000};   ///< the same where no frame can tell
constexpr milliseconds kRecorded{3000};   ///< a concern without measures is written down after so long
constexpr double kMostly = 0.7;           ///< share of the votes

}  // namespace

std::string_view concernName(Concern concern) { return kNames[static_cast<std::size_t>(concern)]; }

std::optional<Concern> concernOf(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Concern>(found - kNames.begin());
}

std::string_view measureName(Measure measure) {
  constexpr std::string_view kMeasures[]{"nothing", "notice", "warning", "pause"};
  return kMeasures[static_cast<std::size_t>(measure)];
}

Measure Monitor::measureAfter(Concern concern, milliseconds lasted) const {
  const MonitorRule& rule = rules_.of[static_cast<std::size_t>(concern)];
  const auto due = [&](int seconds_needed) { return seconds_needed > 0 && lasted >= seconds(seconds_needed); };
  return due(rule.pause_s) ? Measure::Pause : due(rule.warning_s) ? Measure::Warning : due(rule.notice_s) ? Measure::Notice : Measure::Nothing;
}

IncidentChange Monitor::changeOf(Concern concern, const Case& one) const {
  return {one.place, concern, one.measure, one.since, std::nullopt, one.score, false};
}

void Monitor::follow(Concern concern, bool yes, double score, milliseconds at, std::vector<IncidentChange>& changes) {
  Case& one = cases_[static_cast<std::size_t>(concern)];
  one.votes.push_back({at, yes});
  while (one.votes.front().at + kWindow < at) one.votes.pop_front();
  if (yes) {
    one.last_yes = at;
    one.score = score;
  }
  if (!one.suspected) {
    if (!yes) return;
    one.suspected = true;
    one.since = at;
  }
  const auto votes = static_cast<double>(std::count_if(one.votes.begin(), one.votes.end(), [&](const Vote& vote) { return vote.at >= one.since; }));
  const auto in_favour = static_cast<double>(
      std::count_if(one.votes.begin(), one.votes.end(), [&](const Vote& vote) { return vote.yes && vote.at >= one.since; }));
  if (one.place == 0 && in_favour < kMostly * votes) {
    // It flickered: no concern, and what comes next starts anew.
    one.suspected = false;
    return;
  }
  const bool sure = in_favour >= framesMin(concern) && in_favour >= kMostly * votes;
  Measure due = sure && yes ? measureAfter(concern, at - one.since) : one.measure;
  const MonitorRule& rule = rules_.of[static_cast<std::size_t>(concern)];
  const bool only_recorded = rule.notice_s == 0 && rule.warning_s == 0 && rule.pause_s == 0;
  if (one.place == 0 && (due != Measure::Nothing || (sure && only_recorded && at - one.since >= kRecorded))) {
    one.place = place_++;
    changes.push_back(changeOf(concern, one));
  }
  if (due <= one.measure) return;
  if (due == Measure::Warning && rules_.warnings_to_pause > 0 && ++warnings_ >= rules_.warnings_to_pause) due = Measure::Pause;
  one.measure = due;
  if (changes.empty() || changes.back().place != one.place) changes.push_back(changeOf(concern, one));
  changes.back().measure = due;
  changes.back().risen = true;
}

std::vector<IncidentChange> Monitor::feed(const Sighting& now) {
  std::vector<IncidentChange> changes;
  const auto says = [&](Concern concern, bool yes, double score) { follow(concern, yes, score, now.at, changes); };
  says(Concern::CameraLost, !now.picture, 0);
  if (now.picture) {
    says(Concern::CameraFrozen, now.frozen, 0);
    says(Concern::CameraCovered, now.covered, 0);
    const bool seeing = !now.covered && !now.frozen;
    if (seeing) {
      // One thing at a time: where nobody is, nothing else can be said of a face.
      says(Concern::Absent, !now.face, 0);
      if (now.background) says(Concern::CameraMoved, *now.background < rules_.background_min, *now.background);
      says(Concern::SecondPerson, now.face && now.second >= rules_.second_width_min, now.second);
      if (now.face) says(Concern::FaceHidden, now.hidden, 0);
      if (now.face && now.away && !now.hidden) says(Concern::LookingAway, *now.away > rules_.away_degrees, *now.away);
      if (now.similarity) says(Concern::OtherPerson, *now.similarity < rules_.same_person_min, *now.similarity);
    }
  }
  for (std::size_t i = 0; i < kConcerns; ++i) {
    Case& one = cases_[i];
    if (!one.suspected) continue;
    const bool heard = !one.votes.empty() && one.votes.back().at > one.last_yes;
    if (now.at - one.last_yes < (heard ? kGone : kUnheard)) continue;
    if (one.place > 0) {
      changes.push_back(changeOf(static_cast<Concern>(i), one));
      changes.back().ended = one.last_yes;
    }
    one = {};
  }
  return changes;
}

std::vector<IncidentChange> Monitor::stop(milliseconds now) {
  std::vector<IncidentChange> changes;
  for (std::size_t i = 0; i < kConcerns; ++i) {
    if (cases_[i].place > 0) {
      changes.push_back(changeOf(static_cast<Concern>(i), cases_[i]));
      changes.back().ended = now;
    }
    cases_[i] = {};
  }
  return changes;
}

}  // namespace invigil::vision
