// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "model_file.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

#include "invigil/base/text.hpp"

namespace invigil::vision {
namespace {

std::string sha256Of(std::istream& stream) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return {};
  std::vector<char> part(1 << 16);
  while (stream) {
    stream.read(part.data(), static_cast<std::streamsize>(part.size()));
    if (EVP_DigestUpdate(context.get(), part.data(), static_cast<std::size_t>(stream.gcount())) != 1) return {};
  }
  if (!stream.eof()) return {};
  std::array<std::uint8_t, 32> digest{};
  unsigned length = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1 || length != digest.size()) return {};
  return toHex(digest);
}

}  // namespace

std::string sha256OfFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return stream ? sha256Of(stream) : std::string();
}

Result<LoadedModel> loadModel(const std::string& models_dir, const ModelFile& model) {
  const std::string path = models_dir + "/" + model.name;
  auto content = readFile(path, 64'000'000);
  if (!content)
    return fail(ErrorCode::NotFound, "no_model", std::string(model.name) + " is not in " + models_dir,
                "model_file.cpp");
  std::array<std::uint8_t, 32> digest{};
  unsigned length = 0;
  if (EVP_Digest(content->data(), content->size(), digest.data(), &length, EVP_sha256(), nullptr) != 1 || length != 32)
    return fail(ErrorCode::Internal, "no_sha256", "OpenSSL offers no SHA-256", "model_file.cpp");
  const std::string hex = toHex(digest);
  if (hex != model.sha256 && (model.other_sha256 == nullptr || hex != model.other_sha256))
    return fail(ErrorCode::Corrupt, "model_digest_differs",
                std::string(model.name) + " in " + models_dir +
                    " is not the known file (its SHA-256 differs) and was not loaded; run deploy/models",
                "model_file.cpp");
  return LoadedModel{std::move(*content), {model.role, model.name, hex}};
}

}  // namespace invigil::vision
