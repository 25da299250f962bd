// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <initializer_list>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "invigil/base/arguments.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/vision/face_engine.hpp"

namespace invigil::face {

constexpr int kDone = 0, kRefused = 1, kUsage = 2;

/// Prints one sentence on stderr. Returns kRefused, or kUsage for a wrong command line (usage; wrong_path, a folder or file it names).
int complain(const Error& error);

/// The number given as --name, or `fallback`. Errors: InvalidInput usage.
Result<long> wholeNumber(const Arguments& arguments, const char* name, long fallback, long low, long high);

/// --models, else $INVIGIL_MODELS, else empty. Errors: InvalidInput wrong_path where --models names no folder.
Result<std::string> modelsFolder(const Arguments& arguments);
/// With the options --models (modelsFolder), --detector yunet|hog, --threads N, --mirror.
/// @param second  with the second verifier where installed
/// Prints on stderr which files do the work and their cautions.
Result<std::unique_ptr<vision::FaceEngine>> makeEngine(const Arguments& arguments, bool second = true);
/// {"detector", "landmarks", …, "models": [{"role", "name", "sha256"}]}
nlohmann::json toJson(const vision::EngineInfo& info);

/// Largest picture that is measured; the limits of vision::decodeImage are those of an upload.
inline constexpr std::int64_t kMeasuredPixelsMax = 100'000'000;
inline constexpr std::size_t kMeasuredBytesMax = 400'000'000;
/// Any picture that OpenCV reads, whatever its name ends with. The size in the header is checked before pixels are decoded.
/// Errors, all with the path in detail: NotFound; TooLarge image_too_large; InvalidInput bad_image.
Result<vision::Frame> readPicture(const std::string& path);
/// One line on stderr for each of the first ten pictures that cannot be read. @param place  from 1
void tellUnreadable(std::size_t place, const std::string& why);
/// Opens SOURCE: what devices::openCamera takes, or a path without "file:". Errors: as there, usage in place of bad_camera_spec.
Result<std::unique_ptr<devices::CameraSource>> openSource(const std::string& source, bool paced);
/// The next frame; pictures of a folder that cannot be read are told on stderr and passed over, and once that a film broke off before it
/// went round. Errors: those of grab() but picture_skipped.
Result<vision::Frame> nextFrame(devices::CameraSource& source);
/// The folder that `names` of the list `list` are relative to: --root; else the working folder; else the list's own, where the first
/// name that is in one of the two says so.
std::string rootOf(const Arguments& arguments, const std::string& list, const std::vector<std::string>& names);
/// Where a picture of a list is: below `root`, or absolute. A name with \ is one with / where no file has that very name.
std::string placeOf(const std::string& root, const std::string& name);

/// To be called before the work: whether the files of the options `names` (of those that are given) can be written.
/// @param printed  the report goes to standard output where there is no --json
/// Errors: InvalidInput usage (no file is named; two of them to standard output), wrong_path.
Status checkOutputs(const Arguments& arguments, std::initializer_list<const char*> names, bool printed);
/// Where sentences go: standard output, or standard error where --json, --picture or --webm is standard output.
std::FILE* spoken(const Arguments& arguments);
/// Writes pretty JSON to --json (writeOutput), or to stdout without it; what is no UTF-8 in it becomes U+FFFD. Where it cannot be written there
/// after all it is printed, so that the run is not lost. Errors: Unavailable cannot_write.
Status writeReport(const Arguments& arguments, const nlohmann::json& report);

struct Described;
/// How two descriptions are compared.
enum class Verifier { MobileFaceNet, DenseNet, Fused };
Result<Verifier> verifierOf(const Arguments& arguments, const vision::EngineInfo& info);
/// Higher = more alike: the cosine; the negated distance; the cosine, less 1 where the distance of the second verifier
/// is above its limit, because such a case is never admitted by machine.
double compare(const Described& a, const Described& b, Verifier verifier);
bool usable(const Described& one, Verifier verifier);

/// One picture as both verifiers describe it, made once.
struct Described {
  vision::Embedding first, second;  ///< empty = failed, or not asked for
  float detection = 0;
  std::string unreadable;  ///< a sentence when there is no picture to look at
};

/// What of some pictures cannot be compared.
struct Failures {
  std::size_t pictures = 0;
  std::vector<std::string> no_face, unreadable;
  std::size_t count() const { return no_face.size() + unreadable.size(); }
};
/// {"pictures", "failures", "no_face", "unreadable", "failure_to_enrol", "failed_pictures", "unreadable_pictures"}: failures are both kinds.
nlohmann::json toJson(const Failures& failures);

class Pictures {
 public:
  /// Reference photos are taken as the chip of an ID card would hold them, squeezed to so many bytes (chip_photo.hpp).
  std::optional<std::size_t> chip_bytes;

  Pictures(vision::FaceEngine& engine, std::string root, Verifier verifier) : engine_(engine), root_(std::move(root)), verifier_(verifier) {}
  const Described& at(const std::string& name) { return described(name, false); }
  const Described& reference(const std::string& name) { return described(name, chip_bytes.has_value()); }
  /// What a picture is called in failures(): the first of its names (img/a.jpg and ./img/a.jpg are one file), with "chip " before it where
  /// it was shrunk.
  std::string keyOf(const std::string& name, bool reference);
  Verifier verifier() const { return verifier_; }
  /// Of everything looked at, or of `keys` alone.
  Failures failures() const;
  Failures failures(const std::set<std::string>& keys) const;

 private:
  const Described& described(const std::string& name, bool chip);
  void look(Described& one, const std::string& name, bool chip);
  vision::FaceEngine& engine_;
  std::string root_;
  Verifier verifier_;
  std::size_t unreadable_ = 0;
  std::map<std::string, Described> known_;  ///< by key
  std::map<std::string, std::string> first_names_;  ///< by file and by every name of it
};

int runVerify(const std::vector<std::string>& words);
int runPad(const std::vector<std::string>& words);
int runAdmit(const std::vector<std::string>& words);
int runMonitor(const std::vector<std::string>& words);
int runFilm(const std::vector<std::string>& words);
int runBench(const std::vector<std::string>& words);
int runCollect(const std::vector<std::string>& words);

}  // namespace invigil::face
