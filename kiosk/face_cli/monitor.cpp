// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <opencv2/imgproc.hpp>
#include <random>

#include "commands.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/vision/frame_watch.hpp"

namespace invigil::face {

using Json = nlohmann::json;

namespace {

struct Options {
  std::string video, reference;
  double rate = 2, seconds = 0;
  std::optional<std::uint32_t> changed;
  std::FILE* out = stdout;  ///< sentences
};

Result<double> numberOf(const Arguments& arguments, const char* name, double fallback, double low, double high) {
  const std::string text = arguments.value(name);
  if (text.empty()) return fallback;
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != 0 || !(value >= low && value <= high))
    return fail(ErrorCode::InvalidInput, "usage", std::string("--") + name + " wants a number from " + std::to_string(low) + " to " + std::to_string(high) + ".");
  return value;
}

Result<Options> optionsOf(const Arguments& arguments) {
  Options options{arguments.value("video"), arguments.value("reference")};
  options.out = spoken(arguments);
  if (options.video.empty() || !arguments.files.empty()) return fail(ErrorCode::InvalidInput, "usage", "Give --video SOURCE.");
  INVIGIL_TRY(rate, numberOf(arguments, "rate", 2, 0.1, 30));
  INVIGIL_TRY(length, numberOf(arguments, "seconds", 0, 0, 1e6));
  options.rate = rate;
  options.seconds = length;
  if (arguments.has("changed")) {
    INVIGIL_TRY(seed, numberOf(arguments, "changed", 0, 0, 4e9));
    options.changed = static_cast<std::uint32_t>(seed);
  }
  return options;
}

/// Another light, more noise, a camera's compression: changes slowly, as a day in a hall does.
vision::Frame changedFrame(const vision::Frame& frame, double second, std::mt19937& random) {
  cv::Mat picture(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data())), changed, noise(picture.size(), CV_16SC3);
  const double gain = 1 + 0.3 * std::sin(second / 37), lift = 18 * std::sin(second / 61);
  picture.convertTo(changed, CV_16SC3, gain, lift);
  cv::RNG generator(random());
  generator.fill(noise, cv::RNG::NORMAL, 0, 4 + 4 * std::abs(std::sin(second / 23)));
  changed += noise;
  vision::Frame out{frame.width, frame.height, std::vector<std::uint8_t>(frame.bgr.size()), frame.at};
  cv::Mat target(frame.height, frame.width, CV_8UC3, out.bgr.data());
  changed.convertTo(target, CV_8UC3);
  const auto bytes = vision::encodeJpeg(out, 55 + static_cast<int>(35 * std::abs(std::sin(second / 17))));
  if (!bytes) return out;
  auto compressed = vision::decodeImage({bytes->data(), bytes->size()});
  return compressed ? std::move(*compressed) : out;
}

/// The house's own rules (proctor-server/src/sites/sites.cpp, defaultMonitoring).
vision::MonitorRules houseRules() {
  vision::MonitorRules rules;
  const auto set = [&](vision::Concern concern, int notice, int warning, int pause) {
    rules.of[static_cast<std::size_t>(concern)] = {notice, warning, pause};
  };
  using vision::Concern;
  set(Concern::Absent, 5, 20, 60), set(Concern::SecondPerson, 0, 3, 20), set(Concern::OtherPerson, 0, 5, 15);
  set(Concern::LookingAway, 6, 20, 0), set(Concern::FaceHidden, 8, 30, 0), set(Concern::CameraCovered, 5, 15, 45);
  set(Concern::CameraMoved, 5, 30, 0), set(Concern::CameraFrozen, 0, 10, 30), set(Concern::CameraLost, 5, 30, 60);
  return rules;
}

double processorSeconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

struct Person {
  vision::Embedding embedding;
  std::size_t faces = 0;  ///< in the photo
};

/// As verify describes a picture.
Result<Person> referenceOf(vision::FaceEngine& engine, const std::string& path) {
  if (path.empty()) return Person{};
  INVIGIL_TRY(photo, readPicture(path));
  const vision::Look look = engine.look(photo, {.thorough = true});
  if (look.faces == 0) return fail(ErrorCode::InvalidInput, "no_face", "No face in " + path + ".");
  if (look.all.size() > 1)
    std::fprintf(stderr, "%s: %zu faces; the reference is the one at %.0f,%.0f, %.0f pixels wide\n", path.c_str(), look.all.size(), look.face.x, look.face.y, look.face.width);
  INVIGIL_TRY(embedding, engine.embed(photo));
  return Person{std::move(embedding), look.all.size()};
}

milliseconds millisOf(double second) { return milliseconds(std::llround(second * 1000)); }

void tell(std::FILE* out, Json& events, const std::vector<vision::IncidentChange>& changes) {
  for (const vision::IncidentChange& change : changes) {
    Json event{{"place", change.place}, {"kind", vision::concernName(change.concern)}, {"began_ms", change.began.count()},
               {"ended_ms", change.ended ? Json(change.ended->count()) : Json(nullptr)}, {"measure", vision::measureName(change.measure)},
               {"risen", change.risen}, {"score", change.score}};
    std::fprintf(out, "%8.1f s  %-15s %-8s %s\n", 0.001 * static_cast<double>(change.ended ? change.ended->count() : change.began.count()),
                 event["kind"].get<std::string>().c_str(), event["measure"].get<std::string>().c_str(), change.ended ? "over" : change.risen ? "measure" : "noticed");
    events.push_back(std::move(event));
  }
}

/// What was seen of a source.
struct Seen {
  Json events = Json::array();
  double seconds = 0;
  int looked = 0, faces = 0, compared = 0, unreadable = 0;
  bool goes_round = false;
  std::string ended_early;  ///< why
};

/// Looks at a source until its end, or for as long as was asked.
class Watch {
 public:
  Watch(const Options& options, vision::FaceEngine& engine, devices::CameraSource& source, vision::Embedding person)
      : options_(options), source_(source), watch_(engine, std::move(person)), monitor_(houseRules()), random_(options.changed.value_or(0)),
        limit_(options.seconds > 0 ? options.seconds : source.kind() == "file" ? std::numeric_limits<double>::infinity() : kEndless) {}

  Seen run() {
    for (int grabs = 1;; ++grabs) {
      auto frame = source_.grab();
      if (!frame && frame.error().reason == "picture_skipped") {
        tellUnreadable(static_cast<std::size_t>(++seen_.unreadable), frame.error().detail);
        gap_ = true;
        continue;
      }
      if (!frame) {
        seen_.ended_early = frame.error().detail;
        break;
      }
      // A file's own times: one that begins anew goes on counting. A camera counts from somewhere else.
      if (grabs == 1 && source_.kind() == "camera") from_ = frame->at;
      const double second = 0.001 * static_cast<double>((frame->at - from_).count());
      seen_.seconds = std::min(second, limit_);
      passGap(seen_.seconds);
      if (second >= limit_) break;
      if (source_.rounds() > 0 && !source_.brokeOff().empty()) {
        seen_.ended_early = source_.brokeOff();
        break;
      }
      if (source_.rounds() > 0 && std::isinf(limit_)) {
        if (grabs > 2) break;
        limit_ = kStill;  // the second grab gives the first picture again: there is one alone
      }
      seen_.goes_round = source_.rounds() > 0;
      if (second + kRounding < due_) continue;
      try {
        look(*frame, second);
      } catch (const std::exception& error) {
        seen_.ended_early = error.what();  // what was seen until then is reported
        break;
      }
    }
    tell(options_.out, seen_.events, monitor_.stop(millisOf(seen_.seconds)));
    return std::move(seen_);
  }

 private:
  static constexpr double kEndless = 60, kStill = 10;
  static constexpr double kRounding = 0.001;  ///< of Frame::at: the third of fifteen frames a second comes at 0.133, due at 0.1333

  /// Moments at which a picture could not be read are moments without one.
  void passGap(double until) {
    for (; gap_ && due_ + kRounding < until; due_ += 1 / options_.rate) tell(options_.out, seen_.events, monitor_.feed({.at = millisOf(due_), .picture = false}));
    gap_ = false;
  }

  void look(vision::Frame& frame, double second) {
    due_ += 1 / options_.rate;
    if (due_ <= second) due_ = second + 1 / options_.rate;
    const vision::Frame shown = options_.changed ? changedFrame(frame, second, random_) : std::move(frame);
    vision::Sighting sighting = watch_.look(shown, millisOf(second));
    // A drawing repeats itself, and so does whatever begins anew; a camera never does, nor a film of one.
    sighting.frozen = sighting.frozen && source_.kind() != "simulated" && source_.rounds() == 0;
    tell(options_.out, seen_.events, monitor_.feed(sighting));
    seen_.faces += watch_.lastLook().faces > 0;
    seen_.compared += sighting.similarity.has_value();
    ++seen_.looked;
  }

  const Options& options_;
  devices::CameraSource& source_;
  vision::FrameWatch watch_;
  vision::Monitor monitor_;
  std::mt19937 random_;
  Seen seen_;
  double limit_, due_ = 0;
  milliseconds from_{0};
  bool gap_ = false;
};

std::string whyNotChecked(const vision::EngineInfo& info) { return info.canVerify() ? "no frame could be compared" : "there is no verifier, " + info.why_no_verifier; }

Result<Json> watchOver(const Options& options, vision::FaceEngine& engine) {
  engine.warmUp();
  INVIGIL_TRY(person, referenceOf(engine, options.reference));
  INVIGIL_TRY(source, openSource(options.video, false));
  const double began = processorSeconds();
  const Seen seen = Watch(options, engine, *source, std::move(person.embedding)).run();
  const double spent = processorSeconds() - began;
  Json report{{"source", options.video}, {"seconds", seen.seconds}, {"frames", seen.looked}, {"frames_with_face", seen.faces}, {"frames_unreadable", seen.unreadable},
              {"goes_round", seen.goes_round}, {"events", seen.events}, {"processor_ms_per_frame", seen.looked ? 1000 * spent / seen.looked : 0.0},
              {"identity_checked", seen.compared > 0}, {"frames_compared", seen.compared}, {"ended_early", nullptr}, {"reference_faces", nullptr}, {"engine", toJson(engine.info())}};
  if (!seen.ended_early.empty()) report["ended_early"] = seen.ended_early;
  if (!options.reference.empty()) report["reference_faces"] = person.faces;
  return report;
}

}  // namespace

int runMonitor(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"video", "reference", "models", "detector", "threads", "rate", "seconds", "changed", "json"}, {"mirror"});
  if (!arguments) return complain(arguments.error());
  if (const auto good = checkOutputs(*arguments, {"json"}, false); !good) return complain(good.error());
  const auto options = optionsOf(*arguments);
  if (!options) return complain(options.error());
  auto engine = makeEngine(*arguments);
  if (!engine) return complain(engine.error());
  const auto report = watchOver(*options, **engine);
  if (!report) return complain(report.error());
  std::fprintf(options->out, "%d frames of %.0f s, %d with a face; %.1f ms of processor time a frame (decoding included)\n", (*report)["frames"].get<int>(),
               (*report)["seconds"].get<double>(), (*report)["frames_with_face"].get<int>(), (*report)["processor_ms_per_frame"].get<double>());
  if ((*report)["identity_checked"] == false) std::fprintf(options->out, "Who sits there was not checked: %s.\n", whyNotChecked((*engine)->info()).c_str());
  if (arguments->has("json"))
    if (const auto written = writeReport(*arguments, *report); !written) return complain(written.error());
  if ((*report)["ended_early"].is_null()) return kDone;
  return complain({ErrorCode::Unavailable, "camera_lost", (*report)["ended_early"].get<std::string>(), "monitor.cpp"});
}

}  // namespace invigil::face
