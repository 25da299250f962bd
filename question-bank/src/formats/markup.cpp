// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/markup.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "formats/safe_tags.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace {

using formats::holds;
using formats::kPairedTags;
using formats::kSingleTags;

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEntities{
    {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};

constexpr std::size_t kEntityBytesMax = 10;  ///< "#x10ffff;"

bool isDigits(std::string_view text, std::size_t length_max) {
  return !text.empty() && text.size() <= length_max && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "HEX32.png" and the like.
bool isMediaName(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot != 32 || name.substr(0, 32).find_first_not_of("0123456789abcdef") != std::string_view::npos) return false;
  const auto ending = name.substr(dot);
  return ending == ".png" || ending == ".jpg" || ending == ".gif" || ending == ".webp";
}

/// The text of the entity between & and ;, "" when there is none such.
std::string entity(std::string_view name) {
  for (const auto& [known, text] : kEntities)
    if (known == name) return std::string(text);
  if (!name.starts_with('#')) return {};
  const bool hex = name.size() > 1 && name[1] == 'x';
  const std::string digits(name.substr(hex ? 2 : 1));
  if (digits.empty() || digits.size() > 6 || digits.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "0123456789") != std::string::npos)
    return {};
  const auto point = static_cast<std::uint32_t>(std::stoul(digits, nullptr, hex ? 16 : 10));
  if (point < 0x20 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {};
  return utf8Of(point);
}

/// Reads Html from left to right and remembers which tags are open.
class Walk {
 public:
  Walk(std::string_view html, const std::string& member) : html_(html), member_(member) {}

  Result<std::vector<std::string>> run() {
    while (at_ < html_.size()) {
      if (html_[at_] == '&') {
        const std::size_t end = html_.find(';', at_);
        if (end == std::string_view::npos || entity(html_.substr(at_ + 1, end - at_ - 1)).empty())
          return wrong("单独的 & 请写成 &amp; / an & that begins no known entity; write &amp;");
        at_ = end + 1;
      } else if (html_[at_] == '<') {
        INVIGIL_CHECK(tag());
      } else {
        ++at_;
      }
    }
    if (!open_.empty()) return wrong("<" + std::string(open_.back()) + "> 没有关闭 / is not closed");
    return std::move(media_);
  }

 private:
  tl::unexpected<Error> wrong(const std::string& what) const {
    return fail(ErrorCode::InvalidInput, "markup_not_allowed",
                std::to_string(codePoints(html_.substr(0, at_)) + 1) + ": " + what, member_);
  }

  Status tag() {
    const std::size_t end = html_.find('>', at_);
    if (end == std::string_view::npos) return wrong("单独的 < 请写成 &lt; / a < without its >; write &lt;");
    std::string_view inside = html_.substr(at_ + 1, end - at_ - 1);
    if (inside.starts_with('/')) {
      if (open_.empty() || open_.back() != inside.substr(1)) return wrong("</" + shown(inside.substr(1)) + "> 没有对应的开始标记 / closes nothing that is open");
      open_.pop_back();
    } else {
      if (inside.ends_with('/')) inside.remove_suffix(1);
      const std::size_t space = std::min(inside.find(' '), inside.size());
      const std::string_view name = inside.substr(0, space);
      if (!holds(kPairedTags, name) && !holds(kSingleTags, name)) return wrong("<" + shown(name) + "> 不允许使用 / is not allowed");
      INVIGIL_CHECK(attributes(name, inside.substr(space)));
      if (holds(kPairedTags, name)) open_.push_back(name);
      if (open_.size() > 32) return wrong("标记嵌套太深 / tags are nested too deep");
    }
    at_ = end + 1;
    return {};
  }

  Status attributes(std::string_view tag, std::string_view rest) {
    bool has_source = tag != "img";
    for (;;) {
      while (rest.starts_with(' ')) rest.remove_prefix(1);
      if (rest.empty()) break;
      const std::size_t equals = rest.find("=\"");
      const std::size_t end = equals == std::string_view::npos ? equals : rest.find('"', equals + 2);
      if (end == std::string_view::npos) return wrong("属性要写成 name=\"value\" / an attribute that is not written so");
      const std::string_view name = rest.substr(0, equals), value = rest.substr(equals + 2, end - equals - 2);
      if (tag == "img" && name == "src" && value.starts_with("media:") && isMediaName(value.substr(6))) {
        media_.emplace_back(value.substr(6));
        has_source = true;
      } else if (!(tag == "img" && name == "alt") && !(tag == "img" && (name == "width" || name == "height") && isDigits(value, 4)) &&
                 !((tag == "td" || tag == "th") && (name == "colspan" || name == "rowspan") && isDigits(value, 2))) {
        return wrong("<" + std::string(tag) + "> 里不允许 / does not allow " + shown(name) + "=\"" + shown(value) + "\"");
      }
      rest.remove_prefix(end + 1);
    }
    if (!has_source) return wrong("<img> 需要 / needs src=\"media:NAME\"");
    return {};
  }

  static std::string shown(std::string_view text) { return firstCharacters(text, 40); }

  std::string_view html_;
  std::string member_;
  std::size_t at_ = 0;
  std::vector<std::string_view> open_;
  std::vector<std::string> media_;
};

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Result<std::vector<std::string>> checkMarkup(std::string_view html, const std::string& member) { return Walk(html, member).run(); }

std::string escapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string htmlOfText(std::string_view text) {
  std::string out;
  for (char c : text) out += c == '\n' ? std::string("<br>") : escapeHtml(std::string_view(&c, 1));
  return out;
}

std::string plainText(std::string_view text, bool html) {
  std::string out;
  const auto put = [&](std::string_view piece) {
    for (char c : piece) {
      if (!isBlank(c)) out += c;
      else if (!out.empty() && out.back() != ' ') out += ' ';
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    if (html && text[at] == '<') {
      const std::size_t end = std::min(text.find('>', at), text.size() - 1);
      const std::string_view tag = text.substr(at, end - at + 1);
      const bool inline_tag = tag == "<b>" || tag == "</b>" || tag == "<i>" || tag == "</i>" || tag == "<u>" || tag == "</u>" ||
                              tag == "<sub>" || tag == "</sub>" || tag == "<sup>" || tag == "</sup>" || tag == "<em>" ||
                              tag == "</em>" || tag == "<strong>" || tag == "</strong>" || tag == "<span>" || tag == "</span>";
      if (!inline_tag) put(" ");
      at = end + 1;
    } else if (html && text[at] == '&') {
      const std::string_view name = text.substr(at + 1, kEntityBytesMax);
      const std::size_t end = name.find(';');
      const std::string decoded = end == std::string_view::npos ? "" : entity(name.substr(0, end));
      put(decoded.empty() ? "&" : decoded);
      at = decoded.empty() ? at + 1 : at + end + 2;
    } else {
      put(text.substr(at, 1));
      ++at;
    }
  }
  return trim(out);
}

std::string searchable(std::string_view plain) {
  std::string out;
  out.reserve(plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const auto byte = [&](std::size_t k) { return i + k < plain.size() ? static_cast<unsigned char>(plain[i + k]) : 0u; };
    // U+FF01..U+FF5E are ASCII in full width: EF BC 81..BF, EF BD 80..9E. U+3000 is the wide blank: E3 80 80.
    char c = plain[i];
    if (byte(0) == 0xEF && byte(1) == 0xBC && byte(2) >= 0x81) c = static_cast<char>(byte(2) - 0x81 + 0x21), i += 2;
    else if (byte(0) == 0xEF && byte(1) == 0xBD && byte(2) >= 0x80 && byte(2) <= 0x9E) c = static_cast<char>(byte(2) - 0x80 + 0x60), i += 2;
    else if (byte(0) == 0xE3 && byte(1) == 0x80 && byte(2) == 0x80) c = ' ', i += 2;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (isBlank(c) && (out.empty() || out.back() == ' ')) continue;
    out += isBlank(c) ? ' ' : c;
  }
  return trim(out);
}

}  // namespace invigil::bank
