// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "commands.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/bands.hpp"
#include "plain_loop.hpp"

namespace invigil::face {
namespace {

// Processor time of this process: on a shared machine the wall clock measures the others too.
double processorMs() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}
double wallMs() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_nsec);
}

struct Stage {
  std::vector<double> cpu, wall;
  template <class Work>
  void time(Work&& work) {
    const double c = processorMs(), w = wallMs();
    work();
    cpu.push_back(processorMs() - c);
    wall.push_back(wallMs() - w);
  }
  static double at(std::vector<double> values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
  }
  double median() const { return at(cpu, 0.5); }
  nlohmann::json json() const {
    return {{"cpu_ms_median", at(cpu, 0.5)}, {"cpu_ms_p95", at(cpu, 0.95)}, {"wall_ms_median", at(wall, 0.5)},
            {"wall_ms_p95", at(wall, 0.95)}, {"runs", cpu.size()}};
  }
};

double memoryMib(const std::string& key) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line))
    if (line.starts_with(key + ":")) return std::strtod(line.c_str() + key.size() + 1, nullptr) / 1024;
  return 0;
}

struct Measured {
  std::map<std::string, Stage> stages;
  bool verifier = false, second = false, texture = false;
};

Measured measure(vision::FaceEngine& engine, PlainLoop* plain, const std::vector<vision::Frame>& frames, int rounds) {
  Measured m{{}, engine.info().canVerify(), !engine.info().second.empty(), !engine.info().texture.empty()};
  const auto reference = engine.embed(frames.front());
  std::vector<vision::Embedding> kept;
  for (int i = 0; i < rounds; ++i) {
    vision::Frame frame = frames[static_cast<std::size_t>(i) % frames.size()];
    frame.at = milliseconds{i};
    Stage whole, decision;
    m.stages["decision after the last frame"].time([&] {
      m.stages["admission frame"].time([&] {
        m.stages["look"].time([&] { (void)engine.look(frame); });
        if (m.verifier)
          m.stages["identity"].time([&] {
            if (auto made = engine.embed(frame)) kept.push_back(std::move(*made));
          });
        if (m.texture) m.stages["texture"].time([&] { (void)engine.texture(frame); });
      });
      if (m.second) m.stages["second verifier"].time([&] { (void)engine.embedSecond(frame); });
      if (kept.size() > 3) kept.erase(kept.begin());
      const double alike = reference ? vision::similarity(vision::meanOf(kept), *reference) : 0;
      (void)vision::decide(alike, 0.5, vision::Bands{});
    });
    m.stages["monitoring frame"].time([&] {
      frame.at += milliseconds{rounds};
      (void)engine.look(frame);
      (void)engine.embed(frame);
    });
    if (!plain) continue;
    m.stages["plain OpenCV, admission"].time([&] { plain->run(frame, true, true); });
    m.stages["plain OpenCV, monitoring"].time([&] { plain->run(frame, true, false); });
  }
  return m;
}

Status bench(const Arguments& arguments) {
  INVIGIL_CHECK(checkOutputs(arguments, {"json"}, true));
  INVIGIL_TRY(models, modelsFolder(arguments));
  int rounds = 60;
  if (const std::string text = arguments.value("rounds"); !text.empty()) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), rounds);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || rounds < 5 || rounds > 10000)
      return fail(ErrorCode::InvalidInput, "usage", "--rounds wants a number from 5 to 10000.", "bench.cpp");
  }
  std::vector<vision::Frame> frames;
  if (arguments.has("picture")) {
    INVIGIL_TRY(frame, readPicture(arguments.value("picture")));
    frames.push_back(std::move(frame));
  } else {
    for (int i = 0; i < 8; ++i) frames.push_back(devices::drawFace(devices::sceneAt(1, milliseconds{i * 400}, false)));
  }
  const double start = wallMs();
  INVIGIL_TRY(engine, makeEngine(arguments));
  const double loaded = wallMs();
  engine->warmUp();
  const double warm = wallMs();
  if (engine->look(frames.front()).faces == 0)
    return fail(ErrorCode::InvalidInput, "no_face", "There is no face in the picture to measure with.", "bench.cpp");
  auto plain = createPlainLoop(models);
  if (!plain) std::fprintf(stderr, "no comparison: %s\n", plain.error().detail.c_str());
  if (plain) (*plain)->run(frames.front(), true, true);
  const Measured m = measure(*engine, plain ? plain->get() : nullptr, frames, rounds);

  nlohmann::json report{{"frame", {{"width", frames.front().width}, {"height", frames.front().height}}},
                        {"load_ms", loaded - start},
                        {"warm_up_ms", warm - loaded},
                        {"memory_mib", memoryMib("VmRSS")},
                        {"memory_peak_mib", memoryMib("VmHWM")}};
  for (const auto& [name, stage] : m.stages) report["stages"][name] = stage.json();
  const double admission = m.stages.at("admission frame").median(), monitoring = m.stages.at("monitoring frame").median();
  report["frames_per_second"] = 1000 / admission;
  report["monitoring_cpu_share_at_2_per_second"] = 2 * monitoring / 1000;
  if (plain) {
    report["admission_over_plain"] = admission / m.stages.at("plain OpenCV, admission").median();
    report["monitoring_over_plain"] = monitoring / m.stages.at("plain OpenCV, monitoring").median();
  }
  report["engine"] = toJson(engine->info());
  // What is not installed took no time because it was not there, and is missing from the sums of the stages.
  report["not_measured"] = nlohmann::json::array();
  for (const auto& [name, there] : {std::pair{"identity", m.verifier}, std::pair{"texture", m.texture}, std::pair{"second verifier", m.second}})
    if (!there) report["not_measured"].push_back(name);
  const Status written = writeReport(arguments, report);
  if (!arguments.has("json")) return written;
  std::FILE* out = spoken(arguments);
  for (const auto& [name, stage] : m.stages)
    std::fprintf(out, "%-30s processor %6.1f ms (95 %%: %6.1f)   wall %6.1f ms\n", name.c_str(), stage.median(), Stage::at(stage.cpu, 0.95), Stage::at(stage.wall, 0.5));
  for (const auto& name : report["not_measured"]) std::fprintf(out, "%-30s not measured: its model is not installed\n", name.get<std::string>().c_str());
  std::fprintf(out, "%.1f frames/s; monitoring at 2/s: %.1f %% of a core; memory %.0f MiB\n", 1000 / admission, 0.2 * monitoring, report["memory_mib"].get<double>());
  if (plain) std::fprintf(out, "engine / plain OpenCV loop: admission %.2f, monitoring %.2f\n", report["admission_over_plain"].get<double>(), report["monitoring_over_plain"].get<double>());
  return written;
}

}  // namespace

int runBench(const std::vector<std::string>& words) {
  const auto arguments = parseArguments(words, {"models", "detector", "threads", "picture", "rounds", "json"}, {"mirror"});
  if (!arguments) return complain(arguments.error());
  const auto done = bench(*arguments);
  return done ? kDone : complain(done.error());
}

}  // namespace invigil::face
