// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>

#include "commands.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/recording/film.hpp"
#include "output.hpp"

namespace invigil::face {
namespace {

constexpr std::size_t kFramesMax = 3000;  // 640x480: 2.7 GB
constexpr int kSegmentSeconds = 30;

double threadMs() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

Result<int> number(const Arguments& arguments, const char* name, int fallback, int low, int high) {
  const std::string text = arguments.value(name);
  if (text.empty()) return fallback;
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || value < low || value > high)
    return fail(ErrorCode::InvalidInput, "usage", std::string("--") + name + " wants a number from " + std::to_string(low) + " to " + std::to_string(high) + ".", "film.cpp");
  return value;
}

struct Taken {
  std::vector<vision::Frame> frames;
  std::string ended_early;  ///< why
};

/// The pictures that a recorder would take: so many a second, by the source's own time; a short source goes round.
Result<Taken> pictures(const std::string& source, int per_second, int length_s) {
  INVIGIL_TRY(camera, openSource(source, true));
  Taken taken;
  std::vector<vision::Frame>& kept = taken.frames;
  std::optional<milliseconds> first;
  milliseconds due{0};
  const auto wanted = std::min(kFramesMax, static_cast<std::size_t>(length_s) * static_cast<std::size_t>(per_second));
  while (kept.size() < wanted) {
    INVIGIL_TRY(frame, nextFrame(*camera));
    if (camera->rounds() > 0 && !camera->brokeOff().empty()) {
      taken.ended_early = camera->brokeOff();
      break;
    }
    if (!first) first = frame.at;
    if (frame.at - *first >= seconds{length_s}) break;
    if (frame.at - *first < due) continue;
    due += milliseconds{1000 / per_second};
    kept.push_back(std::move(frame));
  }
  return taken;
}

struct Measured {
  double cpu_ms = 0, bytes_per_hour = 0;
  std::string last_webm;
};

Result<Measured> measure(recording::Codec codec, const std::vector<vision::Frame>& frames, int per_second) {
  recording::FilmRules rules;
  rules.codec = codec;
  recording::Film film(rules);
  const milliseconds step{1000 / per_second};
  Measured m;
  double bytes = 0;
  const double start = threadMs();
  Instant at = fromMillis(0);
  for (const vision::Frame& frame : frames) {
    if (!film.empty() && (at - film.began() >= seconds{kSegmentSeconds} || !film.fits(frame))) {
      INVIGIL_TRY(done, film.finish(step));
      bytes += static_cast<double>(done.webm.size());
    }
    INVIGIL_CHECK(film.add(frame, at));
    at += step;
  }
  INVIGIL_TRY(done, film.finish(step));
  bytes += static_cast<double>(done.webm.size());
  m.cpu_ms = (threadMs() - start) / static_cast<double>(frames.size());
  m.bytes_per_hour = bytes / static_cast<double>(frames.size()) * per_second * 3600;
  m.last_webm = std::move(done.webm);
  return m;
}

Status film(const Arguments& arguments) {
  if (!arguments.has("source")) return fail(ErrorCode::InvalidInput, "usage", "--source is missing.", "film.cpp");
  INVIGIL_TRY(per_second, number(arguments, "frames-per-second", 5, 1, 15));
  INVIGIL_TRY(length_s, number(arguments, "seconds", 60, 1, 600));
  INVIGIL_CHECK(checkOutputs(arguments, {"json", "webm"}, true));
  INVIGIL_TRY(taken, pictures(arguments.value("source"), per_second, length_s));
  const std::vector<vision::Frame>& frames = taken.frames;
  if (frames.empty()) return fail(ErrorCode::InvalidInput, "no_pictures", "The source gives no pictures.", "film.cpp");
  nlohmann::json report{{"source", arguments.value("source")}, {"pictures", frames.size()}, {"frames_per_second", per_second},
                        {"width", frames.front().width}, {"height", frames.front().height}, {"ended_early", nullptr}};
  if (!taken.ended_early.empty()) report["ended_early"] = taken.ended_early;
  Status kept;
  for (const auto& [name, codec] : {std::pair{"vp8", recording::Codec::Vp8}, std::pair{"vp9", recording::Codec::Vp9}}) {
    INVIGIL_TRY(m, measure(codec, frames, per_second));
    report[name] = {{"cpu_ms_a_picture", m.cpu_ms}, {"cpu_share", m.cpu_ms * per_second / 1000}, {"megabytes_an_hour", m.bytes_per_hour / 1e6}};
    if (codec == recording::Codec::Vp8 && arguments.has("webm")) kept = writeOutput(arguments.value("webm"), m.last_webm);
  }
  INVIGIL_CHECK(writeReport(arguments, report));
  INVIGIL_CHECK(kept);
  for (const char* name : {"vp8", "vp9"}) {
    if (!arguments.has("json")) break;
    std::fprintf(spoken(arguments), "%s: %.1f ms a picture, %.1f %% of a core at %d a second, %.0f MB an hour\n", name, report[name]["cpu_ms_a_picture"].get<double>(),
                 100 * report[name]["cpu_share"].get<double>(), per_second, report[name]["megabytes_an_hour"].get<double>());
  }
  if (!taken.ended_early.empty()) return fail(ErrorCode::Unavailable, "camera_lost", taken.ended_early, "film.cpp");
  return {};
}

}  // namespace

int runFilm(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"source", "seconds", "frames-per-second", "webm", "json"}, {});
  if (!arguments) return complain(arguments.error());
  const auto done = film(*arguments);
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
