// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "engine_nets.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <functional>

#include "model_file.hpp"

namespace invigil::vision {
namespace {

using Reader = std::function<cv::dnn::Net(const std::string&)>;

cv::dnn::Net fromOnnx(const std::string& content) { return cv::dnn::readNetFromONNX(content.data(), content.size()); }
cv::dnn::Net fromTensorflow(const std::string& content) {
  return cv::dnn::readNetFromTensorflow(content.data(), content.size());
}

/// @param why  set to a sentence when there is no net
std::optional<cv::dnn::Net> load(const std::string& models_dir, const ModelFile& file, const Reader& read,
                                 EngineInfo& info, std::string& why) {
  auto model = loadModel(models_dir, file);
  if (!model) {
    why = model.error().detail;
    // A file that is there but is not the known one is worth a word; an absent one is a choice.
    if (model.error().code != ErrorCode::NotFound) info.cautions.push_back(why + ".");
    return std::nullopt;
  }
  try {
    auto net = read(model->content);
    info.models.push_back(model->info);
    return net;
  } catch (const cv::Exception&) {
    why = std::string(file.name) + " cannot be loaded by this OpenCV";
    return std::nullopt;
  }
}

}  // namespace

EngineNets loadNets(const std::string& models_dir, const EngineOptions& options, EngineInfo& info) {
  EngineNets nets;
  std::string why;
  nets.verifier = load(models_dir, kMobileFaceNet, fromOnnx, info, info.why_no_verifier);
  if (nets.verifier) {
    info.verifier = "MobileFaceNet (foamliu) 128-D";
    info.verifier_sha256 = info.models.back().sha256;
    info.cautions.emplace_back(
        "MobileFaceNet (Apache-2.0) was trained on refined MS-Celeb-1M, a withdrawn data set: have it judged before "
        "production.");
  }
  nets.pose = load(models_dir, kHeadPose, fromTensorflow, info, why);
  if (nets.pose) info.pose = "ZQCNN head pose and gaze";
  nets.texture_near = load(models_dir, kTexture1, fromOnnx, info, why);
  if (nets.texture_near) nets.texture_far = load(models_dir, kTexture2, fromOnnx, info, why);
  if (nets.texture_far) info.texture = "MiniFASNet pair (minivision)";
  if (!options.second) return nets;
  if (auto file = loadModel(models_dir, kDenseNet)) {
    if (auto second = createDenseNet(file->content)) {
      nets.second = std::move(*second);
      info.models.push_back(file->info);
      info.second = "dlib DenseNet v1 (BAREL) 128-D";
    }
  } else if (file.error().code != ErrorCode::NotFound) {
    info.cautions.push_back(file.error().detail + ".");
  }
  return nets;
}

void setThreads(int count) {
  cv::setNumThreads(std::max(1, count));
  // dlib calls BLAS, and which BLAS is the machine's choice; only OpenBLAS has threads to set.
  if (auto* set = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
    set(std::max(1, count));
}

}  // namespace invigil::vision
