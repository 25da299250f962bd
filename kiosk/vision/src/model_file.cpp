// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "model_file.hpp"

#include <openssl/evp.h>

#include <array>

namespace invigil::vision {

Result<std::string> loadModel(const std::string& models_dir, const ModelFile& model) {
  const std::string path = models_dir + "/" + model.name;
  auto content = readFile(path, 64'000'000);
  if (!content)
    return fail(ErrorCode::NotFound, "no_model", std::string(model.name) + " is not in " + models_dir,
                "model_file.cpp");
  std::array<std::uint8_t, 32> digest{};
  unsigned length = 0;
  if (EVP_Digest(content->data(), content->size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 || length != 32)
    return fail(ErrorCode::Internal, "no_sha256", "OpenSSL offers no SHA-256", "model_file.cpp");
  if (toHex(digest) != model.sha256)
    return fail(ErrorCode::Corrupt, "model_digest_differs",
                std::string(model.name) + " in " + models_dir +
                    " is not the known file (its SHA-256 differs) and was not loaded; run deploy/models",
                "model_file.cpp");
  return content;
}

}  // namespace invigil::vision
