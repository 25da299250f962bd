// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <gumbo.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats/math_ml.hpp"
#include "formats/safe_tags.hpp"
#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

/// Gumbo frees its tree by recursion: more tags than this are not parsed, only stripped.
constexpr std::ptrdiff_t kTagsMax = 5000;
/// It compares every attribute of a tag with those before: of one tag no more are looked at.
constexpr std::size_t kGapsMax = 5000;
constexpr std::size_t kPicturesMax = 100;
constexpr int kDepthMax = 30;  ///< checkMarkup allows 32

using formats::holds;
constexpr std::array<std::string_view, 9> kBlocks{"p", "div", "li", "tr", "pre", "blockquote", "h3", "h4", "table"};
constexpr std::array<std::string_view, 12> kDropped{"script", "style", "iframe", "object", "embed", "video", "audio", "form", "input", "button", "head", "svg"};

std::string nameOf(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  std::string name(piece.data ? piece.data : "", piece.data ? piece.length : 0);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return name;
}

std::string attribute(const GumboElement& element, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
  return found ? wellFormed(found->value) : "";
}

class Cleaner {
 public:
  Cleaner(CleanedText& out, const FindPicture& find) : out_(out), find_(find) {}

  void children(const GumboVector& list, int depth) {
    for (unsigned i = 0; i < list.length; ++i) node(*static_cast<const GumboNode*>(list.data[i]), depth);
  }

 private:
  void node(const GumboNode& node, int depth) {
    switch (node.type) {
      case GUMBO_NODE_TEXT: case GUMBO_NODE_CDATA: text(node.v.text.text); break;
      case GUMBO_NODE_WHITESPACE: space(); break;
      case GUMBO_NODE_ELEMENT: element(node, depth); break;
      default: break;
    }
  }

  /// White space between tags: one blank, none at the start and none after another.
  void space() {
    if (out_.html.empty() || std::string_view(" \t\r\n\f").find(out_.html.back()) != std::string_view::npos) return;
    out_.html += ' ', out_.plain += ' ';
  }

  /// Gumbo makes bytes that are no text of a number reference beyond int.
  void text(std::string_view read) {
    const std::string raw = wellFormed(read);
    out_.html += escapeHtml(raw);
    for (char c : raw) out_.plain += c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
  }

  void dropped(const std::string& name) {
    if (name == "style" || name == "head") return;
    out_.left_out.push_back({"去掉了 <" + name + ">", "<" + name + "> was left out"});
    if (name == "svg" || name == "object" || name == "embed" || name == "video" || name == "audio") out_.loses_content = true;
  }

  void formula(const GumboNode& node) {
    out_.is_plain = false;
    if (const auto latex = formats::latexOf(node)) {
      out_.html += "\\( " + escapeHtml(*latex) + " \\)", out_.plain += *latex;
      return;
    }
    out_.left_out.push_back({"有一个公式无法转换成 LaTeX", "a formula has no LaTeX form"});
    out_.loses_content = true;
  }

  /// A description stands for the picture, as it would be read to somebody who cannot see it.
  void missing(const std::string& source, const std::string& alt) {
    if (alt.size() < 3) {
      out_.left_out.push_back({"缺少图片 " + source, "the picture " + source + " is missing"});
      out_.loses_content = true;
      return;
    }
    const std::string words = "〔" + firstCharacters(alt, 200) + "〕";
    out_.html += escapeHtml(words), out_.plain += words;
    out_.left_out.push_back({"缺少图片 " + source + "，用了它的文字说明", "the picture " + source + " is missing; its description is used"});
  }

  std::optional<Media> pictureAt(const std::string& source) const {
    const std::size_t comma = source.find(";base64,");
    if (!source.starts_with("data:") || comma == std::string::npos) return find_ ? find_(source) : std::nullopt;
    const std::string_view coded = std::string_view(source).substr(comma + 8);
    const auto decoded = coded.size() <= kMediaBase64Max ? fromBase64(coded) : Result<Bytes>(Bytes());
    if (!decoded) return std::nullopt;
    std::string bytes(decoded->begin(), decoded->end());
    std::string name = mediaName(bytes);
    return Media{std::move(name), std::move(bytes)};
  }

  void picture(const GumboElement& element) {
    const std::string source = attribute(element, "src");
    std::optional<Media> found;
    if (++pictures_ <= kPicturesMax) found = pictureAt(source);  // looked for at all: what is not there costs as much
    const std::string alt = attribute(element, "alt");
    if (!found || found->name.empty()) return missing(firstCharacters(source, 60), trim(alt));
    out_.is_plain = false;
    out_.html += "<img src=\"media:" + found->name + "\" alt=\"" + escapeHtml(firstCharacters(alt, 200)) + "\">";
    const auto same = [&](const Media& one) { return one.name == found->name; };
    if (!found->bytes.empty() && std::none_of(out_.media.begin(), out_.media.end(), same)) out_.media.push_back(std::move(*found));
  }

  void element(const GumboNode& node, int depth) {
    const GumboElement& element = node.v.element;
    std::string name = nameOf(element);
    if (name == "math") return formula(node);
    if (holds(kDropped, name)) return dropped(name);
    if (name == "img") return picture(element);
    if (name == "br") return void((out_.html += "<br>", out_.plain += '\n'));
    if (name == "hr") return void((out_.html += "<hr>", out_.plain += '\n', out_.is_plain = false));
    if (name == "h1" || name == "h2") name = "h3";
    if (name == "h5" || name == "h6") name = "h4";
    const bool keep = depth < kDepthMax && holds(formats::kPairedTags, name) && name != "span" && name != "caption";
    const bool block = holds(kBlocks, name);
    if (keep && name != "p" && name != "div") out_.is_plain = false;
    if (block && !out_.plain.empty() && out_.plain.back() != '\n') out_.plain += '\n';
    if (keep) {
      out_.html += "<" + name;
      if (name == "td" || name == "th")
        for (const char* span : {"colspan", "rowspan"}) {
          const std::string value = attribute(element, span);
          if (!value.empty() && value.size() <= 2 && value.find_first_not_of("0123456789") == std::string::npos) out_.html += std::string(" ") + span + "=\"" + value + "\"";
        }
      out_.html += ">";
    }
    children(element.children, depth + (keep ? 1 : 0));
    if (keep) out_.html += "</" + name + ">";
    if (block && !out_.plain.empty() && out_.plain.back() != '\n') out_.plain += '\n';
  }

  CleanedText& out_;
  const FindPicture& find_;
  std::size_t pictures_ = 0;
};

/// Some tag with so many gaps that there may be thousands of attributes in it. A picture in it may be broken into lines.
bool crowdedTag(std::string_view raw) {
  for (std::size_t at = raw.find('<'); at != std::string_view::npos;) {
    const std::size_t next = raw.find('<', at + 1);
    const std::string_view tag = raw.substr(at, next == std::string_view::npos ? next : next - at);
    const bool picture = tag.find(";base64,") != std::string_view::npos;
    std::size_t gaps = 0;
    for (char c : tag) gaps += c == ' ' || c == '\t' || c == '\f' || (!picture && (c == '/' || c == '\n' || c == '\r'));
    if (gaps > kGapsMax) return true;
    at = next;
  }
  return false;
}

/// Blanks at the ends of lines and of the whole.
std::string tidied(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = trim(std::string_view(text).substr(at, end - at));
    if (!line.empty()) out += (out.empty() ? "" : "\n") + line;
    at = end + 1;
  }
  return out;
}

/// A run of text with its formulae between \( and \), also those that stood between $$ and $$. @return whether there are any
bool writeFormulae(std::string_view run, std::string& out) {
  bool any = false;
  for (std::size_t at = 0; at < run.size();) {
    const std::size_t begin = std::min(run.find("$$", at), run.find("\\(", at));
    const bool dollars = begin != std::string_view::npos && run[begin] == '$';
    const std::size_t end = begin == std::string_view::npos ? begin : run.find(dollars ? "$$" : "\\)", begin + 2);
    if (end == std::string_view::npos) {  // nothing begins, or what begins does not end: the other mark may
      const std::size_t next = begin == std::string_view::npos ? run.size() : begin + 2;
      out += run.substr(at, next - at);
      at = next;
      continue;
    }
    any = true;
    const std::string_view inner = run.substr(begin + 2, end - begin - 2);
    out += run.substr(at, begin - at);
    if (dollars) out += "\\( " + trim(inner) + " \\)";
    else out += run.substr(begin, end + 2 - begin);  // as it is, whatever stands in it
    at = end + 2;
  }
  return any;
}

/// The formulae of the whole, when it is put together: what stood between two runs and was left out must not hide one, else a
/// text would change again when it is read the next time.
void writeFormulaeBetweenTags(CleanedText& text) {
  const std::string html = std::exchange(text.html, {});
  for (std::size_t at = 0; at < html.size();) {
    const std::size_t tag = std::min(html.find('<', at), html.size()), end = std::min(html.find('>', tag), html.size() - 1) + 1;
    if (writeFormulae(std::string_view(html).substr(at, tag - at), text.html)) text.is_plain = false;
    if (tag == html.size()) break;
    text.html += html.substr(tag, end - tag);
    at = end;
  }
}

}  // namespace

CleanedText cleanText(std::string_view raw) {
  CleanedText out;
  out.plain = tidied(std::string(raw));
  std::string rest;
  out.is_plain = !writeFormulae(raw, rest);
  out.html = htmlOfText(out.is_plain ? out.plain : rest);
  return out;
}

CleanedText cleanHtml(std::string_view raw, const FindPicture& find) {
  CleanedText out;
  if (std::count(raw.begin(), raw.end(), '<') > kTagsMax || crowdedTag(raw)) {
    out = cleanText(plainText(raw, true));
    out.left_out.push_back({"标记过多，只保留文字", "too many tags: only the words are kept"});
    return out;
  }
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  GumboOutput* tree = gumbo_parse_with_options(&options, raw.data(), raw.size());
  const GumboVector& top = tree->root->v.element.children;
  for (unsigned i = 0; i < top.length; ++i) {
    const auto* node = static_cast<const GumboNode*>(top.data[i]);
    if (node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == GUMBO_TAG_BODY) Cleaner(out, find).children(node->v.element.children, 0);
  }
  gumbo_destroy_output(&options, tree);
  writeFormulaeBetweenTags(out);
  out.html = trim(out.html);
  out.plain = tidied(out.plain);
  return out;
}

}  // namespace invigil::bank
