// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "formats/package.hpp"
#include "formats/qti_item.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::attributeNamed;
using formats::plainName;

constexpr unsigned kParse = pugi::parse_default | pugi::parse_ws_pcdata;
constexpr std::size_t kFileBytesMax = 64u << 20;
const std::string kManifest = "imsmanifest.xml";
constexpr formats::Package::Limits kLimits{200'000, 64u << 20, 256u << 20};

const std::string kOlderVersion = "这是 QTI 1.2，请另存为 2.1 以上。 / This is QTI 1.2; please export it as 2.1 or later.";

bool isXmlName(std::string_view name) {
  constexpr std::string_view kEnding = ".xml";
  if (name.size() < kEnding.size()) return false;
  return std::equal(kEnding.begin(), kEnding.end(), name.end() - static_cast<std::ptrdiff_t>(kEnding.size()), [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

/// A named character of HTML, such as &nbsp;, as the numbers that XML knows; "" where it is none, or one of XML's own five.
std::string numbersOf(std::string_view entity) {
  static const std::set<std::string_view> kOfXml{"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
  constexpr std::size_t kLongest = 40;
  if (kOfXml.contains(entity) || entity.size() > kLongest || entity.size() < 4) return {};
  if (!std::all_of(entity.begin() + 1, entity.end() - 1, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); })) return {};
  static const std::map<std::string_view, const char*> kBlanks{{"&nbsp;", "&#160;"}, {"&ensp;", "&#8194;"}, {"&emsp;", "&#8195;"}, {"&thinsp;", "&#8201;"}};
  if (const auto blank = kBlanks.find(entity); blank != kBlanks.end()) return blank->second;
  const std::string words = cleanHtml(entity).plain;
  if (words.empty() || words.find(';') != std::string::npos || codePoints(words) > 2) return {};
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const auto first = static_cast<unsigned char>(words[at]);
    const std::size_t bytes = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t point = bytes == 1 ? first : first & (0x7Fu >> bytes);
    for (std::size_t i = 1; i < bytes && at + i < words.size(); ++i) point = point << 6 | (static_cast<unsigned char>(words[at + i]) & 0x3Fu);
    out += "&#" + std::to_string(point) + ";";
    at += bytes;
  }
  return out;
}

/// Editors write HTML's named characters without declaring them, which the parser of XML leaves as they are.
std::string withoutNames(std::string xml) {
  if (xml.find('&') == std::string::npos) return xml;
  constexpr std::size_t kNamesMax = 2000;
  std::map<std::string, std::string> known;
  std::string out;
  for (std::size_t at = 0; at < xml.size();) {
    const std::size_t next = std::min(xml.find_first_of("&<", at), xml.size());
    out.append(xml, at, next - at);
    if (next == xml.size()) break;
    const std::string_view rest = std::string_view(xml).substr(next);
    std::size_t bytes = 1;
    for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<!DOCTYPE", ">"}, {"<?", "?>"}})
      if (rest.starts_with(open)) bytes = std::min(rest.find(close), rest.size() - close.size()) + close.size();
    const std::size_t end = rest[0] == '&' ? rest.substr(0, 41).find(';') : std::string_view::npos;
    if (end != std::string_view::npos) {
      bytes = end + 1;
      const auto [found, fresh] = known.try_emplace(std::string(rest.substr(0, bytes)));
      if (fresh && known.size() < kNamesMax) found->second = numbersOf(found->first);
      if (!found->second.empty()) out += found->second;
      else out.append(rest.substr(0, bytes));
    } else {
      out.append(rest.substr(0, bytes));
    }
    at = next + bytes;
  }
  return out;
}

/// What to parse as UTF-8.
Result<std::string> xmlOf(std::string_view bytes) {
  INVIGIL_TRY(text, formats::utf8Xml(bytes, "QTI 文件", "A QTI file"));
  return withoutNames(std::move(text));
}

tl::unexpected<Error> bad(std::string zh, std::string en) { return fail(ErrorCode::InvalidInput, "bad_xml", std::move(zh) + " / " + std::move(en)); }

std::string validId(const std::string& path) {
  std::string out;
  for (char c : path) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    out += good ? c : '-';
  }
  return out.size() > 64 ? out.substr(out.size() - 64) : out;
}

class PackageReader {
 public:
  PackageReader(formats::Package package, const std::string& file) : package_(std::move(package)), file_(file) {}

  Result<Reading> run() {
    for (const std::string& name : package_.names())
      if (isXmlName(name) && !formats::lastPart(name).starts_with("._")) present_.insert(name);  // macOS puts ._name beside every file
    pugi::xml_document manifest;
    const std::string manifest_path = package_.find(kManifest);
    if (!manifest_path.empty()) INVIGIL_CHECK(load(manifest_path, manifest));
    for (const std::string& path : inOrder(manifest.document_element())) {
      pugi::xml_document document;  // one at a time: a package may hold tens of thousands
      if (path != manifest_path) INVIGIL_CHECK(load(path, document));
      const pugi::xml_node root = document.document_element();
      const std::string kind = plainName(root.name());
      if (kind == "assessmentitem") item(path, root);
      if (kind.starts_with("questestinterop")) olderVersion(path, root);
    }
    std::stable_sort(stimuli_.begin(), stimuli_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [position, one] : stimuli_) reading_.stimuli.push_back(std::move(one));
    missing(manifest.document_element());
    if (limit_) return fail(std::move(*limit_));
    return std::move(reading_);
  }

 private:
  Place place(const std::string& path) { return {file_, wellFormed(path), ++number_, 0}; }

  /// What is no XML is refused and leaves the document empty.
  Status load(const std::string& path, pugi::xml_document& document) {
    INVIGIL_TRY(text, package_.read(path));
    if (!text) return {};
    auto xml = xmlOf(*text);
    if (!xml) return formats::refuse(reading_, place(path), path, "bad_xml", formats::twoLanguages(xml.error().detail)), Status{};
    const auto parsed = document.load_buffer(xml->data(), xml->size(), kParse, pugi::encoding_utf8);
    if (parsed) return {};
    document.reset();
    formats::refuse(reading_, place(path), path, "bad_xml", {"XML 有误：" + std::string(parsed.description()), "not valid XML: " + std::string(parsed.description())});
    return {};
  }

  /// The file that a resource of the manifest is; "" when it names none, or one outside.
  static std::string linkOf(const pugi::xml_node& resource) {
    const std::string link = attributeNamed(resource, "href");
    return link.empty() ? attributeNamed(formats::childNamed(resource, "file"), "href") : link;
  }
  std::string located(const pugi::xml_node& resource) const {
    const std::string link = linkOf(resource), found = package_.find(formats::resolved("", link));
    return found.empty() ? package_.find(link) : found;  // a file may be called a%20b.xml
  }
  static bool isItem(const pugi::xml_node& resource) { return attributeNamed(resource, "type").find("item") != std::string::npos; }

  /// Paths of the documents as the manifest lists them, those that it does not name behind. What it calls an item may have any name.
  std::vector<std::string> inOrder(const pugi::xml_node& manifest) {
    std::vector<std::string> paths;
    const auto add = [&](const std::string& path) {
      if (!path.empty() && position_.emplace(path, position_.size()).second) paths.push_back(path);
    };
    for (const pugi::xml_node& resource : formats::childNamed(manifest, "resources").children()) {
      const std::string path = located(resource);
      if (isItem(resource) || present_.contains(path)) add(path);
    }
    for (const std::string& path : present_) add(path);
    return paths;
  }

  FindPicture picturesBeside(const std::string& path) {
    return [this, &path](std::string_view link) { return picture(formats::resolved(path, link)); };
  }

  /// Unpacked and taken along once: thousands of items may show the same one.
  std::optional<Media> picture(const std::string& written) {
    const std::string path = package_.find(written);
    const auto [known, fresh] = pictures_.try_emplace(path);
    if (fresh && !path.empty()) {
      auto bytes = package_.read(path);
      if (!bytes && bytes.error().code == ErrorCode::TooLarge) limit_ = bytes.error();
      if (bytes && *bytes) known->second = mediaName(**bytes);
      if (!known->second.empty() && media_names_.insert(known->second).second) reading_.media.push_back({known->second, std::move(**bytes)});
    }
    if (known->second.empty()) return std::nullopt;
    return Media{known->second, ""};
  }

  void item(const std::string& path, const pugi::xml_node& root) {
    formats::QtiSurroundings around;
    around.picture = picturesBeside(path);
    around.stimulus = [this, &path](const std::string& link) { return stimulus(formats::resolved(path, link)); };
    formats::readQtiItem(reading_, root, place(path), around);
  }

  /// Questions of QTI 1.2, which stand many in a file: each is named.
  void olderVersion(const std::string& path, const pugi::xml_node& root) {
    const auto refuse = [&](const std::string& text) { formats::refuse(reading_, place(path), text, "bad_xml", formats::twoLanguages(kOlderVersion)); };
    int depth = 0;
    for (pugi::xml_node node = root.first_child(); node;) {
      const bool question = plainName(node.name()) == "item";
      if (question) refuse(titleOf(node));
      if (!question && node.first_child() && ++depth) {
        node = node.first_child();
        continue;
      }
      for (; depth > 0 && !node.next_sibling(); --depth) node = node.parent();
      node = node.next_sibling();
    }
  }
  static std::string titleOf(const pugi::xml_node& item) {
    const std::string title = attributeNamed(item, "title"), words = cleanHtml(item.child("presentation").child("material").child("mattext").text().get()).plain;
    return !words.empty() ? words : !title.empty() ? title : attributeNamed(item, "ident");
  }

  /// Its id; "" where it is not there or cannot be shown.
  std::string stimulus(const std::string& written) {
    const std::string path = package_.find(written);
    const auto [known, fresh] = stimulus_ids_.try_emplace(path);
    if (!fresh || !present_.contains(path)) return known->second;
    pugi::xml_document document;
    const auto xml = package_.read(path);
    if (!xml && xml.error().code == ErrorCode::TooLarge) limit_ = xml.error();
    if (!xml || !*xml) return {};
    const auto text_of = xmlOf(**xml);
    if (!text_of || !document.load_buffer(text_of->data(), text_of->size(), kParse, pugi::encoding_utf8)) return {};
    const pugi::xml_node body = formats::childNamed(document.document_element(), "stimulusbody");
    CleanedText text = cleanHtml(formats::htmlBelow(body), picturesBeside(path));
    if (text.plain.empty() || text.loses_content || codePoints(text.html) > 20000) return {};
    std::string id = validId(path.substr(0, path.rfind('.')));
    const auto taken = [&](const auto& one) { return one.second.id == id; };
    if (std::any_of(stimuli_.begin(), stimuli_.end(), taken)) id = id.substr(0, 50) + "-" + std::to_string(position_[path]);  // a/b.xml beside a-b.xml
    stimuli_.emplace_back(position_[path], Stimulus{id, text.is_plain ? Markup::Plain : Markup::Html, text.is_plain ? text.plain : text.html});
    std::move(text.media.begin(), text.media.end(), std::back_inserter(reading_.media));
    return known->second = id;
  }

  /// Items that the manifest promises and the package does not hold.
  void missing(const pugi::xml_node& manifest) {
    std::set<std::string> told;
    for (const Finding& one : reading_.refused) told.insert(one.place.sheet);
    for (const pugi::xml_node& resource : formats::childNamed(manifest, "resources").children()) {
      const std::string link = linkOf(resource), path = formats::resolved("", link);
      if (!isItem(resource) || !located(resource).empty()) continue;
      if (!told.insert(path.empty() ? link : path).second) continue;
      formats::refuse(reading_, place(path), link, "file_missing", {"清单里的文件不在包里", "the manifest names a file that is not in the package"});
    }
  }

  formats::Package package_;
  const std::string& file_;
  std::set<std::string> present_;  ///< paths of XML: sorted, so that the same package reads the same
  std::map<std::string, std::size_t> position_;          ///< of a path in inOrder()
  std::vector<std::pair<std::size_t, Stimulus>> stimuli_;
  std::map<std::string, std::string> stimulus_ids_;
  std::map<std::string, std::string> pictures_;  ///< names of media by paths; "" = no picture
  std::set<std::string> media_names_;
  Reading reading_;
  std::optional<Error> limit_;
  int number_ = 0;
};

}  // namespace

Result<Reading> readQti(std::string_view bytes, const std::string& file) {
  if (bytes.size() > kFileBytesMax) return fail(ErrorCode::TooLarge, "file_too_large", "64 MiB");
  if (bytes.starts_with("PK")) {
    INVIGIL_TRY(package, formats::Package::open(bytes, kLimits));
    return PackageReader(std::move(package), file).run();
  }
  INVIGIL_TRY(text, xmlOf(bytes));
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size(), kParse, pugi::encoding_utf8);
  if (!parsed) return bad("XML 有误：" + std::string(parsed.description()), "not valid XML: " + std::string(parsed.description()));
  const pugi::xml_node root = document.document_element();
  const std::string kind = plainName(root.name());
  if (kind == "assessmenttest" || kind == "manifest") return bad("这是试卷或清单，试题在别的文件里，请导入整个压缩包。", "This is a test or a manifest; the items are in other files. Import the whole package.");
  if (kind.starts_with("questestinterop")) return fail(ErrorCode::InvalidInput, "bad_xml", kOlderVersion);
  if (kind != "assessmentitem") return bad("不是 QTI 试题。", "This is no QTI item.");
  Reading reading;
  formats::readQtiItem(reading, root, {file, "", 1, 0}, {});
  return reading;
}

}  // namespace invigil::bank
