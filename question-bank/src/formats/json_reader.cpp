// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/json_reader.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

// nlohmann tells positions only in its own errors; counting what it has consumed places ours as well.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  const char* at = nullptr;
  std::size_t* consumed = nullptr;
  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    ++at;
    ++*consumed;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
};

/// "Line 3, column 14" of the byte at `offset`; columns count characters.
std::string position(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t start = lines == 0 ? 0 : before.rfind('\n') + 1;
  return "Line " + std::to_string(lines + 1) + ", column " + std::to_string(codePoints(before.substr(start)) + 1);
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  while (bytes_max > 0 && (static_cast<unsigned char>(text[bytes_max]) & 0xC0) == 0x80) --bytes_max;
  return std::string(text.substr(0, bytes_max)) + "…";
}

class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::size_t& consumed) : text_(text), consumed_(consumed) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& value) override {
    if (!document.duplicate && stack_.back()->contains(value))
      document.duplicate = here("the member \"" + shortened(value, 60) + "\" stands twice in one object; delete one.");
    keys_.back() = std::move(value);
    return true;
  }
  bool parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& ex) override {
    std::string what = wellFormed(ex.what());  // it shows what was read last, which may end within a character
    if (const auto at = what.find("syntax error "); at != std::string::npos) what = what.substr(at + 13);
    const bool cut = what.find("unexpected end of input") != std::string::npos || read > text_.size();
    const bool more = what.find("expected end of input") != std::string::npos;
    const std::size_t offset = cut ? text_.size() : read == 0 ? 0 : read - 1;
    error = Error{ErrorCode::InvalidInput, "bad_json",
                  position(text_, offset) + ": not valid JSON (" + shortened(what, 200) + ")." +
                      (cut    ? " The file seems to be cut off: fetch or export it again."
                       : more ? " Something follows after the end of the JSON value: keep one value in the file."
                              : " Correct the file there."),
                  "byte " + std::to_string(offset)};
    return false;
  }

  Document document;
  std::optional<Error> error;

 private:
  Error here(const std::string& what) const {
    const std::size_t offset = consumed_ == 0 ? 0 : consumed_ - 1;
    return {ErrorCode::InvalidInput, "bad_json", position(text_, offset) + ": " + what,
            "byte " + std::to_string(offset)};
  }
  Json* place(Json value) {
    if (stack_.empty()) return &(document.value = std::move(value));
    Json& parent = *stack_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[keys_.back()] = std::move(value));
  }
  bool put(Json value) {
    place(std::move(value));
    return true;
  }
  bool open(Json value) {
    if (stack_.size() == kDepthMax) {
      error = here("nested more than " + std::to_string(kDepthMax) + " levels deep.");
      return false;
    }
    stack_.push_back(place(std::move(value)));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    stack_.pop_back();
    keys_.pop_back();
    return true;
  }

  std::string_view text_;
  const std::size_t& consumed_;
  std::vector<Json*> stack_;
  std::vector<std::string> keys_;
};

}  // namespace

Result<Document> readJson(std::string_view text) {
  if (text.size() > kBytesMax)
    return fail(ErrorCode::TooLarge, "file_too_large", "The text is larger than 64 MiB; split the bank.");
  if (text.starts_with("PK\x03\x04"))
    return fail(ErrorCode::InvalidInput, "bad_json",
                "Line 1, column 1: this is a spreadsheet or another zip file, not JSON. Export it as JSON first.",
                "byte 0");
  if (!isUtf8(text)) {
    std::size_t good = 0, bad = text.size();
    while (good < bad) {
      // A cut inside a character is not well-formed either, so look only at whole characters.
      std::size_t middle = good + (bad - good + 1) / 2;
      while (middle > good && middle < text.size() && (static_cast<unsigned char>(text[middle]) & 0xC0) == 0x80)
        --middle;
      if (middle == good || !isUtf8(text.substr(0, middle))) bad = middle == good ? good : middle - 1;
      else good = middle;
    }
    return fail(ErrorCode::InvalidInput, "bad_json",
                position(text, good) + ": the text is not UTF-8 (GBK perhaps). Save the file as UTF-8.",
                "byte " + std::to_string(good));
  }
  std::size_t consumed = 0;
  Builder builder(text, consumed);
  const CountingIterator first{text.data(), &consumed}, last{text.data() + text.size(), &consumed};
  if (!Json::sax_parse(first, last, &builder) || builder.error) return fail(std::move(*builder.error));
  return std::move(builder.document);
}

Result<Json> readStrictJson(std::string_view text) {
  INVIGIL_TRY(document, readJson(text));
  if (document.duplicate) return fail(std::move(*document.duplicate));
  return Result<Json>(tl::in_place, std::move(document.value));
}

}  // namespace invigil::bank::formats
