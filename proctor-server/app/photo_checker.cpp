// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "photo_checker.hpp"

#include <cstdio>
#include <mutex>

#include "invigil/vision/face_engine.hpp"
#include "invigil/vision/photo_check.hpp"

namespace invigil::server {
namespace {

class EngineChecker final : public PhotoChecker {
 public:
  explicit EngineChecker(std::unique_ptr<vision::FaceEngine> engine) : engine_(std::move(engine)), name_(engine_->info().detector) {}
  std::string name() const override { return name_; }
  Result<Verdict> check(const std::string& image, const std::vector<std::string>& others) override {
    INVIGIL_TRY(frame, decoded(image));
    std::vector<vision::Frame> earlier;
    for (const std::string& other : others)
      if (auto known = decoded(other)) earlier.push_back(std::move(*known));
    std::lock_guard lock(mutex_);
    const vision::PhotoVerdict verdict = vision::checkReferencePhoto(*engine_, frame, earlier);
    return Verdict{verdict.accepted, verdict.reasons};
  }

 private:
  static Result<vision::Frame> decoded(const std::string& image) {
    return vision::decodeImage({reinterpret_cast<const std::uint8_t*>(image.data()), image.size()});
  }
  std::mutex mutex_;
  std::unique_ptr<vision::FaceEngine> engine_;
  std::string name_;
};

}  // namespace

std::unique_ptr<PhotoChecker> makePhotoChecker(const std::string& models_dir) {
  auto engine = vision::FaceEngine::create(models_dir);
  if (!engine) {
    std::fprintf(stderr, "invigil-server: reference photos are not checked by machine: %s\n", engine.error().detail.c_str());
    return nullptr;
  }
  return std::make_unique<EngineChecker>(std::move(*engine));
}

}  // namespace invigil::server
