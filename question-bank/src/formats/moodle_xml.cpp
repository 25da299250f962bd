// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <pugixml.hpp>
#include <tuple>
#include <utility>

#include "formats/loose_text.hpp"
#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

constexpr std::size_t kFileBytesMax = 64u << 20;

bool isText(const pugi::xml_node& node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

/// Elements beside the text where it stands in no <text> of its own.
bool isMember(const pugi::xml_node& node) {
  static constexpr std::string_view kMembers[]{"file", "feedback", "tolerance", "fraction", "tag"};
  return std::find(std::begin(kMembers), std::end(kMembers), node.name()) != std::end(kMembers);
}

std::string small(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Of a start or an end; those of Html that hold nothing have no end.
std::string tagOf(const pugi::xml_node& node, bool end) {
  static constexpr std::string_view kSingle[]{"br", "img", "hr", "col", "wbr", "input"};
  const std::string name = small(node.name());
  if (end) return std::find(std::begin(kSingle), std::end(kSingle), name) == std::end(kSingle) ? "</" + name + ">" : "";
  std::string out = "<" + name;
  for (const pugi::xml_attribute& attribute : node.attributes()) out += " " + std::string(attribute.name()) + "=\"" + escapeHtml(attribute.value()) + "\"";
  return out + ">";
}

/// An element as Html; without recursion, a file may be as deep as it is long.
void writeElement(const pugi::xml_node& top, std::string& out) {
  for (pugi::xml_node node = top;;) {
    if (isText(node)) out += escapeHtml(node.value());
    else if (node.type() == pugi::node_element) out += tagOf(node, false);
    if (node.first_child()) { node = node.first_child(); continue; }
    for (;; node = node.parent()) {
      if (node.type() == pugi::node_element) out += tagOf(node, true);
      if (node == top) return;
      if (node.next_sibling()) break;
    }
    node = node.next_sibling();
  }
}

struct Words {
  std::string text;
  bool marked_up = false;  ///< tags stand in the text that should have been escaped: it is Html whatever it says to be
};

/// Of all the pieces that comments, sections and tags part a text into.
Words piecesOf(const pugi::xml_node& node, bool plain) {
  const pugi::xml_node inner = node.child("text"), holder = inner ? inner : node;
  const auto stands = [&](const pugi::xml_node& child) { return child.type() == pugi::node_element && (inner || !isMember(child)); };
  Words words;
  for (const pugi::xml_node& child : holder.children()) words.marked_up = words.marked_up || stands(child);
  for (const pugi::xml_node& child : holder.children()) {
    if (isText(child)) words.text += plain && words.marked_up ? escapeHtml(child.value()) : child.value();
    else if (stands(child)) writeElement(child, words.text);
  }
  return words;
}

/// Names, tags and the like.
std::string wordsOf(const pugi::xml_node& node) {
  const Words words = piecesOf(node, true);
  return words.marked_up ? cleanHtml(words.text).plain : words.text;
}

/// Of Base64 in lines.
std::optional<std::string> bytesOf(const pugi::xml_node& node) {
  std::string text = node.text().get();
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
  if (text.size() > kMediaBase64Max) return std::nullopt;
  const auto bytes = fromBase64(text);
  return bytes ? std::optional(std::string(bytes->begin(), bytes->end())) : std::nullopt;
}

/// Pictures of <file name="" encoding="base64"> by the name that follows @@PLUGINFILE@@. Each is decoded and given once, however often
/// the text shows it.
FindPicture picturesOf(const pugi::xml_node& node) {
  return [node, known = std::map<std::string, std::string>()](std::string_view address) mutable -> std::optional<Media> {
    const std::size_t mark = address.find("@@PLUGINFILE@@");
    if (mark == std::string_view::npos) return std::nullopt;
    const std::string name = formats::percentDecoded(std::string(formats::lastPart(address)));
    const auto [media, fresh] = known.try_emplace(name);
    if (!fresh) return media->second.empty() ? std::nullopt : std::optional(Media{media->second, ""});
    for (const pugi::xml_node& file : node.children("file"))
      if (name == file.attribute("name").value())
        if (auto bytes = bytesOf(file)) {
          media->second = mediaName(*bytes);
          return Media{media->second, std::move(*bytes)};
        }
    return std::nullopt;
  };
}

/// moodle_auto_format: Html in which a line end breaks the line, but beside a tag.
std::string withBreaks(const std::string& html) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::string text = trim(html);
  std::string out;
  char before = '\0';
  std::size_t after = 0;  // the next character that is no blank
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = kBlanks.find(text[i]) != std::string_view::npos;
    if (!blank) before = text[i];
    if (text[i] != '\n') { out += text[i]; continue; }
    if (after <= i) after = std::min(text.find_first_not_of(kBlanks, i), text.size());
    out += before == '>' || (after < text.size() && text[after] == '<') ? "\n" : "<br>";
  }
  return out;
}

/// @param format  of the question, which holds where the text itself names none
CleanedText textOf(const pugi::xml_node& node, std::string format) {
  if (const pugi::xml_attribute own = node.attribute("format")) format = trim(own.value());
  const bool plain = format == "plain_text" || format == "markdown";
  const Words words = piecesOf(node, plain);
  if (plain && !words.marked_up) return format == "plain_text" ? formats::literalText(words.text) : cleanText(words.text);
  return cleanHtml(format == "moodle_auto_format" ? withBreaks(words.text) : words.text, picturesOf(node));
}

std::string smallWord(const pugi::xml_node& node) { return small(trim(wordsOf(node))); }

bool isYes(const pugi::xml_node& node) {
  const std::string text = smallWord(node);
  return text == "1" || text == "true";
}

bool saysAnything(const CleanedText& text) { return !text.plain.empty() || !text.is_plain; }

class XmlQuestion {
 public:
  XmlQuestion(Reading& reading, const pugi::xml_node& node, Place place, const std::string& category) : reading_(reading), node_(node) {
    q_.place = std::move(place);
    q_.item.title = trim(wordsOf(node.child("name")));
    q_.item.id = trim(node.child("idnumber").text().get());
    if (const pugi::xml_attribute format = node.child("questiontext").attribute("format")) format_ = trim(format.value());
    q_.stem = inner(node.child("questiontext"));
    q_.explanation = inner(node.child("generalfeedback"));
    if (category != "top") formats::addTag(q_, category);
    for (const pugi::xml_node& tag : node.child("tags").children("tag")) formats::addTag(q_, wordsOf(tag));
    oldPicture();
    feedback();
    if (isYes(node.child("hidden")))
      reading.notes.push_back(formats::findingAt(q_.place, "left_out", named(), {"这道题在 Moodle 里是隐藏的，这一点没有带入", "Moodle hides this question; that is not carried over"}));
  }

  void read(const std::string& type) {
    if (type == "multichoice") return choose();
    if (type == "truefalse") return judge();
    if (type == "numerical") return numeric();
    if (type == "shortanswer") return words();
    if (type == "description") return formats::refuse(reading_, q_.place, named(), "no_question", {"只是说明文字，不是试题", "a description, no question"});
    formats::refuseType(reading_, q_.place, named(), type);
  }

 private:
  std::string named() const { return q_.stem.plain.empty() ? q_.item.title : q_.stem.plain; }

  CleanedText inner(const pugi::xml_node& node) const { return textOf(node, format_); }

  /// What Moodle shows after an answer, whichever it was, has no place here.
  void feedback() {
    std::string zh, en;
    for (const auto& [element, in_zh, in_en] : {std::tuple{"correctfeedback", "答对时的反馈", "the feedback to right answers"}, {"partiallycorrectfeedback", "部分答对时的反馈", "that to partly right ones"},
                                                {"incorrectfeedback", "答错时的反馈", "that to wrong ones"}, {"hint", "提示", "hints"}}) {
      bool any = false;
      for (const pugi::xml_node& node : node_.children(element)) any = any || saysAnything(inner(node));
      if (any) zh += (zh.empty() ? "" : "、") + std::string(in_zh), en += (en.empty() ? "" : ", ") + std::string(in_en);
    }
    if (!zh.empty()) reading_.notes.push_back(formats::findingAt(q_.place, "left_out", named(), {"没有带入：" + zh, "not carried over: " + en}));
  }

  /// Files of Moodle 1 name one picture beside the text.
  void oldPicture() {
    const pugi::xml_node base64 = node_.child("image_base64");
    if (*base64.text().get() == '\0') return;
    const auto bytes = bytesOf(base64);
    const std::string name = bytes ? mediaName(*bytes) : "";
    if (name.empty()) {
      q_.stem.left_out.push_back({"缺少图片", "the picture cannot be read"});
      q_.stem.loses_content = true;
      return;
    }
    if (q_.stem.is_plain) q_.stem.html = escapeHtml(q_.stem.plain), q_.stem.is_plain = false;
    q_.stem.html += "<br><img src=\"media:" + name + "\" alt=\"\">";
    q_.stem.media.push_back({name, *bytes});
  }

  /// Moodle takes a question that does not say so for a single choice; shares that make up the whole only together say otherwise.
  bool single(const std::vector<double>& shares) const {
    if (const pugi::xml_node said = node_.child("single")) {
      const std::string word = smallWord(said);
      return word != "false" && word != "0" && !word.empty();
    }
    constexpr double kRounded = 1;
    double together = 0, best = 0;
    for (double share : shares) together += std::max(share, 0.0), best = std::max(best, share);
    return std::abs(together - 100) > kRounded || best > 100 - kRounded;
  }

  void choose() {
    std::vector<double> shares;
    for (const pugi::xml_node& answer : node_.children("answer")) {
      q_.options.push_back(inner(answer));
      q_.notes.push_back(inner(answer.child("feedback")));
      shares.push_back(answer.attribute("fraction").as_double());
    }
    q_.item.fixed_order = node_.child("shuffleanswers") && !isYes(node_.child("shuffleanswers"));
    formats::takeByShares(reading_, std::move(q_), shares, single(shares) ? formats::Choosing::One : formats::Choosing::Several);
  }

  void judge() {
    const auto bad = [this](const char* code, Wording why) { formats::refuse(reading_, q_.place, named(), code, std::move(why)); };
    std::optional<bool> key;
    bool said[2]{};
    q_.notes.resize(2);
    for (const pugi::xml_node& answer : node_.children("answer")) {
      const std::string word = trim(textOf(answer, "html").plain);
      const auto is = formats::truthOf(word);
      if (!is) return bad("bad_answer", {"答案“" + firstCharacters(word, 40) + "”既不是对也不是错", "the answer '" + firstCharacters(word, 40) + "' is neither true nor false"});
      if (std::exchange(said[*is ? 0 : 1], true)) return bad("bad_answer", {"两个答案都是“" + word + "”", "two answers say '" + word + "'"});
      q_.notes[*is ? 0 : 1] = inner(answer.child("feedback"));
      if (answer.attribute("fraction").as_double() <= 0) continue;
      if (key) return bad("several_right", {"两个答案都算对", "both answers are right"});
      key = is;
    }
    if (!key) return bad("no_key", {"没有正确答案", "no answer is right"});
    formats::makeTrueFalse(q_, *key);
    formats::take(reading_, std::move(q_));
  }

  static int percentOf(const pugi::xml_node& answer) {
    const double fraction = answer.attribute("fraction").as_double();
    return std::isfinite(fraction) ? static_cast<int>(std::clamp(fraction, 0.0, 100.0) + 0.5) : 0;
  }

  /// Nothing: tags stand in it, which nobody can type and which may mean something (10<sup>3</sup>).
  std::optional<std::string> typed(const pugi::xml_node& answer) {
    const Words words = piecesOf(answer, true);
    if (!words.marked_up) return trim(words.text);
    formats::refuse(reading_, q_.place, named(), "bad_answer", {"填写的答案里有标记", "an answer to be typed holds tags"});
    return std::nullopt;
  }

  /// Whether an answer is none; what is said to it has no place.
  bool isWrong(const pugi::xml_node& answer) {
    if (percentOf(answer) > 0) return false;
    if (!told_ && saysAnything(inner(answer.child("feedback")))) reading_.notes.push_back(formats::wrongAnswersFeedback(q_.place, named())), told_ = true;
    return true;
  }

  void numeric() {
    q_.item.type = ItemType::Numeric;
    if (node_.child("units").child("unit"))
      reading_.notes.push_back(formats::findingAt(q_.place, "unit_not_carried", named(), {"单位没有保留", "units are not carried over"}));
    for (const pugi::xml_node& answer : node_.children("answer")) {
      if (isWrong(answer)) continue;
      const auto text = typed(answer);
      if (!text) return;
      auto range = formats::rangeOf(*text, answer.child("tolerance") ? answer.child("tolerance").text().get() : "0", percentOf(answer));
      if (!range) return formats::refuse(reading_, q_.place, named(), "bad_answer", {"“" + *text + "”不是数", "'" + *text + "' is not a number"});
      q_.item.answers.push_back(std::move(*range));
      formats::explain(q_, *text, inner(answer.child("feedback")));
    }
    formats::take(reading_, std::move(q_));
  }

  void words() {
    q_.item.type = ItemType::ShortText;
    for (const pugi::xml_node& answer : node_.children("answer")) {
      if (isWrong(answer)) continue;
      const auto text = typed(answer);
      if (!text) return;
      q_.item.answers.push_back(formats::shortAnswer(*text, isYes(node_.child("usecase")), percentOf(answer)));
      formats::explain(q_, *text, inner(answer.child("feedback")));
    }
    formats::take(reading_, std::move(q_));
  }

  Reading& reading_;
  pugi::xml_node node_;
  std::string format_ = "html";
  bool told_ = false;
  Question q_;
};

}  // namespace

Result<Reading> readMoodleXml(std::string_view bytes, const std::string& file) {
  if (bytes.size() > kFileBytesMax) return fail(ErrorCode::TooLarge, "file_too_large", "64 MiB");
  INVIGIL_TRY(text, formats::utf8Xml(bytes, "Moodle XML 文件", "A Moodle XML file"));
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size(), (pugi::parse_default | pugi::parse_ws_pcdata) & ~pugi::parse_doctype, pugi::encoding_utf8);
  if (!parsed) {
    const auto line = 1 + std::count(text.begin(), text.begin() + std::clamp<std::ptrdiff_t>(parsed.offset, 0, static_cast<std::ptrdiff_t>(text.size())), '\n');
    return fail(ErrorCode::InvalidInput, "bad_xml", "第 " + std::to_string(line) + " 行：XML 有误。 / Line " + std::to_string(line) + ": " + parsed.description() + ".");
  }
  const pugi::xml_node quiz = document.child("quiz");
  if (!quiz) return fail(ErrorCode::InvalidInput, "bad_xml", "不是 Moodle 题库 XML（没有 <quiz>）。 / This is no Moodle question XML: there is no <quiz>.");
  Reading reading;
  std::string category;
  int number = 0;
  for (const pugi::xml_node& node : quiz.children("question")) {
    const std::string type = node.attribute("type").value();
    if (type == "category") {
      const std::string path = trim(wordsOf(node.child("category"))), info = cleanHtml(wordsOf(node.child("info"))).plain;
      category = formats::lastPart(path);
      formats::tellCategory(reading, {file, "", number + 1, 0}, path);
      if (!info.empty()) reading.notes.push_back(formats::findingAt({file, "", number + 1, 0}, "left_out", info, {"分类“" + category + "”的说明没有带入", "the description of the category '" + category + "' is not carried over"}));
      continue;
    }
    XmlQuestion(reading, node, {file, "", ++number, 0}, category).read(type);
  }
  return reading;
}

}  // namespace invigil::bank
