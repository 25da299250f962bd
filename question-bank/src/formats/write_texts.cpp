// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <set>

#include "formats/writers.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') out += "\\n";
    else if (std::string_view("~=#{}:\\").find(c) != std::string_view::npos) (out += '\\') += c;
    else out += c;
  }
  return out;
}

/// With the format before it: what stands in the file is read as it was meant.
std::string giftText(const Item& item, const std::string& text) { return (item.markup == Markup::Html ? "[html]" : "[plain]") + escaped(text); }

std::string share(double percent) {
  char text[24];
  std::snprintf(text, sizeof text, "%.5g", percent);
  return text;
}

std::string giftNote(const Item& item, std::size_t option) {
  return item.option_notes.empty() || item.option_notes[option].empty() ? "" : "#" + giftText(item, item.option_notes[option]);
}

std::string giftAnswers(const Item& item) {
  std::string out;
  if (item.type == ItemType::TrueFalse) {
    out = item.key[0] == 0 ? "TRUE" : "FALSE";
    return item.option_notes.empty() ? out : out + "#" + giftText(item, item.option_notes[0]) + "#" + giftText(item, item.option_notes[1]);
  }
  if (item.type == ItemType::Numeric) {
    out = "#";
    for (const AcceptedAnswer& answer : item.answers) out += "\n=%" + std::to_string(answer.percent) + "%" + formats::withoutLastDot(answer.text) + ".." + formats::withoutLastDot(answer.upper);
    return out;
  }
  if (item.type == ItemType::ShortText) {
    for (const AcceptedAnswer& answer : item.answers) out += "\n=%" + std::to_string(answer.percent) + "%[plain]" + escaped(answer.text);
    return out;
  }
  const std::set<int> right(item.key.begin(), item.key.end());
  for (std::size_t i = 0; i < item.options.size(); ++i) {
    const bool is = right.contains(static_cast<int>(i));
    out += "\n";
    if (item.type == ItemType::SingleChoice) out += is ? "=" : "~";
    else out += is ? "~%" + share(100.0 / static_cast<double>(right.size())) + "%" : std::string("~%-100%");
    out += giftText(item, item.options[i]) + giftNote(item, i);
  }
  return out;
}

/// What typed answers of Moodle cannot say; false: the item is left out.
bool typedFits(Written& out, const Item& item, bool gift) {
  bool case_counts = false;
  for (const AcceptedAnswer& answer : item.answers) {
    if (answer.match == AcceptedAnswer::Match::Regex || answer.text.find('*') != std::string::npos) {
      leaveOut(out, item, "正则表达式或带 * 的答案", "an answer that is a pattern or holds *");
      return false;
    }
    case_counts = case_counts || answer.match == AcceptedAnswer::Match::Exact;
  }
  if (case_counts && gift) lose(out, item, "答案区分大小写", "that the case of letters counts");
  return true;
}

}  // namespace

Written writeGift(const Bank& bank) {
  Written out;
  for (const Item& item : bank.items) {
    if (showsPicture(item)) { leaveOut(out, item, "GIFT 放不下图片", "GIFT has no place for pictures"); continue; }
    if (!typedFits(out, item, true)) continue;
    if (!item.stimulus.empty()) lose(out, item, "案例材料", "case material");
    if (item.type == ItemType::MultipleChoice && item.key.size() == 1) lose(out, item, "是多选题（会读成单选题）", "that several options may be chosen (it is read as single choice)");
    out.bytes += "// [id:" + item.id + "]";
    for (const std::string& tag : ownTags(item)) out.bytes += " [tag:" + tag + "]";
    out.bytes += "\n";
    if (!item.title.empty()) out.bytes += "::" + escaped(item.title) + "::";
    out.bytes += giftText(item, item.stem) + "{" + giftAnswers(item);
    if (!item.explanation.empty()) out.bytes += "\n####" + giftText(item, item.explanation);
    const bool one_line = item.type == ItemType::TrueFalse && item.explanation.empty();
    out.bytes += one_line ? "}\n\n" : "\n}\n\n";
  }
  return out;
}

namespace {

class MoodleWriter {
 public:
  explicit MoodleWriter(const Bank& bank) : bank_(bank) {}

  Written run() {
    out_.bytes = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n";
    for (const Item& item : bank_.items)
      if (typedFits(out_, item, false)) write(item);
    out_.bytes += "</quiz>\n";
    return std::move(out_);
  }

 private:
  /// The text and, beside it, the pictures that it shows.
  std::string text(const Item& item, const char* element, const std::string& value, const std::string& inside = "", const std::string& attributes = "") {
    if (item.markup == Markup::Plain)  // in HTML, typed $$ would become a formula
      return "  <" + std::string(element) + attributes + " format=\"plain_text\"><text>" + escapeHtml(value) + "</text>" + inside + "</" + element + ">\n";
    std::string out = "  <" + std::string(element) + attributes + " format=\"html\"><text>" + escapeHtml(withPictures(value, "@@PLUGINFILE@@/")) + "</text>";
    std::set<std::string> names;
    for (const std::string& name : mediaIn(value)) names.insert(name);
    for (const Media& media : bank_.media)
      if (names.contains(media.name))
        out += "<file name=\"" + media.name + "\" encoding=\"base64\">" + toBase64({reinterpret_cast<const std::uint8_t*>(media.bytes.data()), media.bytes.size()}) + "</file>";
    return out + inside + "</" + element + ">\n";
  }

  static std::string plain(const char* element, const std::string& value) { return "  <" + std::string(element) + "><text>" + escapeHtml(value) + "</text></" + element + ">\n"; }

  void answers(const Item& item) {
    const std::set<int> right(item.key.begin(), item.key.end());
    for (std::size_t i = 0; i < item.options.size(); ++i) {
      const bool is = right.contains(static_cast<int>(i)), several = item.type == ItemType::MultipleChoice;
      const std::string fraction = is ? several ? share(100.0 / static_cast<double>(right.size())) : "100" : several ? "-100" : "0";
      const std::string note = item.option_notes.empty() || item.option_notes[i].empty() ? "" : text(item, "feedback", item.option_notes[i]);
      const bool judge = item.type == ItemType::TrueFalse;
      out_.bytes += judge ? "  <answer fraction=\"" + fraction + "\"><text>" + (i == 0 ? "true" : "false") + "</text>" + note + "</answer>\n"
                          : text(item, "answer", item.options[i], note, " fraction=\"" + fraction + "\"");
    }
    for (const AcceptedAnswer& answer : item.answers) {
      const Around around = aroundOf(answer);
      out_.bytes += "  <answer fraction=\"" + std::to_string(answer.percent) + "\" format=\"plain_text\"><text>" + escapeHtml(around.middle) + "</text>";
      if (item.type == ItemType::Numeric) out_.bytes += "<tolerance>" + around.tolerance + "</tolerance>";
      out_.bytes += "</answer>\n";
    }
  }

  void write(const Item& item) {
    static const char* const kTypes[]{"truefalse", "multichoice", "multichoice", "numerical", "shortanswer"};
    if (!item.stimulus.empty()) lose(out_, item, "案例材料", "case material");
    out_.bytes += " <question type=\"" + std::string(kTypes[static_cast<int>(item.type)]) + "\">\n" + plain("name", item.title) + text(item, "questiontext", item.stem) +
                  text(item, "generalfeedback", item.explanation) + "  <idnumber>" + escapeHtml(item.id) + "</idnumber>\n";
    if (item.type == ItemType::SingleChoice || item.type == ItemType::MultipleChoice)
      out_.bytes += "  <single>" + std::string(item.type == ItemType::SingleChoice ? "true" : "false") + "</single>\n  <shuffleanswers>" + (item.fixed_order ? "false" : "true") + "</shuffleanswers>\n";
    if (item.type == ItemType::ShortText) {
      const bool exact = !item.answers.empty() && item.answers[0].match == AcceptedAnswer::Match::Exact;
      for (const AcceptedAnswer& answer : item.answers)
        if ((answer.match == AcceptedAnswer::Match::Exact) != exact) { lose(out_, item, "各答案是否区分大小写", "which answers look at the case of letters"); break; }
      out_.bytes += "  <usecase>" + std::string(exact ? "1" : "0") + "</usecase>\n";
    }
    answers(item);
    out_.bytes += "  <tags>";
    for (const std::string& tag : ownTags(item)) out_.bytes += "<tag><text>" + escapeHtml(tag) + "</text></tag>";
    out_.bytes += "</tags>\n </question>\n";
  }

  const Bank& bank_;
  Written out_;
};

}  // namespace

Written writeMoodleXml(const Bank& bank) { return MoodleWriter(bank).run(); }

}  // namespace invigil::bank::formats
