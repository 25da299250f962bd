// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "monitor.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>
#include <random>

#include "invigil/base/text.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/vision/frame_watch.hpp"

namespace invigil::face {

using Json = nlohmann::json;

const char* const kMonitorHelp =
    "invigil-face monitor --video SOURCE [options]   what monitoring says about it\n"
    "      SOURCE            a video, a folder of frames, or simulated:IDENTITY\n"
    "      --reference IMG   who should sit there; without it the first frontal frames say so\n"
    "      --models DIR      face models (build/models)\n"
    "      --rate N          frames a second that are looked at (2)\n"
    "      --seconds N       look at so much of it; it begins anew where it ends (once through)\n"
    "      --changed SEED    light, noise and compression change all the time, reproducibly\n"
    "      --json OUT        events with times, times of frames, models\n";

namespace {

struct Options {
  std::string video, reference, models = "build/models", json;
  double rate = 2, seconds = 0;
  std::optional<std::uint32_t> changed;
};

int usage(const std::string& what) {
  std::fprintf(stderr, "invigil-face monitor: %s See --help.\n", what.c_str());
  return 2;
}

std::optional<Options> parse(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    if (i + 1 >= words.size()) return std::nullopt;
    const std::string &name = words[i], &value = words[i + 1];
    char* end = nullptr;
    if (name == "--video") options.video = value;
    else if (name == "--reference") options.reference = value;
    else if (name == "--models") options.models = value;
    else if (name == "--json") options.json = value;
    else if (name == "--rate") options.rate = std::strtod(value.c_str(), &end);
    else if (name == "--seconds") options.seconds = std::strtod(value.c_str(), &end);
    else if (name == "--changed") options.changed = static_cast<std::uint32_t>(std::strtoul(value.c_str(), &end, 10));
    else return std::nullopt;
    if (end && *end != 0) return std::nullopt;
  }
  if (options.video.empty() || options.rate <= 0 || options.rate > 30 || options.seconds < 0) return std::nullopt;
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

Result<Json> watchOver(const Options& options) {
  INVIGIL_TRY(engine, vision::FaceEngine::create(options.models));
  engine->warmUp();
  INVIGIL_TRY(person, referenceOf(*engine, options.reference));
  const bool drawn = options.video.starts_with("simulated:");
  INVIGIL_TRY(source, devices::openCamera(drawn ? options.video + ",fps=0" : "file:" + options.video));
  const double length = options.seconds > 0 ? options.seconds : drawn ? 60 : lengthOf(options.video);
  vision::FrameWatch watch(*engine, std::move(person), false);
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
  Json models = Json::array();
  for (const vision::ModelInfo& model : engine->info().models) models.push_back({{"role", model.role}, {"name", model.name}, {"sha256", model.sha256}});
  const double spent = processorSeconds() - began;
  return Json{{"source", options.video}, {"seconds", length}, {"frames", looked}, {"frames_with_face", faces}, {"events", events},
              {"processor_ms_per_frame", looked ? 1000 * spent / looked : 0.0}, {"models", models}};
}

}  // namespace

int monitorCommand(const std::vector<std::string>& words) {
  const auto options = parse(words);
  if (!options) return usage("Give --video SOURCE and options with their values.");
  const auto report = watchOver(*options);
  if (!report) {
    std::fprintf(stderr, "invigil-face monitor: %s\n", report.error().detail.empty() ? report.error().reason.c_str() : report.error().detail.c_str());
    return 1;
  }
  std::printf("%d frames of %.0f s, %d with a face; %.1f ms of processor time a frame (decoding included)\n", (*report)["frames"].get<int>(),
              (*report)["seconds"].get<double>(), (*report)["frames_with_face"].get<int>(), (*report)["processor_ms_per_frame"].get<double>());
  if (options->json.empty()) return 0;
  if (const auto written = writeFileDurably(options->json, report->dump(2) + "\n"); !written) {
    std::fprintf(stderr, "invigil-face monitor: cannot write %s\n", options->json.c_str());
    return 1;
  }
  return 0;
}

}  // namespace invigil::face
