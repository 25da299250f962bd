// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sstream>

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
              {"why", decision.finding}, {"texture_skipped", decision.texture_skipped}, {"seconds", took}, {"report", report}};
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

double medianOf(std::vector<double> values) {
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

void printTry(const Json& one) {
  std::string asked, steps;
  for (const auto& action : one["asked"]) asked += (asked.empty() ? "" : ", ") + action.get<std::string>();
  const Json &report = one["report"], &seen = report["liveness"];
  for (const auto& step : seen["steps"]) steps += (steps.empty() ? "" : ", ") + step["action"].get<std::string>() + " " + std::to_string(step["ms"].get<int>()) + " ms";
  std::printf("%s%s%s after %.1f s: similarity %.3f of %d frames", one["decision"].get<std::string>().c_str(), one["why"].get<std::string>().empty() ? "" : " ",
              one["why"].get<std::string>().c_str(), one["seconds"].get<double>(), report["similarity"].get<double>(), report["frames"].get<int>());
  if (!seen["flatness"].is_null()) std::printf(", flatness %.3f", seen["flatness"].get<double>());
  if (!seen["light"].is_null()) std::printf(", light %.2f", seen["light"].get<double>());
  if (!seen["texture"].is_null()) std::printf(", texture %.2f of %d frames", seen["texture"]["mean"].get<double>(), seen["texture"]["frames"].get<int>());
  if (!seen["second_distance"].is_null()) std::printf(", second distance %.2f", seen["second_distance"].get<double>());
  std::printf("\n  asked: %s; done: %s\n", asked.empty() ? "nothing" : asked.c_str(), steps.empty() ? "nothing" : steps.c_str());
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
  if (arguments.has("reference")) {
    std::istringstream names(arguments.value("reference"));
    for (std::string name; std::getline(names, name, ',');) {
      INVIGIL_TRY(read, readPicture(name));
      photos.push_back(std::move(read));
    }
  } else if (options.camera.starts_with("simulated:")) {
    photos.push_back(devices::drawFace({.identity = std::max(1, std::atoi(options.camera.c_str() + 10))}, 480, 640));
  } else {
    return fail(ErrorCode::InvalidInput, "usage", "Give --reference IMG, or several joined by commas.");
  }
  options.reference = vision::describeReference(engine, photos);
  if (options.reference.mixed) return fail(ErrorCode::InvalidInput, "mixed", "The references show different people.");
  if (options.reference.first.empty()) return fail(ErrorCode::InvalidInput, "no_face", "No face can be taken from the reference" + (engine.info().canVerify() ? std::string(".") : ": " + engine.info().why_no_verifier + "."));
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
      for (const Json& one : person["tries"]) printTry(one);
    const std::string why = person["why"];
    ++outcomes[person["decision"].get<std::string>() + (why.empty() ? "" : " (" + why + ")")];
    for (const Json& one : person["tries"]) ++faults[one["decision"] == "admit" ? "admit" : one["why"].get<std::string>()];
    if (person["admitted"] == true) {
      ++admitted;
      ++by_try[std::min<std::size_t>(2, person["tries"].size() - 1)];
    }
    people.push_back(std::move(person));
  }
  std::printf("%d of %d admitted (%d, %d, %d at the first, second, third try); median %.1f s a successful try, decision %.0f ms after its last frame\n", admitted,
              options.attempts, by_try[0], by_try[1], by_try[2], medianOf(bench.seconds), medianOf(bench.decision_ms));
  for (const auto& [name, count] : outcomes) std::printf("  %6d %s\n", count, name.c_str());
  return Json{{"camera", options.camera}, {"attempts", options.attempts}, {"admitted", admitted}, {"outcomes", outcomes}, {"tries", faults},
              {"seconds_median", medianOf(bench.seconds)}, {"decision_ms_median", medianOf(bench.decision_ms)}, {"people", people}, {"engine", face::toJson(engine.info())}};
}

}  // namespace

int runAdmit(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"camera", "reference", "models", "detector", "threads", "challenge", "actions", "attempts", "tries", "steps", "json"}, {"mirror", "light", "as-camera"});
  if (!arguments) return complain(arguments.error());
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
