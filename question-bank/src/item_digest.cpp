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

std::string digestId(const Item& item) {
  std::string text = std::string(toText(item.type)) + '\x1e' + item.stem;
  for (const std::string& option : item.options) text += '\x1f' + option;
  if (!hasOptions(item.type)) text += '\x1f' + answerText(item);  // another answer may be another question
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return "q-" + toHex(std::span(digest).first(10));
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
