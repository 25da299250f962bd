// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "invigil/base/clock.hpp"

namespace invigil::vision {

/// What monitoring looks for during a sitting. The order is that of the arrays below.
enum class Concern { Absent, SecondPerson, OtherPerson, LookingAway, FaceHidden, CameraCovered, CameraMoved, CameraFrozen, CameraLost };
inline constexpr std::size_t kConcerns = 9;
/// "absent", "second_person", … as on the wire.
std::string_view concernName(Concern concern);
std::optional<Concern> concernOf(std::string_view name);

/// What is done about it, the gentlest first. Ending a sitting is a person's business and not among them.
enum class Measure { Nothing, Notice, Warning, Pause };
std::string_view measureName(Measure measure);

/// What one moment says, of one frame or of its absence.
struct Sighting {
  milliseconds at{0};                ///< monotonic
  bool picture = true;               ///< false: the camera gave none; then nothing below counts
  bool covered = false;              ///< dark or without structure, and no face in it
  bool frozen = false;               ///< exactly a picture that was there before: no camera does that
  std::optional<milliseconds> frozen_since;  ///< when the picture stood still from; none = the moment of this sighting
  std::optional<double> background;  ///< likeness of what is beside the person to the start, -1..1
  bool face = false;
  double second = 0;                 ///< width of the next face relative to the candidate's, 0 = none
  std::optional<double> similarity;  ///< to the person admitted; only of a frontal, sharp, uncovered face
  std::optional<double> away;        ///< degrees that head or gaze are off the screen; none when it cannot be told
  bool hidden = false;               ///< the face is there and covered
  bool uncompared = false;           ///< not one frame of the face was like the person's for FrameWatch::kUncompared
  bool lifeless = false;             ///< the face has not moved at all for a minute: a picture of one (Standstill)
};

/// Seconds that a concern has to last; 0 = this measure is never taken.
struct MonitorRule {
  int notice_s = 0, warning_s = 0, pause_s = 0;
};

struct MonitorRules {
  std::array<MonitorRule, kConcerns> of{};
  int warnings_to_pause = 0;       ///< this warning of the sitting becomes a pause; 0 = never
  double same_person_min = 0.30;   ///< similarity below it speaks for another person (docs/face.md)
  double second_width_min = 0.40;  ///< of the person's own width; passers-by are smaller
  double away_degrees = 30;        ///< beyond it the eyes are off the screen
  double background_min = 0.25;    ///< below it the camera looks elsewhere
};

/// A change that has to be told: an incident began, its measure rose, or it is over.
struct IncidentChange {
  int place = 0;  ///< number of the incident within the sitting, from 1
  Concern concern{};
  Measure measure = Measure::Nothing;
  milliseconds began{0};         ///< the first sighting that speaks for it; of a frozen picture the first that shows it
  std::optional<milliseconds> ended;
  double score = 0;        ///< of the newest frame that speaks for it
  bool risen = false;      ///< the measure is new: show it
};

/// Turns sightings into incidents. Nothing rests on one frame: a concern has to hold in several frames over time, and lets go
/// only after it has been gone for a while. Pure: time comes in. Source: docs/adr/0011-proctoring.md.
class Monitor {
 public:
  /// @param next_place  1, or one more than the last incident of the same sitting after a restart
  explicit Monitor(const MonitorRules& rules, int next_place = 1) : rules_(rules), place_(next_place) {}

  /// @param sighting  not earlier than the one before. @return what changed, mostly nothing.
  std::vector<IncidentChange> feed(const Sighting& sighting);
  /// Ends what still lasts: the sitting is over or monitoring stops.
  std::vector<IncidentChange> stop(milliseconds now);

 private:
  struct Vote {
    milliseconds at;
    bool yes;
  };
  struct Case {
    std::deque<Vote> votes;   ///< the newest, as far back as votingOn(concern) wants
    bool suspected = false;
    milliseconds since{0}, last_yes{0};
    milliseconds began{0};    ///< as told: a picture that stands still was no repetition when it was new
    milliseconds lasted{0};   ///< since then, without stretches in which nobody could tell
    int place = 0;            ///< 0 = not an incident yet
    Measure measure = Measure::Nothing;
    double score = 0;
  };

  /// @param began  when what is there now began; not later than `at`
  void follow(Concern concern, bool yes, double score, milliseconds at, milliseconds began, std::vector<IncidentChange>& changes);
  Measure measureAfter(Concern concern, milliseconds lasted) const;
  IncidentChange changeOf(Concern concern, const Case& one) const;

  MonitorRules rules_;
  std::array<Case, kConcerns> cases_{};
  int place_ = 1, warnings_ = 0;
};

}  // namespace invigil::vision
