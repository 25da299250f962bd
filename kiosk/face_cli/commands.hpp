// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "invigil/base/arguments.hpp"
#include "invigil/vision/face_engine.hpp"

namespace invigil::face {

constexpr int kDone = 0, kRefused = 1, kUsage = 2;

/// Prints one sentence on stderr. Returns kRefused, or kUsage for a wrong command line.
int complain(const Error& error);

/// The number given as --name, or `fallback`. Errors: InvalidInput usage.
Result<long> wholeNumber(const Arguments& arguments, const char* name, long fallback, long low, long high);

/// With the options --models (default: $INVIGIL_MODELS, else empty), --detector yunet|hog, --threads N, --mirror.
/// @param second  with the second verifier where installed
/// Prints on stderr which files do the work and their cautions.
Result<std::unique_ptr<vision::FaceEngine>> makeEngine(const Arguments& arguments, bool second = true);
/// {"detector", "landmarks", …, "models": [{"role", "name", "sha256"}]}
nlohmann::json toJson(const vision::EngineInfo& info);

Result<vision::Frame> readPicture(const std::string& path);
/// Writes pretty JSON to --json, or to stdout without it. Errors: Unavailable cannot_write.
Status writeReport(const Arguments& arguments, const nlohmann::json& report);

/// One picture as both verifiers describe it, made once.
struct Described {
  vision::Embedding first, second;  ///< empty = failed, or not asked for
  float detection = 0;
};
class Pictures {
 public:
  /// Reference photos are taken as the chip of an ID card would hold them, squeezed to so many bytes (chip_photo.hpp).
  std::optional<std::size_t> chip_bytes;

  /// @param second  describe with the second verifier too
  Pictures(vision::FaceEngine& engine, std::string root, bool second)
      : engine_(engine), root_(std::move(root)), second_(second) {}
  const Described& at(const std::string& name) { return described(name, false); }
  const Described& reference(const std::string& name) { return described(name, chip_bytes.has_value()); }
  std::size_t count() const { return known_.size(); }
  /// Pictures that cannot be read or show no face.
  std::vector<std::string> failed() const;

 private:
  const Described& described(const std::string& name, bool chip);
  vision::FaceEngine& engine_;
  std::string root_;
  bool second_;
  std::map<std::string, Described> known_;  ///< by name, with "chip " before it where it was shrunk
};

/// How two descriptions are compared.
enum class Verifier { MobileFaceNet, DenseNet, Fused };
Result<Verifier> verifierOf(const Arguments& arguments, const vision::EngineInfo& info);
/// Higher = more alike: the cosine; the negated distance; the cosine, less 1 where the distance of the second verifier
/// is above its limit, because such a case is never admitted by machine.
double compare(const Described& a, const Described& b, Verifier verifier);
bool usable(const Described& one, Verifier verifier);

int runVerify(const std::vector<std::string>& words);
int runPad(const std::vector<std::string>& words);
int runAdmit(const std::vector<std::string>& words);
int runMonitor(const std::vector<std::string>& words);
int runFilm(const std::vector<std::string>& words);
int runBench(const std::vector<std::string>& words);
int runCollect(const std::vector<std::string>& words);

}  // namespace invigil::face
