// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <tuple>

#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

constexpr std::size_t kFileBytesMax = 64u << 20;

std::string wordsOf(const pugi::xml_node& node) {
  const pugi::xml_node text = node.child("text");
  return text ? text.text().get() : node.text().get();
}

/// Of Base64 in lines.
std::optional<std::string> bytesOf(const pugi::xml_node& node) {
  std::string text = node.text().get();
  std::erase_if(text, [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; });
  const auto bytes = fromBase64(text);
  return bytes ? std::optional(std::string(bytes->begin(), bytes->end())) : std::nullopt;
}

/// Pictures of <file name="" encoding="base64"> by the name that follows @@PLUGINFILE@@.
FindPicture picturesOf(const pugi::xml_node& node) {
  return [node](std::string_view address) -> std::optional<std::string> {
    const std::size_t mark = address.find("@@PLUGINFILE@@");
    if (mark == std::string_view::npos) return std::nullopt;
    const std::string name = formats::percentDecoded(std::string(formats::lastPart(address)));
    for (const pugi::xml_node& file : node.children("file"))
      if (name == file.attribute("name").value())
        if (auto bytes = bytesOf(file)) return bytes;
    return std::nullopt;
  };
}

CleanedText textOf(const pugi::xml_node& node) {
  const std::string format = node.attribute("format").value();
  const std::string words = wordsOf(node);
  if (format == "plain_text" || format == "markdown") return cleanText(words);
  return cleanHtml(words, picturesOf(node));
}

bool isYes(const pugi::xml_node& node) {
  const std::string text = trim(node.text().get());
  return text == "1" || text == "true";
}

class XmlQuestion {
 public:
  XmlQuestion(Reading& reading, const pugi::xml_node& node, Place place, const std::string& category) : reading_(reading), node_(node) {
    q_.place = std::move(place);
    q_.item.title = trim(wordsOf(node.child("name")));
    q_.item.id = trim(node.child("idnumber").text().get());
    q_.stem = textOf(node.child("questiontext"));
    q_.explanation = textOf(node.child("generalfeedback"));
    if (category != "top") formats::addTag(q_, category);
    for (const pugi::xml_node& tag : node.child("tags").children("tag")) formats::addTag(q_, wordsOf(tag));
    oldPicture();
    feedback();
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

  /// What Moodle shows after an answer, whichever it was, has no place here.
  void feedback() {
    std::string zh, en;
    for (const auto& [element, in_zh, in_en] : {std::tuple{"correctfeedback", "答对时的反馈", "the feedback to right answers"}, {"partiallycorrectfeedback", "部分答对时的反馈", "that to partly right ones"},
                                                {"incorrectfeedback", "答错时的反馈", "that to wrong ones"}, {"hint", "提示", "hints"}}) {
      bool any = false;
      for (const pugi::xml_node& node : node_.children(element)) any = any || !cleanHtml(wordsOf(node)).plain.empty();
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

  void choose() {
    std::vector<double> shares;
    for (const pugi::xml_node& answer : node_.children("answer")) {
      q_.options.push_back(textOf(answer));
      q_.notes.push_back(textOf(answer.child("feedback")));
      shares.push_back(answer.attribute("fraction").as_double());
    }
    q_.item.fixed_order = node_.child("shuffleanswers") && !isYes(node_.child("shuffleanswers"));
    formats::keyFromShares(reading_, q_, shares, isYes(node_.child("single")));
    formats::take(reading_, std::move(q_));
  }

  void judge() {
    bool known = false, yes = false;
    q_.notes.resize(2);
    for (const pugi::xml_node& answer : node_.children("answer")) {
      const bool is_true = trim(wordsOf(answer)) == "true";
      q_.notes[is_true ? 0 : 1] = textOf(answer.child("feedback"));
      if (answer.attribute("fraction").as_double() > 0) known = true, yes = is_true;
    }
    if (!known) return formats::refuse(reading_, q_.place, named(), "no_key", {"没有正确答案", "no answer is right"});
    formats::makeTrueFalse(q_, yes);
    formats::take(reading_, std::move(q_));
  }

  static int percentOf(const pugi::xml_node& answer) {
    const double fraction = answer.attribute("fraction").as_double();
    return std::isfinite(fraction) ? static_cast<int>(std::clamp(fraction, 0.0, 100.0) + 0.5) : 0;
  }

  void numeric() {
    q_.item.type = ItemType::Numeric;
    if (node_.child("units").child("unit"))
      reading_.notes.push_back(formats::findingAt(q_.place, "unit_not_carried", named(), {"单位没有保留", "units are not carried over"}));
    for (const pugi::xml_node& answer : node_.children("answer")) {
      if (percentOf(answer) <= 0) continue;
      auto range = formats::rangeOf(wordsOf(answer), answer.child("tolerance") ? answer.child("tolerance").text().get() : "0", percentOf(answer));
      if (!range)
        return formats::refuse(reading_, q_.place, named(), "bad_answer", {"“" + trim(wordsOf(answer)) + "”不是数", "'" + trim(wordsOf(answer)) + "' is not a number"});
      q_.item.answers.push_back(std::move(*range));
      formats::explain(q_, wordsOf(answer), textOf(answer.child("feedback")));
    }
    formats::take(reading_, std::move(q_));
  }

  void words() {
    q_.item.type = ItemType::ShortText;
    for (const pugi::xml_node& answer : node_.children("answer")) {
      if (percentOf(answer) <= 0) continue;
      q_.item.answers.push_back(formats::shortAnswer(trim(wordsOf(answer)), isYes(node_.child("usecase")), percentOf(answer)));
      formats::explain(q_, wordsOf(answer), textOf(answer.child("feedback")));
    }
    formats::take(reading_, std::move(q_));
  }

  Reading& reading_;
  pugi::xml_node node_;
  Question q_;
};

}  // namespace

Result<Reading> readMoodleXml(std::string_view bytes, const std::string& file) {
  if (bytes.size() > kFileBytesMax) return fail(ErrorCode::TooLarge, "file_too_large", "64 MiB");
  pugi::xml_document document;
  const auto parsed = document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default & ~pugi::parse_doctype);
  if (!parsed) {
    const auto line = 1 + std::count(bytes.begin(), bytes.begin() + std::clamp<std::ptrdiff_t>(parsed.offset, 0, static_cast<std::ptrdiff_t>(bytes.size())), '\n');
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
