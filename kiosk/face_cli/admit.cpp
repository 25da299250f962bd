// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>

#include "collect_texts.hpp"
#include "commands.hpp"
#include "admission/decision.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/face_admission.hpp"
#include "invigil/vision/frame_memory.hpp"

namespace invigil::face {

using Json = nlohmann::json;

namespace {

struct Options {
  std::string camera;
  vision::Reference reference;
  std::optional<std::vector<vision::Action>> actions;  ///< none = drawn from the seed
  std::uint64_t seed = 1;
  int attempts = 1, tries = 3, steps = 2;
  bool light = false;
  bool as_camera = false;  ///< judge a film as if it came from a real camera: its people have skin
  std::FILE* out = stdout;  ///< sentences
};

/// The house's policy (proctor-server/src/admission/decision.cpp) with any kind of camera: the record says which.
/// @param light  whether the light challenge counts, which it only measures in a house that has it off
Json policy(bool light) {
  Json liveness = server::houseLiveness();
  liveness["light"] = light;
  return {{"camera_kinds", {"camera", "file", "simulated"}}, {"admit_min", vision::Bands{}.admit}, {"refuse_below", vision::Bands{}.refuse}, {"liveness", liveness}};
}

Json cameraJson(const devices::DeviceIdentity& device) {
  return {{"name", device.name}, {"driver", device.driver}, {"bus", device.bus}, {"usb_id", device.usb_id}};
}

/// FaceReport of openapi.yaml, as the kiosk sends it.
Json reportOf(const vision::AdmissionOutcome& outcome, const devices::CameraSource& camera, bool as_camera, const std::string& challenge_id) {
  devices::DeviceIdentity device = camera.device();
  if (as_camera) device.driver = "uvcvideo";
  return {{"camera_kind", as_camera ? "camera" : camera.kind()}, {"camera", cameraJson(device)}, {"similarity", outcome.similarity}, {"frames", outcome.frames},
          {"timed_out", outcome.timed_out}, {"liveness", Json::parse(vision::livenessReport(outcome, challenge_id))}};
}

std::vector<vision::Action> drawActions(std::uint64_t seed, int steps) {
  std::vector<vision::Action> all;
  for (std::size_t i = 0; i < vision::kActions; ++i) all.push_back(static_cast<vision::Action>(i));
  std::mt19937_64 random(seed * 7919 + 17);
  const auto turn = [](vision::Action one) { return one == vision::Action::TurnLeft || one == vision::Action::TurnRight; };
  do std::shuffle(all.begin(), all.end(), random);
  while (std::none_of(all.begin(), all.begin() + steps, turn));
  return {all.begin(), all.begin() + steps};
}

/// A film with the right actions in another order: all five, or just these.
std::string wrongOrder(const std::vector<vision::Action>& asked, std::uint64_t seed) {
  std::mt19937_64 random(seed + 5);
  std::vector<vision::Action> film = asked;
  if (seed % 2 == 0 || film.size() < 2) {
    film.clear();
    for (std::size_t i = 0; i < vision::kActions; ++i) film.push_back(static_cast<vision::Action>(i));
  }
  do std::shuffle(film.begin(), film.end(), random);
  while (std::equal(asked.begin(), asked.end(), film.begin()));
  std::string order;
  for (const vision::Action one : film) order += (order.empty() ? ",order=" : "+") + std::string(vision::actionName(one));
  return order;
}

struct Bench {
  std::vector<double> seconds, decision_ms;
};

/// Frames that did not pass the quality gate while nobody was asked to move, and what was in the way most often.
class Unused {
 public:
  void count(const vision::FaceAdmission::Step& step) {
    ++seen_;
    if (step.prompt || step.quality_ok) return;
    ++frames_;
    ++hints_[static_cast<std::size_t>(step.hint)];
  }
  /// {"frames", "of", "hint", "hint_frames"}; the hint is null where every frame was good
  Json json() const {
    const auto most = std::max_element(hints_.begin(), hints_.end());
    const auto hint = static_cast<vision::Hint>(most - hints_.begin());
    return {{"frames", frames_}, {"of", seen_}, {"hint", *most > 0 ? Json(vision::hintName(hint)) : Json(nullptr)}, {"hint_frames", *most}};
  }

 private:
  int seen_ = 0, frames_ = 0;
  std::array<int, vision::kHints> hints_{};
};

/// "too bright" for "less_light".
std::string hintWords(const std::string& name) {
  for (std::size_t i = 0; i < vision::kHints; ++i)
    if (const auto hint = static_cast<vision::Hint>(i); vision::hintName(hint) == name) return hintText(hint).en;
  return name;
}

/// One try on an open camera.
Result<Json> oneTry(vision::FaceEngine& engine, const Options& options, devices::CameraSource& camera, const std::vector<vision::Action>& actions,
                    vision::FrameMemory& memory, Bench& bench) {
  vision::AdmissionRules rules;
  rules.bands.time_max = seconds{15};
  rules.actions = actions;
  rules.light = options.light;
  vision::FaceAdmission run(engine, options.reference, rules, &memory);
  vision::FaceAdmission::Step step;
  std::optional<milliseconds> begin;
  Unused unused;
  milliseconds now{0};
  std::chrono::steady_clock::time_point arrived;
  std::optional<server::Challenge> challenge;
  if (!actions.empty()) challenge = server::Challenge{"challenge", {}, fromMillis(0)};
  for (const vision::Action one : actions) challenge->actions.emplace_back(vision::actionName(one));
  while (!step.finished) {
    const auto frame = nextFrame(camera);
    if (!frame) return fail(frame.error());
    now = frame->at;
    if (!begin) begin = now;
    arrived = std::chrono::steady_clock::now();
    step = run.feed(*frame, now);
    unused.count(step);
    if (step.screen) camera.screen(step.screen->red / 255.0, step.screen->green / 255.0, step.screen->blue / 255.0);
    else camera.screen(-1, 0, 0);
    camera.prompt(step.prompt ? vision::actionName(*step.prompt) : std::string_view());
  }
  bench.decision_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - arrived).count());
  const double took = 0.001 * static_cast<double>((now - *begin).count());
  const Json report = reportOf(run.outcome(), camera, options.as_camera, challenge ? challenge->id : "");
  const server::FaceDecision decision = server::decideFaceCheck(report, policy(options.light), challenge, fromMillis(0) + (now - *begin), false);
  static constexpr const char* kOutcomes[] = {"admit", "again", "human"};
  if (decision.outcome == server::FaceDecision::Outcome::Admit) bench.seconds.push_back(took);
  return Json{{"asked", challenge ? challenge->actions : std::vector<std::string>{}}, {"decision", kOutcomes[static_cast<int>(decision.outcome)]},
              {"why", decision.finding}, {"texture_skipped", decision.texture_skipped}, {"seconds", took}, {"unused", unused.json()}, {"report", report}};
}

std::string sourceOf(const Options& options, std::uint64_t seed, const std::vector<vision::Action>& first) {
  if (!options.camera.starts_with("simulated:")) return options.camera;
  std::string spec = options.camera;
  if (options.attempts > 1 || spec.find("seed=") == std::string::npos) spec += ",seed=" + std::to_string(seed);
  if (spec.find("attack=replay") != std::string::npos && spec.find("order=") == std::string::npos) spec += wrongOrder(first, seed);
  return spec;
}

/// A camera that is not on the list: nobody has to pose for it.
Json turnedAway(const devices::CameraSource& camera, bool as_camera) {
  const Json report = reportOf({}, camera, as_camera, "");
  const server::FaceDecision decision = server::decideFaceCheck(report, policy(false), std::nullopt, fromMillis(0), false);
  if (decision.why != "camera_not_allowed") return nullptr;
  return {{"asked", Json::array()}, {"decision", "human"}, {"why", decision.finding}, {"seconds", 0.0}, {"report", report}};
}

/// One person: up to so many tries, each with a new challenge.
Result<Json> onePerson(vision::FaceEngine& engine, const Options& options, std::uint64_t seed, Bench& bench) {
  vision::FrameMemory memory;
  Json tries = Json::array();
  const auto actionsOf = [&](int number) {
    return options.actions ? *options.actions : drawActions(seed * 64 + static_cast<std::uint64_t>(number), options.steps);
  };
  std::unique_ptr<devices::CameraSource> camera;
  for (int number = 0; number < options.tries; ++number) {
    const auto actions = actionsOf(number);
    // A film of just the actions asked for is another film with every try; a person stays.
    if (!camera || options.camera.find("attack=replay") != std::string::npos) {
      INVIGIL_TRY(opened, openSource(sourceOf(options, seed + static_cast<std::uint64_t>(number) * 1000003, actions), false));
      camera = std::move(opened);
    }
    if (const Json turned = turnedAway(*camera, options.as_camera); !turned.is_null()) {
      tries.push_back(turned);
      break;
    }
    INVIGIL_TRY(one, oneTry(engine, options, *camera, actions, memory, bench));
    tries.push_back(one);
    if (one["decision"] != "again") break;
  }
  const Json& last = tries.back();
  return Json{{"seed", seed}, {"admitted", last["decision"] == "admit"}, {"decision", last["decision"] == "again" ? "human" : last["decision"]}, {"why", last["why"]}, {"tries", tries}};
}

std::optional<double> medianOf(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void printTry(std::FILE* out, const Json& one) {
  std::string asked, steps;
  for (const auto& action : one["asked"]) asked += (asked.empty() ? "" : ", ") + action.get<std::string>();
  const Json &report = one["report"], &seen = report["liveness"];
  for (const auto& step : seen["steps"]) steps += (steps.empty() ? "" : ", ") + step["action"].get<std::string>() + " " + std::to_string(step["ms"].get<int>()) + " ms";
  std::fprintf(out, "%s%s%s after %.1f s: ", one["decision"].get<std::string>().c_str(), one["why"].get<std::string>().empty() ? "" : " ", one["why"].get<std::string>().c_str(),
               one["seconds"].get<double>());
  if (report["frames"].get<int>() > 0) std::fprintf(out, "similarity %.3f of %d frames", report["similarity"].get<double>(), report["frames"].get<int>());
  else std::fprintf(out, "no frame to compare");
  if (!seen["flatness"].is_null()) std::fprintf(out, ", flatness %.3f", seen["flatness"].get<double>());
  if (!seen["light"].is_null()) std::fprintf(out, ", light %.2f", seen["light"].get<double>());
  if (!seen["texture"].is_null()) std::fprintf(out, ", texture %.2f of %d frames", seen["texture"]["mean"].get<double>(), seen["texture"]["frames"].get<int>());
  if (!seen["second_distance"].is_null()) std::fprintf(out, ", second distance %.2f", seen["second_distance"].get<double>());
  std::fprintf(out, "\n  asked: %s; done: %s\n", asked.empty() ? "nothing" : asked.c_str(), steps.empty() ? "nothing" : steps.c_str());
  if (one["decision"] == "admit" || !one.contains("unused") || one["unused"]["hint"].is_null()) return;
  const Json& unused = one["unused"];
  const std::string hint = unused["hint"];
  std::fprintf(out, "  %d of %d frames were not used, %d of them: %s (%s)\n", unused["frames"].get<int>(), unused["of"].get<int>(), unused["hint_frames"].get<int>(), hint.c_str(),
               hintWords(hint).c_str());
}

Result<Options> optionsOf(const Arguments& arguments, vision::FaceEngine& engine) {
  Options options;
  options.camera = arguments.value("camera");
  if (options.camera.empty() || !arguments.files.empty()) return fail(ErrorCode::InvalidInput, "usage", "Give --camera SOURCE.");
  INVIGIL_TRY(attempts, wholeNumber(arguments, "attempts", 1, 1, 100000));
  INVIGIL_TRY(tries, wholeNumber(arguments, "tries", 3, 1, 10));
  INVIGIL_TRY(steps, wholeNumber(arguments, "steps", 2, 1, 3));
  INVIGIL_TRY(seed, wholeNumber(arguments, "challenge", 1, 0, 1L << 40));
  options.attempts = static_cast<int>(attempts), options.tries = static_cast<int>(tries), options.steps = static_cast<int>(steps);
  options.seed = static_cast<std::uint64_t>(seed);
  options.light = arguments.has("light");
  options.as_camera = arguments.has("as-camera");
  options.out = spoken(arguments);
  // What is added to it below for every try must not stand in the error about it.
  if (options.camera.starts_with("simulated:")) INVIGIL_CHECK(openSource(options.camera, false));
  if (arguments.has("actions")) {
    options.actions.emplace();
    std::string rest = arguments.value("actions");
    while (!rest.empty() && rest != "none") {
      const auto plus = rest.find('+');
      const auto action = vision::actionOf(rest.substr(0, plus));
      if (!action) return fail(ErrorCode::InvalidInput, "usage", "--actions wants turn_left, turn_right, nod, open_mouth, blink joined by +, or none.");
      options.actions->push_back(*action);
      rest = plus == std::string::npos ? "" : rest.substr(plus + 1);
    }
  }
  std::vector<vision::Frame> photos;
  std::vector<std::string> paths;
  if (arguments.has("reference")) {
    std::istringstream names(arguments.value("reference"));
    for (std::string name; std::getline(names, name, ',');) {
      INVIGIL_TRY(read, readPicture(name));
      photos.push_back(std::move(read));
      paths.push_back(name);
    }
  } else if (options.camera.starts_with("simulated:")) {
    photos.push_back(devices::drawFace({.identity = std::max(1, std::atoi(options.camera.c_str() + 10))}, 480, 640));
    paths.push_back("the drawn photo of " + options.camera);
  } else {
    return fail(ErrorCode::InvalidInput, "usage", "Give --reference IMG, or several joined by commas.");
  }
  options.reference = vision::describeReference(engine, photos);
  const auto& used = options.reference.used;
  std::string all, faceless;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    all += (all.empty() ? "" : ", ") + paths[i];
    if (std::find(used.begin(), used.end(), i) == used.end()) faceless += (faceless.empty() ? "" : ", ") + paths[i];
  }
  if (options.reference.mixed) return fail(ErrorCode::InvalidInput, "mixed", "The references show different people: " + all + ".", "admit.cpp");
  if (!engine.info().canVerify()) return fail(ErrorCode::Unavailable, "no_recognition_model", "Nobody can be compared with " + all + ": " + engine.info().why_no_verifier + ".", "admit.cpp");
  if (options.reference.first.empty()) return fail(ErrorCode::InvalidInput, "no_face", "No face can be taken from " + all + ".", "admit.cpp");
  if (!faceless.empty()) std::fprintf(stderr, "no face in %s; the other references are compared\n", faceless.c_str());
  return options;
}

Result<Json> admitAll(const Options& options, vision::FaceEngine& engine) {
  Bench bench;
  std::map<std::string, int> outcomes, faults;
  Json people = Json::array();
  int admitted = 0, by_try[3] = {0, 0, 0};
  for (int i = 0; i < options.attempts; ++i) {
    INVIGIL_TRY(person, onePerson(engine, options, options.seed + static_cast<std::uint64_t>(i), bench));
    if (options.attempts == 1)
      for (const Json& one : person["tries"]) printTry(options.out, one);
    const std::string why = person["why"];
    ++outcomes[person["decision"].get<std::string>() + (why.empty() ? "" : " (" + why + ")")];
    for (const Json& one : person["tries"]) ++faults[one["decision"] == "admit" ? "admit" : one["why"].get<std::string>()];
    if (person["admitted"] == true) {
      ++admitted;
      ++by_try[std::min<std::size_t>(2, person["tries"].size() - 1)];
    }
    people.push_back(std::move(person));
  }
  const auto seconds_median = medianOf(bench.seconds), decision_ms_median = medianOf(bench.decision_ms);
  const auto orNull = [](const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); };
  std::fprintf(options.out, "%d of %d admitted (%d, %d, %d at the first, second, third try)", admitted, options.attempts, by_try[0], by_try[1], by_try[2]);
  if (seconds_median) std::fprintf(options.out, "; median %.1f s a successful try", *seconds_median);
  if (decision_ms_median) std::fprintf(options.out, "; decision %.0f ms after the last frame", *decision_ms_median);
  std::fprintf(options.out, "\n");
  for (const auto& [name, count] : outcomes) std::fprintf(options.out, "  %6d %s\n", count, name.c_str());
  return Json{{"camera", options.camera}, {"attempts", options.attempts}, {"admitted", admitted}, {"outcomes", outcomes}, {"tries", faults},
              {"seconds_median", orNull(seconds_median)}, {"decision_ms_median", orNull(decision_ms_median)}, {"people", people}, {"engine", face::toJson(engine.info())}};
}

}  // namespace

int runAdmit(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"camera", "reference", "models", "detector", "threads", "challenge", "actions", "attempts", "tries", "steps", "json"}, {"mirror", "light", "as-camera"});
  if (!arguments) return complain(arguments.error());
  if (const auto good = checkOutputs(*arguments, {"json"}, false); !good) return complain(good.error());
  auto engine = makeEngine(*arguments);
  if (!engine) return complain(engine.error());
  (*engine)->warmUp();
  const auto options = optionsOf(*arguments, **engine);
  if (!options) return complain(options.error());
  const auto report = admitAll(*options, **engine);
  if (!report) return complain(report.error());
  if (!arguments->has("json")) return kDone;
  const auto written = writeReport(*arguments, *report);
  return written ? kDone : complain(written.error());
}

}  // namespace invigil::face
