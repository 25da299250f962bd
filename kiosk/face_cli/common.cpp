// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "invigil/vision/bands.hpp"
#include "output.hpp"

namespace invigil::face {
namespace {

constexpr std::string_view kSources[] = {"device:", "file:", "simulated:"};

bool report_printed = false;  ///< because it could not be written where it should

bool isFolder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

}  // namespace

int complain(const Error& error) {
  std::cerr << "invigil-face: " << error.detail << "\n";
  if (error.reason == "wrong_path") return kUsage;
  if (error.reason != "usage") return kRefused;
  std::cerr << "Try 'invigil-face --help'.\n";
  return kUsage;
}

Result<long> wholeNumber(const Arguments& arguments, const char* name, long fallback, long low, long high) {
  const std::string text = arguments.value(name);
  if (text.empty()) return fallback;
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 10);
  if (*end != 0 || value < low || value > high)
    return fail(ErrorCode::InvalidInput, "usage", std::string("--") + name + " wants a number from " + std::to_string(low) + " to " + std::to_string(high) + ".");
  return value;
}

Result<std::string> modelsFolder(const Arguments& arguments) {
  if (arguments.has("models")) {
    if (isFolder(arguments.value("models"))) return arguments.value("models");
    return fail(ErrorCode::InvalidInput, "wrong_path", "There is no folder '" + arguments.value("models") + "' (--models).", "common.cpp");
  }
  const char* own = std::getenv("INVIGIL_MODELS");
  return std::string(own ? own : "");
}

Result<std::unique_ptr<vision::FaceEngine>> makeEngine(const Arguments& arguments, bool second) {
  vision::EngineOptions options{.second = second, .mirrored = arguments.has("mirror")};
  if (const std::string name = arguments.value("detector"); name == "hog")
    options.detector = vision::EngineOptions::Detector::Hog;
  else if (name == "yunet")
    options.detector = vision::EngineOptions::Detector::YuNet;
  else if (!name.empty())
    return fail(ErrorCode::InvalidInput, "usage", "--detector is yunet or hog, not '" + name + "'.", "common.cpp");
  if (const std::string text = arguments.value("threads"); !text.empty()) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), options.threads);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || options.threads < 1)
      return fail(ErrorCode::InvalidInput, "usage", "--threads wants a number from 1 on.", "common.cpp");
  }
  INVIGIL_TRY(folder, modelsFolder(arguments));
  if (!folder.empty() && !isFolder(folder)) std::cerr << "caution: there is no folder '" << folder << "' (INVIGIL_MODELS)\n";
  INVIGIL_TRY(engine, vision::FaceEngine::create(folder, options));
  for (const auto& model : engine->info().models)
    std::cerr << model.role << ": " << model.name << " sha256 " << model.sha256.substr(0, 16) << "…\n";
  for (const auto& caution : engine->info().cautions) std::cerr << "caution: " << caution << "\n";
  return engine;
}

nlohmann::json toJson(const vision::EngineInfo& info) {
  auto models = nlohmann::json::array();
  for (const auto& model : info.models)
    models.push_back({{"role", model.role}, {"name", model.name}, {"sha256", model.sha256}});
  return {{"detector", info.detector}, {"landmarks", info.landmarks}, {"verifier", info.verifier}, {"pose", info.pose},
          {"texture", info.texture},   {"second", info.second},       {"models", models}};
}

Result<std::unique_ptr<devices::CameraSource>> openSource(const std::string& source, bool paced) {
  const bool spec = source == "auto" || std::any_of(std::begin(kSources), std::end(kSources), [&](std::string_view kind) { return source.starts_with(kind); });
  auto opened = devices::openCamera(spec ? source : "file:" + source, paced);
  if (!opened && opened.error().reason == "bad_camera_spec") return fail(ErrorCode::InvalidInput, "usage", opened.error().detail + ".", "common.cpp");
  return opened;
}

Result<vision::Frame> nextFrame(devices::CameraSource& source) {
  static std::size_t skipped = 0;
  for (;;) {
    auto frame = source.grab();
    static bool told = false;
    if (frame && !told && source.rounds() > 0 && !source.brokeOff().empty()) {
      told = true;
      std::cerr << "caution: " << source.brokeOff() << "\n";
    }
    if (frame || frame.error().reason != "picture_skipped") return frame;
    tellUnreadable(++skipped, frame.error().detail);
  }
}

Status checkOutputs(const Arguments& arguments, std::initializer_list<const char*> names, bool printed) {
  const auto usage = [](const std::string& sentence) { return fail(ErrorCode::InvalidInput, "usage", sentence, "common.cpp"); };
  std::string first = printed && !arguments.has("json") ? "the report (give --json FILE)" : "";  // on standard output
  for (const char* name : names) {
    if (!arguments.has(name)) continue;
    const std::string option = std::string("--") + name, path = arguments.value(name);
    if (path.empty()) return usage(option + " wants a file, or - for standard output.");
    INVIGIL_CHECK(checkOutput(path));
    if (!isStandardOutput(path)) continue;
    if (!first.empty()) return usage(option + " and " + first + " cannot both go to standard output.");
    first = option;
  }
  return {};
}

std::FILE* spoken(const Arguments& arguments) {
  if (report_printed) return stderr;
  for (const char* name : {"json", "picture", "webm"})
    if (arguments.has(name) && isStandardOutput(arguments.value(name))) return stderr;
  return stdout;
}

Status writeReport(const Arguments& arguments, const nlohmann::json& report) {
  // Names of files and labels of others may hold any bytes: none of them may cost the report.
  const std::string text = report.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  const std::string path = arguments.has("json") ? arguments.value("json") : "-";
  const Status written = writeOutput(path, text);
  if (written || isStandardOutput(path)) return written;
  std::cerr << "The report could not be written where it should; it follows on standard output.\n";
  report_printed = true;
  (void)writeOutput("-", text);
  return written;
}

Result<Verifier> verifierOf(const Arguments& arguments, const vision::EngineInfo& info) {
  const std::string name = arguments.value("verifier");
  Verifier verifier = Verifier::MobileFaceNet;
  if (name == "densenet")
    verifier = Verifier::DenseNet;
  else if (name == "fused")
    verifier = Verifier::Fused;
  else if (!name.empty() && name != "mobilefacenet")
    return fail(ErrorCode::InvalidInput, "usage", "--verifier is mobilefacenet, densenet or fused, not '" + name + "'.",
                "common.cpp");
  if (verifier != Verifier::DenseNet && !info.canVerify())
    return fail(ErrorCode::Unavailable, "no_recognition_model", "There is no verifier: " + info.why_no_verifier + ".",
                "common.cpp");
  if (verifier != Verifier::MobileFaceNet && info.second.empty())
    return fail(ErrorCode::Unavailable, "no_second_model",
                "The second verifier is not installed; deploy/models gets it.", "common.cpp");
  return verifier;
}

double compare(const Described& a, const Described& b, Verifier verifier) {
  if (verifier == Verifier::DenseNet) return -vision::distance(a.second, b.second);
  const double cosine = vision::similarity(a.first, b.first);
  if (verifier == Verifier::MobileFaceNet) return cosine;
  return vision::distance(a.second, b.second) <= vision::Bands{}.second_max ? cosine : cosine - 1;
}

bool usable(const Described& one, Verifier verifier) {
  return (verifier == Verifier::DenseNet || !one.first.empty()) &&
         (verifier == Verifier::MobileFaceNet || !one.second.empty());
}

}  // namespace invigil::face
