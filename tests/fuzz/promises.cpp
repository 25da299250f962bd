// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "promises.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "formats/package.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::fuzz {
namespace {

bank::Bank defaults() {
  bank::Bank bank;
  bank.id = "fuzz";
  bank.title = {"试读", "fuzz"};
  bank.roles = {bank::Role::Manager};
  return bank;
}

void requireText(const bank::Finding& one) {
  require(isUtf8(one.text) && isUtf8(one.what.zh) && isUtf8(one.what.en), "a finding is well-formed text");
  require(isUtf8(one.place.file) && isUtf8(one.place.sheet), "a place is well-formed text");
  require(!one.code.empty() && !one.what.zh.empty() && !one.what.en.empty(), "a finding has a code and two sentences");
  require(codePoints(one.text) <= bank::kFindingTextMax, "a finding shows at most 2000 characters");
  if (!one.as_read) return;
  const bank::Item& item = one.as_read->item;
  for (const std::string* text : {&one.as_read->type, &one.as_read->options, &one.as_read->key, &item.stem, &item.explanation, &item.source})
    require(isUtf8(*text) && codePoints(*text) <= 20000, "what was read of a row that is not taken in is well-formed and bounded");
  for (const std::string& option : item.options) require(isUtf8(option) && codePoints(option) <= 20000, "so are its options");
  require(item.options.size() <= bank::kOptionsMax && item.id.empty(), "its options are no more than an item has");
  for (int index : item.key) require(index >= 0 && static_cast<std::size_t>(index) < item.options.size(), "its key names its options");
}

void requireReport(const bank::Collected& read) {
  const auto& n = read.counts;
  require(n.rows == n.imported + n.duplicates + n.refused, "rows = imported + duplicates + refused");
  require(n.repaired <= n.imported, "repaired is part of imported");
  require(n.imported == static_cast<int>(read.bank.items.size()) && read.places.size() == read.bank.items.size(), "every item has its place");
  require(n.refused == static_cast<int>(read.refused.size()), "every refusal is told");
  for (const auto* findings : {&read.repaired, &read.duplicates, &read.look_alikes, &read.refused, &read.notes})
    for (const bank::Finding& one : *findings) requireText(one);
}

void requireNative(const bank::Bank& bank) {
  const auto again = bank::parseNative(bank::writeNative(bank));
  if (!again) std::fprintf(stderr, "%s: %s (%s)\n", again.error().reason.c_str(), again.error().detail.c_str(), again.error().where.c_str());
  require(again.has_value(), "what a reader lets in passes the strict reader of bank files");
  require(*again == bank, "a bank file gives the same bank back");
}

}  // namespace

void require(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "BROKEN PROMISE: %s\n", what);
  std::abort();
}

void readAsBank(std::string_view bytes, const char* name, const char* format, const char* again) {
  const auto read = bank::readBankFile(bytes, name, format, std::nullopt, defaults());
  if (!read) {
    require(isUtf8(read.error().detail) && !read.error().reason.empty(), "a file that is not read says why");
    return;
  }
  requireReport(read->collected);
  if (read->collected.bank.items.empty()) return;
  requireNative(read->collected.bank);
  if (*again == '\0') return;
  const auto written = bank::writeBankFile(read->collected.bank, again);
  require(written.has_value(), "a bank that was read can be written");
  std::size_t left_out = 0;
  for (const bank::Finding& one : written->lost) left_out += one.code == "left_out";
  const auto back = bank::readBankFile(written->bytes, name, format, std::nullopt, defaults());
  const std::size_t came = back ? back->collected.bank.items.size() : 0;
  require(came + left_out == read->collected.bank.items.size(), "what is written is read again, item by item");
}

void requireSafe(const bank::CleanedText& text) {
  if (const auto checked = bank::checkMarkup(text.html, "html"); !checked) {
    std::fprintf(stderr, "%s\n%s\n", checked.error().detail.c_str(), text.html.c_str());
    require(false, "cleaned markup keeps to the safe subset");
  }
}

std::string packageOf(std::string_view bytes) {
  if (bytes.starts_with("PK")) return std::string(bytes);
  constexpr std::string_view kMark = "=== ";
  std::vector<std::pair<std::string, std::string>> files;
  std::size_t at = bytes.starts_with(kMark) ? 0 : bytes.find("\n=== ");
  if (at != 0 && at != std::string_view::npos) ++at;
  while (at < bytes.size()) {
    const std::size_t name_end = std::min(bytes.find('\n', at), bytes.size());
    const std::size_t next = std::min(bytes.find("\n=== ", name_end), bytes.size());
    const std::string_view name = bytes.substr(at + kMark.size(), name_end - at - kMark.size());
    files.emplace_back(name, name_end < next ? bytes.substr(name_end + 1, next - name_end - 1) : std::string_view());
    at = next + 1;
  }
  auto zip = bank::formats::packed(files);
  return zip ? std::move(*zip) : std::string(bytes);
}

}  // namespace invigil::fuzz
