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

namespace invigil::bank {
namespace {

using formats::attributeNamed;
using formats::plainName;

constexpr unsigned kParse = pugi::parse_default | pugi::parse_ws_pcdata;
constexpr std::size_t kFileBytesMax = 64u << 20;
const std::string kManifest = "imsmanifest.xml";
constexpr formats::Package::Limits kLimits{200'000, 64u << 20, 256u << 20};

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
      if (name.ends_with(".xml") && !formats::lastPart(name).starts_with("._")) present_.insert(name);  // macOS puts ._name beside every file
    pugi::xml_document manifest;
    if (present_.contains(kManifest)) INVIGIL_CHECK(load(kManifest, manifest));
    for (const std::string& path : inOrder(manifest.document_element())) {
      pugi::xml_document document;  // one at a time: a package may hold tens of thousands
      if (path != kManifest) INVIGIL_CHECK(load(path, document));
      if (const pugi::xml_node root = document.document_element(); plainName(root.name()) == "assessmentitem") item(path, root);
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
    const auto parsed = document.load_buffer(text->data(), text->size(), kParse);
    if (parsed) return {};
    document.reset();
    formats::refuse(reading_, place(path), path, "bad_xml", {"XML 有误：" + std::string(parsed.description()), "not valid XML: " + std::string(parsed.description())});
    return {};
  }

  /// Paths of the documents as the manifest lists them, those that it does not name behind.
  std::vector<std::string> inOrder(const pugi::xml_node& manifest) {
    std::vector<std::string> paths;
    const auto add = [&](const std::string& path) {
      if (present_.contains(path) && position_.emplace(path, position_.size()).second) paths.push_back(path);
    };
    for (const pugi::xml_node& resource : formats::childNamed(manifest, "resources").children()) add(formats::resolved("", attributeNamed(resource, "href")));
    for (const std::string& path : present_) add(path);
    return paths;
  }

  FindPicture picturesBeside(const std::string& path) {
    return [this, &path](std::string_view link) -> std::optional<std::string> {
      auto bytes = package_.read(formats::resolved(path, link));
      if (bytes) return *bytes;
      if (bytes.error().code == ErrorCode::TooLarge) limit_ = bytes.error();
      return std::nullopt;
    };
  }

  void item(const std::string& path, const pugi::xml_node& root) {
    formats::QtiSurroundings around;
    around.picture = picturesBeside(path);
    around.stimulus = [this, &path](const std::string& link) { return stimulus(formats::resolved(path, link)); };
    formats::readQtiItem(reading_, root, place(path), around);
  }

  /// Its id; "" where it is not there or cannot be shown.
  std::string stimulus(const std::string& path) {
    const auto [known, fresh] = stimulus_ids_.try_emplace(path);
    if (!fresh || !present_.contains(path)) return known->second;
    pugi::xml_document document;
    const auto xml = package_.read(path);
    if (!xml && xml.error().code == ErrorCode::TooLarge) limit_ = xml.error();
    if (!xml || !*xml || !document.load_buffer((*xml)->data(), (*xml)->size(), kParse)) return {};
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
      const std::string type = attributeNamed(resource, "type"), path = formats::resolved("", attributeNamed(resource, "href"));
      if (type.find("item") == std::string::npos || present_.contains(path)) continue;
      if (!told.insert(path).second) continue;
      formats::refuse(reading_, place(path), attributeNamed(resource, "href"), "file_missing", {"清单里的文件不在包里", "the manifest names a file that is not in the package"});
    }
  }

  formats::Package package_;
  const std::string& file_;
  std::set<std::string> present_;  ///< paths of XML: sorted, so that the same package reads the same
  std::map<std::string, std::size_t> position_;          ///< of a path in inOrder()
  std::vector<std::pair<std::size_t, Stimulus>> stimuli_;
  std::map<std::string, std::string> stimulus_ids_;
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
  pugi::xml_document document;
  const auto parsed = document.load_buffer(bytes.data(), bytes.size(), kParse);
  if (!parsed) return bad("XML 有误：" + std::string(parsed.description()), "not valid XML: " + std::string(parsed.description()));
  const pugi::xml_node root = document.document_element();
  const std::string kind = plainName(root.name());
  if (kind == "assessmenttest" || kind == "manifest") return bad("这是试卷或清单，试题在别的文件里，请导入整个压缩包。", "This is a test or a manifest; the items are in other files. Import the whole package.");
  if (kind.starts_with("questestinterop")) return bad("这是 QTI 1.2，请另存为 2.1 以上。", "This is QTI 1.2; please export it as 2.1 or later.");
  if (kind != "assessmentitem") return bad("不是 QTI 试题。", "This is no QTI item.");
  Reading reading;
  formats::readQtiItem(reading, root, {file, "", 1, 0}, {});
  return reading;
}

}  // namespace invigil::bank
