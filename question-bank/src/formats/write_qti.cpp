// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "formats/package.hpp"
#include "formats/qti_key.hpp"
#include "formats/writers.hpp"

namespace invigil::bank::formats {
namespace {

/// Names of QTI 2.1 and, with dashes and a prefix, of QTI 3.0.
class Names {
 public:
  explicit Names(bool three) : three_(three) {}
  std::string attribute(const std::string& name) const {
    std::string out;
    for (char c : name) {
      if (three_ && c >= 'A' && c <= 'Z') (out += '-') += static_cast<char>(c - 'A' + 'a');
      else out += c;
    }
    return out;
  }
  std::string element(const std::string& name) const { return (three_ ? "qti-" : "") + attribute(name); }

 private:
  bool three_;
};

/// <br> and <img …> as XML wants them; entities are XML's own already.
std::string xhtml(std::string html) {
  for (const char* name : {"<br", "<hr", "<img"})
    for (std::size_t at = html.find(name); at != std::string::npos; at = html.find(name, at + 1)) {
      const std::size_t end = html.find('>', at);
      if (end != std::string::npos && html[end - 1] != '/') html.insert(end, "/");
    }
  for (std::size_t at = html.find("&nbsp;"); at != std::string::npos; at = html.find("&nbsp;", at)) html.replace(at, 6, "&#160;");
  return html;
}

class QtiWriter {
 public:
  QtiWriter(const Bank& bank, int version) : bank_(bank), names_(version == 30), version_(version) {}

  Result<Written> run() {
    std::string resources;
    for (const Stimulus& one : bank_.stimuli) stimulus(one, resources);
    for (const Item& item : bank_.items) {
      if (!fits(item)) continue;
      const std::string path = "items/" + item.id + ".xml";
      files_.emplace_back(path, itemXml(item));
      resources += "<resource identifier=\"" + id(item.id) + "\" type=\"" + (version_ == 30 ? "imsqti_item_xmlv3p0" : "imsqti_item_xmlv2p1") + "\" href=\"" + path + "\"><file href=\"" + path + "\"/></resource>\n";
    }
    for (const Media& media : bank_.media) files_.emplace_back("media/" + media.name, media.bytes);
    files_.emplace_back("imsmanifest.xml", kHead + ("<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" identifier=\"" + id(bank_.id) + "\"><organizations/><resources>\n") + resources + "</resources></manifest>\n");
    INVIGIL_TRY(bytes, packed(files_));
    out_.bytes = std::move(bytes);
    return std::move(out_);
  }

 private:
  static constexpr const char* kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  /// An XML name: ids may begin with a digit.
  static std::string id(const std::string& text) { return "I-" + text; }
  std::string open(const std::string& name, const std::string& attributes = "") const { return "<" + names_.element(name) + attributes + ">"; }
  std::string close(const std::string& name) const { return "</" + names_.element(name) + ">"; }
  std::string with(const std::string& name, const std::string& value) const { return " " + names_.attribute(name) + "=\"" + escapeHtml(value) + "\""; }
  std::string inside(const Item& item, const std::string& text) const { return xhtml(withPictures(htmlOf(item, text), "../media/")); }

  bool fits(const Item& item) {
    for (const AcceptedAnswer& answer : item.answers)
      if (answer.match == AcceptedAnswer::Match::Regex || (item.type == ItemType::Numeric && item.answers.size() > 1)) {
        leaveOut(out_, item, "答案是正则表达式，或有几个数值范围", "an answer that is a pattern, or several ranges");
        return false;
      }
    Losses losses;
    losses.add(!item.topic.empty(), "知识点", "topic");
    losses.add(item.difficulty > 0, "难度", "difficulty");
    losses.add(!item.explanation.empty(), "解析", "explanation");
    losses.add(!item.source.empty(), "来源", "source");
    losses.add(item.level != Level::Unstated, "题库级别", "level");
    losses.add(!item.tags.empty(), "标签", "tags");
    losses.add(!item.enemies.empty(), "互斥题", "enemies");
    losses.add(!item.stimulus.empty() && version_ != 30, "案例材料", "case material");
    losses.add(item.type == ItemType::TrueFalse && !item.option_notes.empty(), "选项说明", "option notes");
    losses.add(item.markup == Markup::Plain && readsAsFormula(item), "文字里的 $$ 或 \\( 不是公式", "that $$ or \\( in its text is no formula");
    losses.tell(out_, item);
    return true;
  }

  /// QTI has HTML only, in which typed $$ and \( stand around formulae.
  static bool readsAsFormula(const Item& item) {
    const auto like = [](const std::string& text) { return text.find("$$") != std::string::npos || text.find("\\(") != std::string::npos; };
    return like(item.stem) || std::any_of(item.options.begin(), item.options.end(), like) || std::any_of(item.option_notes.begin(), item.option_notes.end(), like);
  }

  void stimulus(const Stimulus& one, std::string& resources) {
    if (version_ != 30) return;
    const std::string path = one.id + ".xml";
    Item like;
    like.markup = one.markup;
    const std::string body = xhtml(withPictures(htmlOf(like, one.text), "media/"));
    files_.emplace_back(path, kHead + ("<qti-assessment-stimulus xmlns=\"http://www.imsglobal.org/xsd/imsqtiasi_v3p0\" identifier=\"" + id(one.id) + "\" title=\"\">") + "<qti-stimulus-body>" + body + "</qti-stimulus-body></qti-assessment-stimulus>\n");
    resources += "<resource identifier=\"S-" + one.id + "\" type=\"imsqti_stimulus_xmlv3p0\" href=\"" + path + "\"><file href=\"" + path + "\"/></resource>\n";
  }

  std::string itemXml(const Item& item) const {
    const bool options = hasOptions(item.type), several = item.type == ItemType::MultipleChoice;
    const std::string base = options ? "identifier" : item.type == ItemType::Numeric ? "float" : "string";
    std::string out = kHead + ("<" + names_.element("assessmentItem")) + " xmlns=\"http://www.imsglobal.org/xsd/" + (version_ == 30 ? "imsqtiasi_v3p0" : "imsqti_v2p1") + "\"" +
                      with("identifier", item.id) + with("title", item.title) + with("adaptive", "false") + with("timeDependent", "false") + ">\n";
    out += open("responseDeclaration", with("identifier", "RESPONSE") + with("cardinality", several ? "multiple" : "single") + with("baseType", base)) + open("correctResponse");
    for (int index : item.key) out += value(optionId(item, static_cast<std::size_t>(index)));
    std::string tolerance, mapping;
    for (const AcceptedAnswer& answer : item.answers) {
      const Around around = aroundOf(answer);
      if (item.type == ItemType::Numeric) out += value(around.middle), tolerance = around.tolerance;
      else if (answer.percent == 100 && mapping.empty()) out += value(answer.text);
      if (item.type == ItemType::ShortText)
        mapping += "<" + names_.element("mapEntry") + with("mapKey", answer.text) + with("mappedValue", std::to_string(answer.percent / 100) + "." + (answer.percent % 100 < 10 ? "0" : "") + std::to_string(answer.percent % 100)) +
                   with("caseSensitive", answer.match == AcceptedAnswer::Match::Exact ? "true" : "false") + "/>";
    }
    out += close("correctResponse");
    if (!mapping.empty()) out += open("mapping", with("defaultValue", "0")) + mapping + close("mapping");
    out += close("responseDeclaration") + "\n" + open("outcomeDeclaration", with("identifier", "SCORE") + with("cardinality", "single") + with("baseType", "float")) + close("outcomeDeclaration") + "\n";
    if (version_ == 30 && !item.stimulus.empty()) out += "<" + names_.element("assessmentStimulusRef") + with("identifier", id(item.stimulus)) + with("href", "../" + item.stimulus + ".xml") + "/>\n";
    out += open("itemBody") + (item.markup == Markup::Html ? inside(item, item.stem) : "<p>" + inside(item, item.stem) + "</p>");
    out += options ? choices(item) : "<p><" + names_.element("textEntryInteraction") + with("responseIdentifier", "RESPONSE") + "/></p>";
    out += close("itemBody") + "\n" + processing(item, tolerance) + close("assessmentItem") + "\n";
    return out;
  }

  /// Two options that say 正确 and 错误 are read as a true/false item unless their names say that they are a choice.
  static std::string optionId(const Item& item, std::size_t index) {
    const bool truths = item.type == ItemType::SingleChoice && item.options.size() == 2 && item.options[0] == "正确" && item.options[1] == "错误";
    return (truths ? std::string(kPlainChoice) : "O") + std::to_string(index);
  }

  std::string value(const std::string& text) const { return open("value") + escapeHtml(text) + close("value"); }

  std::string choices(const Item& item) const {
    const bool shuffle = item.type != ItemType::TrueFalse && !item.fixed_order;
    std::string out = open("choiceInteraction", with("responseIdentifier", "RESPONSE") + with("shuffle", shuffle ? "true" : "false") + with("maxChoices", item.type == ItemType::MultipleChoice ? "0" : "1"));
    for (std::size_t i = 0; i < item.options.size(); ++i) {
      out += open("simpleChoice", with("identifier", optionId(item, i))) + inside(item, item.options[i]);
      if (!item.option_notes.empty() && !item.option_notes[i].empty() && item.type != ItemType::TrueFalse)
        out += open("feedbackInline", with("identifier", optionId(item, i)) + with("outcomeIdentifier", "FEEDBACK") + with("showHide", "show")) + inside(item, item.option_notes[i]) + close("feedbackInline");
      out += close("simpleChoice");
    }
    return out + close("choiceInteraction");
  }

  std::string processing(const Item& item, const std::string& tolerance) const {
    const std::string variable = "<" + names_.element("variable") + with("identifier", "RESPONSE") + "/>", correct = "<" + names_.element("correct") + with("identifier", "RESPONSE") + "/>";
    if (item.type == ItemType::ShortText)
      return open("responseProcessing") + open("setOutcomeValue", with("identifier", "SCORE")) + "<" + names_.element("mapResponse") + with("identifier", "RESPONSE") + "/>" + close("setOutcomeValue") + close("responseProcessing") + "\n";
    const std::string test = item.type == ItemType::Numeric ? open("equal", with("toleranceMode", "absolute") + with("tolerance", tolerance + " " + tolerance)) + variable + correct + close("equal")
                                                            : open("match") + variable + correct + close("match");
    return open("responseProcessing") + open("responseCondition") + open("responseIf") + test + open("setOutcomeValue", with("identifier", "SCORE")) + open("baseValue", with("baseType", "float")) + "1" + close("baseValue") +
           close("setOutcomeValue") + close("responseIf") + close("responseCondition") + close("responseProcessing") + "\n";
  }

  const Bank& bank_;
  Names names_;
  int version_;
  Written out_;
  std::vector<std::pair<std::string, std::string>> files_;
};

}  // namespace

Result<Written> writeQti(const Bank& bank, int version) { return QtiWriter(bank, version).run(); }

}  // namespace invigil::bank::formats
