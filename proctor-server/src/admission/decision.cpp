// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "admission/decision.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "invigil/base/assert.hpp"
#include "invigil/base/random.hpp"
namespace invigil::server {
namespace {

using Outcome = FaceDecision::Outcome;

constexpr std::array<const char*, 5> kActions{"turn_left", "turn_right", "nod", "open_mouth", "blink"};
constexpr int kFramesMin = 3;  ///< below that a template is one lucky picture
/// Longer than any person needs; whoever comes back later may have prepared something.
constexpr milliseconds kChallengeLife{10 * 60 * 1000};

bool isTurn(const std::string& action) { return action == "turn_left" || action == "turn_right"; }

/// Every order of `steps` different actions with a turn among them.
void collect(int steps, std::vector<std::string>& begun, std::vector<std::vector<std::string>>& all) {
  if (static_cast<int>(begun.size()) == steps) {
    if (std::any_of(begun.begin(), begun.end(), isTurn)) all.push_back(begun);
    return;
  }
  for (const char* action : kActions) {
    if (std::find(begun.begin(), begun.end(), action) != begun.end()) continue;
    begun.push_back(action);
    collect(steps, begun, all);
    begun.pop_back();
  }
}

/// Uniform in 0..bound-1 from the operating system's generator. @param bound  1..256.
std::size_t below(std::size_t bound) {
  const std::size_t fair = 256 - 256 % bound;
  std::uint8_t byte = 0;
  do randomBytes(&byte, 1);
  while (byte >= fair);
  return byte % bound;
}

bool holds(const Json& list, const Json& value) { return std::find(list.begin(), list.end(), value) != list.end(); }

std::string lowerCase(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// A number that may be null or missing.
std::optional<double> number(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

/// An empty list allows every driver or device.
std::string cameraFinding(const Json& report, const Json& policy) {
  const std::string kind = report.at("camera_kind");
  if (!holds(policy.at("camera_kinds"), kind)) return "camera_kind";
  if (kind != "camera") return "";
  const Json camera = report.value("camera", Json::object());
  const Json &drivers = policy["liveness"]["camera_drivers"], &devices = policy["liveness"]["usb_ids"];
  if (!drivers.empty() && !holds(drivers, camera.value("driver", ""))) return "camera_driver";
  if (!devices.empty() && !holds(devices, lowerCase(camera.value("usb_id", "")))) return "camera_usb_id";
  return "";
}

/// The steps are those that were asked for, in their order, and they took no longer than the time since they were asked for.
std::string challengeFinding(const Json& report, const Challenge& challenge, Instant now) {
  const Json liveness = report.value("liveness", Json::object());
  if (liveness.value("challenge_id", "").empty() || liveness.value("result", "none") != "passed") {
    // Nothing had been asked yet: too dark, too far, nobody there.
    if (report.at("timed_out").get<bool>() && liveness.value("steps", Json::array()).empty()) return "not_settled";
    const std::string why = liveness.value("why", "");
    return why.empty() ? "timeout" : why;
  }
  if (now - challenge.issued > kChallengeLife) return "timeout";
  const Json& steps = liveness.at("steps");
  if (steps.size() != challenge.actions.size()) return "wrong_action";
  milliseconds taken{0};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].at("action") != challenge.actions[i]) return "wrong_action";
    taken += milliseconds(steps[i].at("ms").get<std::int64_t>());
  }
  return taken > now - challenge.issued ? "too_fast" : "";
}

std::string flatnessFinding(const Json& liveness, const Json& limits, const Challenge& challenge) {
  const double least = limits.at("flatness_min");
  if (!challenge.hasTurn() || least <= 0) return "";
  return number(liveness, "flatness").value_or(0) < least ? "flat" : "";
}

/// Texture and light: of a real camera only. A file or a drawn candidate has no skin and sees no screen.
std::string pictureFinding(const Json& liveness, const Json& limits) {
  if (limits.at("light").get<bool>() && number(liveness, "light").value_or(-1) < limits.at("light_min").get<double>()) return "light";
  const Json texture = liveness.value("texture", Json(nullptr));
  if (texture.is_null()) return "texture_missing";
  if (texture.at("frames").get<int>() < limits.at("texture_frames_min").get<int>()) return "texture_frames";
  const bool fine = texture.at("mean").get<double>() >= limits.at("texture_mean_min").get<double>() &&
                    texture.at("low_share").get<double>() <= limits.at("texture_low_share_max").get<double>();
  return fine ? "" : "texture";
}

/// The layers that ask whether a living person is there, in their order.
std::string livenessFinding(const Json& report, const Json& limits, const std::optional<Challenge>& challenge, Instant now) {
  const Json liveness = report.value("liveness", Json::object());
  if (challenge)
    if (std::string finding = challengeFinding(report, *challenge, now); !finding.empty()) return finding;
  if (liveness.value("replayed", false)) return "replayed";
  if (challenge)
    if (std::string finding = flatnessFinding(liveness, limits, *challenge); !finding.empty()) return finding;
  if (report.at("camera_kind") != "camera") return "";
  // Too dark, too bright, nobody there, and no challenge that would have said so: the layers below had nothing to judge.
  const bool unseen = report.at("timed_out").get<bool>() && report.at("frames").get<int>() == 0;
  if (unseen && !liveness.value("texture", Json(nullptr)).is_null()) return "not_settled";
  return pictureFinding(liveness, limits);
}

/// Compared with the chip's photo, the report may count only where that photo may.
std::string referenceFinding(const Json& report, const Json& policy, const CardFacts& card) {
  const Json compared = report.value("compared", Json::array({"booking"}));
  if (holds(compared, "chip") && !chipCounts(card, policy)) return "chip_photo";
  return !holds(compared, "booking") && !chipSuffices(card, policy) ? "chip_photo" : "";
}

/// A finding that another try can mend becomes the reviewer's after the last one.
FaceDecision tryAgain(const std::string& finding, bool last, const char* why_last) {
  return {last ? Outcome::Reviewer : Outcome::Again, last ? why_last : finding, finding};
}

FaceDecision similarityDecision(const Json& report, const Json& policy, bool last) {
  if (report.at("timed_out").get<bool>() || report.at("frames").get<int>() < kFramesMin) return tryAgain("too_few_frames", last, "low_score");
  const double similarity = report.at("similarity");
  if (similarity < policy.at("refuse_below").get<double>()) return tryAgain("low_score", last, "low_score");
  if (similarity < policy.at("admit_min").get<double>()) return {Outcome::Reviewer, "low_score", "low_score"};
  const auto second = number(report.value("liveness", Json::object()), "second_distance");
  if (second && *second > policy["liveness"]["second_distance_max"].get<double>())
    return {Outcome::Reviewer, "second_opinion", "second_opinion"};
  return {Outcome::Admit, "", ""};
}

}  // namespace

/// Start values: docs/face.md, "Is a living person there". An empty list allows every driver or device.
Json houseLiveness() {
  return {{"challenge_steps", 2},
          {"flatness_min", 0.15},
          {"texture_mean_min", 0.6},
          {"texture_low_share_max", 0.2},
          {"texture_frames_min", 10},
          {"second_distance_max", 0.60},
          {"light", false},
          {"light_min", 0.3},
          {"camera_drivers", {"uvcvideo"}},
          {"usb_ids", Json::array()}};
}

bool Challenge::hasTurn() const { return std::any_of(actions.begin(), actions.end(), isTurn); }

Challenge drawChallenge(int steps, Instant now) {
  INVIGIL_ASSERT(steps >= 1 && steps <= 3);
  std::vector<std::string> begun;
  std::vector<std::vector<std::string>> all;
  collect(steps, begun, all);
  return {randomHex(8), all[below(all.size())], now};
}

bool answers(const Challenge& challenge, const Json& report) {
  const std::string id = report.value("liveness", Json::object()).value("challenge_id", "");
  return id.empty() || id == challenge.id;
}

bool chipCounts(const CardFacts& card, const Json& policy) {
  return card.chip == "serial" || (card.chip == "simulated" && holds(policy.at("camera_kinds"), "simulated"));
}

bool chipSuffices(const CardFacts& card, const Json& policy) { return policy.at("chip_photo").get<bool>() && chipCounts(card, policy); }

FaceDecision decideFaceCheck(const Json& report, const Json& policy, const std::optional<Challenge>& challenge, Instant now, bool last,
                             const CardFacts& card) {
  FaceDecision decision;
  if (std::string finding = cameraFinding(report, policy); !finding.empty())
    decision = {Outcome::Reviewer, "camera_not_allowed", finding};
  else if (finding = referenceFinding(report, policy, card); !finding.empty())
    decision = {Outcome::Reviewer, "no_photo", finding};
  else if (finding = livenessFinding(report, policy.at("liveness"), challenge, now); finding.empty())
    decision = similarityDecision(report, policy, last);
  else if (finding == "replayed")
    decision = {Outcome::Reviewer, "liveness", finding};
  else if (finding == "texture_missing")
    decision = {Outcome::Reviewer, "texture_missing", finding};
  else
    decision = tryAgain(finding, last, "liveness");
  // The certificate bears the booking's name: a person looks which one is right.
  if (decision.outcome == Outcome::Admit && card.name_differs) decision = {Outcome::Reviewer, "card_name", "card_name"};
  decision.texture_skipped = report.at("camera_kind") != "camera";
  return decision;
}

}  // namespace invigil::server
