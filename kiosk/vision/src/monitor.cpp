// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/monitor.hpp"

#include <algorithm>

namespace invigil::vision {
namespace {

constexpr std::array<std::string_view, kConcerns> kNames{"absent",      "second_person",  "other_person", "looking_away", "face_hidden",
                                                         "camera_covered", "camera_moved", "camera_frozen", "camera_lost"};

constexpr milliseconds kGone{2000};       ///< so long without a yes, and it is over
constexpr milliseconds kRecorded{3000};   ///< a concern without measures is written down after so long

/// How many frames must speak for a concern before it is one.
struct Voting {
  milliseconds window{4000};
  std::size_t newest = 1000;       ///< votes within the window that count
  int sure = 3;                    ///< so many of them speak for it, and
  double sure_share = 0.7;
  double flicker_share = 0.7;      ///< fewer than this before it is an incident, and what comes next starts anew
  milliseconds gap{4000};          ///< longer between two that speak for it, and the time between was not seen
  milliseconds unheard{20000};     ///< so long without any vote, and it is over
  std::ptrdiff_t back = 1;         ///< so many votes against it in a row end it
};

Voting votingOn(Concern concern) {
  // Identity can be told only of some frames, of one in ten perhaps: not the clock counts, but the frames that could tell. It wants more
  // of them, a hand on the chin can lower it; and one that resembles by chance neither clears nor ends it.
  if (concern == Concern::OtherPerson)
    return {.window = milliseconds{60000}, .newest = 6, .sure = 5, .sure_share = 0.8, .flicker_share = 0.6, .gap = milliseconds{60000}, .unheard = milliseconds{60000}, .back = 3};
  // To open a camera that gives nothing takes seconds in which nobody can look: they are seconds without it.
  if (concern == Concern::CameraLost) return {.gap = milliseconds{20000}};
  return {};
}

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
  return {one.place, concern, one.measure, one.began, std::nullopt, one.score, false};
}

void Monitor::follow(Concern concern, bool yes, double score, milliseconds at, milliseconds began, std::vector<IncidentChange>& changes) {
  const Voting voting = votingOn(concern);
  Case& one = cases_[static_cast<std::size_t>(concern)];
  one.votes.push_back({at, yes});
  while (one.votes.front().at + voting.window < at || one.votes.size() > voting.newest) one.votes.pop_front();
  if (yes) {
    // Time in which nobody could tell did not last: an incident goes on from where it was, what is none yet begins anew.
    if (one.suspected && at - one.last_yes <= voting.gap) one.lasted += at - one.last_yes;
    else if (one.place == 0) one.since = at, one.began = began, one.lasted = milliseconds{0};
    one.suspected = true;
    one.last_yes = at;
    one.score = score;
  }
  if (!one.suspected) return;
  const auto votes = static_cast<double>(std::count_if(one.votes.begin(), one.votes.end(), [&](const Vote& vote) { return vote.at >= one.since; }));
  const auto in_favour = static_cast<double>(
      std::count_if(one.votes.begin(), one.votes.end(), [&](const Vote& vote) { return vote.yes && vote.at >= one.since; }));
  if (one.place == 0 && in_favour < voting.flicker_share * votes) {
    // It flickered: no concern, and what comes next starts anew.
    one.suspected = false;
    return;
  }
  const bool sure = in_favour >= voting.sure && in_favour >= voting.sure_share * votes;
  Measure due = sure && yes ? measureAfter(concern, one.lasted) : one.measure;
  const MonitorRule& rule = rules_.of[static_cast<std::size_t>(concern)];
  const bool only_recorded = rule.notice_s == 0 && rule.warning_s == 0 && rule.pause_s == 0;
  if (one.place == 0 && (due != Measure::Nothing || (sure && only_recorded && one.lasted >= kRecorded))) {
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
  const auto says = [&](Concern concern, bool yes, double score) { follow(concern, yes, score, now.at, now.at, changes); };
  says(Concern::CameraLost, !now.picture, 0);
  if (now.picture) {
    // Darkness repeats itself: whether a covered picture is a live one nobody can tell.
    if (!now.covered) follow(Concern::CameraFrozen, now.frozen || now.lifeless, 0, now.at, now.frozen ? now.frozen_since.value_or(now.at) : now.at, changes);
    says(Concern::CameraCovered, now.covered, 0);
    const bool seeing = !now.covered && !now.frozen;
    if (seeing) {
      // One thing at a time: where nobody is, nothing else can be said of a face.
      says(Concern::Absent, !now.face, 0);
      if (now.background) says(Concern::CameraMoved, *now.background < rules_.background_min, *now.background);
      says(Concern::SecondPerson, now.face && now.second >= rules_.second_width_min, now.second);
      if (now.face) says(Concern::FaceHidden, now.hidden || now.uncompared, 0);
      if (now.face && now.away && !now.hidden) says(Concern::LookingAway, *now.away > rules_.away_degrees, *now.away);
      if (now.similarity) says(Concern::OtherPerson, *now.similarity < rules_.same_person_min, *now.similarity);
    }
  }
  for (std::size_t i = 0; i < kConcerns; ++i) {
    Case& one = cases_[i];
    if (!one.suspected) continue;
    const Voting voting = votingOn(static_cast<Concern>(i));
    const bool heard = std::count_if(one.votes.begin(), one.votes.end(), [&](const Vote& vote) { return vote.at > one.last_yes; }) >= voting.back;
    if (now.at - one.last_yes < (heard ? kGone : voting.unheard)) continue;
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
