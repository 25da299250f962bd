// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/item_digest.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <span>

#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {

namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digestOf(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

std::string questionText(const Item& item, const std::vector<std::string>& options) {
  std::string text = std::string(toText(item.type)) + '\x1e' + item.stem;
  for (const std::string& option : options) text += '\x1f' + option;
  if (!hasOptions(item.type)) text += '\x1f' + answerText(item);  // another answer may be another question
  return text;
}

}  // namespace

std::string digestId(const Item& item) {
  const Digest digest = digestOf(questionText(item, item.options));
  return "q-" + toHex(std::span(digest).first(10));
}

std::string questionDigest(const Item& item, std::string_view material) {
  std::vector<std::string> options = item.options;
  std::sort(options.begin(), options.end());
  const Digest digest = digestOf(questionText(item, options) + '\x1c' + std::string(material));
  return std::string(digest.begin(), digest.end());
}

std::string answerText(const Item& item) {
  std::vector<std::string> right;
  for (int index : item.key) right.push_back(item.options[static_cast<std::size_t>(index)]);
  for (const AcceptedAnswer& one : item.answers)
    right.push_back(std::string(toText(one.match)) + '\x1d' + one.text + '\x1d' + one.upper + '\x1d' + std::to_string(one.percent));
  std::sort(right.begin(), right.end());
  std::string text;
  for (const std::string& one : right) text += one + '\x1f';
  return text;
}

}  // namespace invigil::bank
