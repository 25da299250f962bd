// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <random>

#include "commands.hpp"
#include "invigil/base/text.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/vision/frame_watch.hpp"

namespace invigil::face {

using Json = nlohmann::json;

namespace {

struct Options {
  std::string video, reference;
  double rate = 2, seconds = 0;
  std::optional<std::uint32_t> changed;
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

/// How long the source is, in seconds, so that it is seen once; a single picture is seen for ten.
double lengthOf(const std::string& path) {
  cv::VideoCapture capture(path, cv::CAP_FFMPEG);
  if (!capture.isOpened()) return 10;
  const double frames = capture.get(cv::CAP_PROP_FRAME_COUNT), rate = capture.get(cv::CAP_PROP_FPS);
  return frames > 0 && rate > 0 ? frames / rate : 10;
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

Result<vision::Embedding> referenceOf(vision::FaceEngine& engine, const std::string& path) {
  if (path.empty()) return vision::Embedding{};
  INVIGIL_TRY(content, readFile(path, vision::kImageBytesMax));
  INVIGIL_TRY(photo, vision::decodeImage({reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}));
  if (engine.look(photo).faces == 0) return fail(ErrorCode::InvalidInput, "no_face", "No face in " + path + ".");
  return engine.embed(photo);
}

void tell(Json& events, const std::vector<vision::IncidentChange>& changes) {
  for (const vision::IncidentChange& change : changes) {
    Json event{{"place", change.place}, {"kind", vision::concernName(change.concern)}, {"began_ms", change.began.count()},
               {"ended_ms", change.ended ? Json(change.ended->count()) : Json(nullptr)}, {"measure", vision::measureName(change.measure)},
               {"risen", change.risen}, {"score", change.score}};
    std::printf("%8.1f s  %-15s %-8s %s\n", 0.001 * static_cast<double>(change.ended ? change.ended->count() : change.began.count()),
                event["kind"].get<std::string>().c_str(), event["measure"].get<std::string>().c_str(), change.ended ? "over" : change.risen ? "measure" : "noticed");
    events.push_back(std::move(event));
  }
}

Result<Json> watchOver(const Options& options, vision::FaceEngine& engine) {
  engine.warmUp();
  INVIGIL_TRY(person, referenceOf(engine, options.reference));
  const bool drawn = options.video.starts_with("simulated:");
  INVIGIL_TRY(source, devices::openCamera(drawn ? options.video : "file:" + options.video, false));
  const double length = options.seconds > 0 ? options.seconds : drawn ? 60 : lengthOf(options.video);
  vision::FrameWatch watch(engine, std::move(person), false);
  vision::Monitor monitor(houseRules());
  std::mt19937 random(options.changed.value_or(0));
  Json events = Json::array();
  const double began = processorSeconds();
  int looked = 0, faces = 0;
  double next = 0, last = 0;
  for (;;) {
    auto frame = source->grab();
    if (!frame) return fail(frame.error());
    // The file's own times: a source that begins anew goes on counting.
    const double second = 0.001 * static_cast<double>(frame->at.count());
    if (second >= length) break;
    last = second;
    if (second + 1e-9 < next) continue;
    next += 1 / options.rate;
    const vision::Frame shown = options.changed ? changedFrame(*frame, second, random) : std::move(*frame);
    tell(events, monitor.feed(watch.look(shown, milliseconds(std::llround(second * 1000)))));
    faces += watch.lastLook().faces > 0;
    ++looked;
  }
  tell(events, monitor.stop(milliseconds(std::llround(last * 1000))));
  const double spent = processorSeconds() - began;
  return Json{{"source", options.video}, {"seconds", length}, {"frames", looked}, {"frames_with_face", faces}, {"events", events},
              {"processor_ms_per_frame", looked ? 1000 * spent / looked : 0.0}, {"engine", toJson(engine.info())}};
}

}  // namespace

int runMonitor(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"video", "reference", "models", "detector", "threads", "rate", "seconds", "changed", "json"}, {"mirror"});
  if (!arguments) return complain(arguments.error());
  const auto options = optionsOf(*arguments);
  if (!options) return complain(options.error());
  auto engine = makeEngine(*arguments);
  if (!engine) return complain(engine.error());
  const auto report = watchOver(*options, **engine);
  if (!report) return complain(report.error());
  std::printf("%d frames of %.0f s, %d with a face; %.1f ms of processor time a frame (decoding included)\n", (*report)["frames"].get<int>(),
              (*report)["seconds"].get<double>(), (*report)["frames_with_face"].get<int>(), (*report)["processor_ms_per_frame"].get<double>());
  if (!arguments->has("json")) return kDone;
  const auto written = writeReport(*arguments, *report);
  return written ? kDone : complain(written.error());
}

}  // namespace invigil::face
