// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/qti_item.hpp"

#include <algorithm>
#include <cstring>
#include <set>

#include "formats/qti_key.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {

std::string plainName(const char* name) {
  const char* colon = std::strchr(name, ':');
  std::string out;
  for (const char* c = colon != nullptr ? colon + 1 : name; *c != '\0'; ++c)
    if (*c != '-') out += *c >= 'A' && *c <= 'Z' ? static_cast<char>(*c - 'A' + 'a') : *c;
  return out.starts_with("qti") && out.size() > 3 ? out.substr(3) : out;
}

pugi::xml_node childNamed(const pugi::xml_node& node, const char* name) {
  for (const pugi::xml_node& child : node.children())
    if (plainName(child.name()) == name) return child;
  return {};
}

std::string attributeNamed(const pugi::xml_node& node, const char* name) {
  for (const pugi::xml_attribute& attribute : node.attributes())
    if (plainName(attribute.name()) == name) return attribute.value();
  return {};
}

namespace {

constexpr int kDepthMax = 150;

bool isInteraction(const std::string& name) { return name.ends_with("interaction") || name == "positionobjectstage"; }
bool isHidden(const std::string& name) {
  return name.starts_with("feedback") || name == "rubricblock" || name == "modalfeedback" || name == "stylesheet" || name == "infocontrol";
}
/// Directions for who answers are part of the question; those for tutors and scorers are not.
bool isForCandidates(const pugi::xml_node& node, const std::string& name) {
  return name == "rubricblock" && (" " + attributeNamed(node, "view") + " ").find(" candidate ") != std::string::npos;
}
bool isGap(const std::string& name) { return name == "textentryinteraction" || name == "inlinechoiceinteraction"; }

void writeHtml(const pugi::xml_node& node, int depth, std::string& out) {
  if (depth > kDepthMax) return;
  if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) return void(out += escapeHtml(node.value()));
  if (node.type() != pugi::node_element) return;
  std::string name = plainName(node.name());
  if (isGap(name)) return void(out += " _____ ");
  if (isForCandidates(node, name)) {
    out += "<div>";
    for (const pugi::xml_node& child : node.children()) writeHtml(child, depth + 1, out);
    return void(out += "</div>");
  }
  if (isInteraction(name) || isHidden(name)) return;
  // A picture may be given as an object; everything else an object can be is left out by the cleaner and named.
  if (name == "object" && attributeNamed(node, "type").starts_with("image/"))
    return void(out += "<img src=\"" + escapeHtml(attributeNamed(node, "data")) + "\" alt=\"" + escapeHtml(trim(node.text().get())) + "\">");
  out += "<" + name;
  for (const pugi::xml_attribute& attribute : node.attributes()) out += " " + plainName(attribute.name()) + "=\"" + escapeHtml(attribute.value()) + "\"";
  out += ">";
  for (const pugi::xml_node& child : node.children()) writeHtml(child, depth + 1, out);
  if (name != "br" && name != "img" && name != "hr") out += "</" + name + ">";
}

/// Whether feedback or directions for others stand in the body, beside those of the options (which become their notes).
bool hidesText(const pugi::xml_node& node, int depth) {
  if (depth > kDepthMax) return false;
  for (const pugi::xml_node& child : node.children()) {
    const std::string name = plainName(child.name());
    if (name == "simplechoice") continue;
    const bool hidden = isHidden(name) && !isForCandidates(child, name) && name != "stylesheet";
    if (hidden ? !cleanHtml(htmlBelow(child)).plain.empty() : hidesText(child, depth + 1)) return true;
  }
  return false;
}

void collectInteractions(const pugi::xml_node& node, int depth, std::vector<pugi::xml_node>& out) {
  if (depth > kDepthMax) return;
  for (const pugi::xml_node& child : node.children()) {
    if (plainName(child.name()) == "endattemptinteraction") continue;  // a button for hints
    if (isInteraction(plainName(child.name()))) out.push_back(child);
    else collectInteractions(child, depth + 1, out);
  }
}

/// Values that are drawn anew for everybody reach what is shown or what is right. (Some editors declare variables of
/// templates for their feedback only.)
bool usesTemplates(const pugi::xml_node& node, int depth) {
  static const std::set<std::string> kUses{"printedvariable", "templateblock", "templateinline", "setcorrectresponse"};
  if (depth > kDepthMax) return false;
  for (const pugi::xml_node& child : node.children())
    if (kUses.contains(plainName(child.name())) || usesTemplates(child, depth + 1)) return true;
  return false;
}

class Reader {
 public:
  Reader(Reading& reading, const pugi::xml_node& item, const Place& place, const QtiSurroundings& around)
      : reading_(reading), item_(item), around_(around) {
    q_.place = place;
    q_.item.id = attributeNamed(item, "identifier");
    q_.item.title = attributeNamed(item, "title");
  }

  void read() {
    const pugi::xml_node body = childNamed(item_, "itembody");
    std::vector<pugi::xml_node> interactions;
    collectInteractions(body, 0, interactions);
    std::string html = htmlBelow(body);
    const bool one = interactions.size() == 1;
    if (one)
      if (const pugi::xml_node prompt = childNamed(interactions[0], "prompt")) html += "<p>" + htmlBelow(prompt) + "</p>";
    q_.stem = cleanHtml(html, around_.picture);
    if (one && q_.stem.plain.empty() && mediaIn(q_.stem.html).empty() && !q_.stem.loses_content && !q_.item.title.empty()) {
      q_.stem = cleanText(q_.item.title);
      q_.repairs.push_back(findingAt(q_.place, "stem_from_title", q_.item.title, {"题干为空，用了题目名称", "the question had no text; its title is used"}));
    }
    if (interactions.empty()) return refuse(reading_, q_.place, named(), "no_question", {"没有作答部分，不是试题", "there is nothing to answer"});
    if (attributeNamed(item_, "adaptive") == "true") return refuseType(reading_, q_.place, named(), "adaptive item");
    if (usesTemplates(body, 0) || usesTemplates(childNamed(item_, "templateprocessing"), 0)) return refuseType(reading_, q_.place, named(), "item template");
    if (!one) return refuseType(reading_, q_.place, named(), "composite of " + std::to_string(interactions.size()) + " interactions");
    if (!stimulus()) return;
    std::string feedback;
    for (const pugi::xml_node& node : item_.children())
      if (plainName(node.name()) == "modalfeedback") feedback += "<div>" + htmlBelow(node) + "</div>";
    q_.explanation = cleanHtml(feedback, around_.picture);
    if (hidesText(body, 0)) reading_.notes.push_back(findingAt(q_.place, "left_out", named(), {"题目里的反馈或给评分者的说明没有带入", "feedback or directions for scorers within the question are not carried over"}));
    const std::string kind = plainName(interactions[0].name());
    const QtiDeclared declared = qtiDeclared(item_, attributeNamed(interactions[0], "responseidentifier"));
    if (kind == "choiceinteraction" || kind == "inlinechoiceinteraction") return choose(interactions[0], declared);
    if (kind == "textentryinteraction") return type(declared);
    refuseType(reading_, q_.place, named(), kind);
  }

 private:
  std::string named() const { return q_.stem.plain.empty() ? q_.item.title : q_.stem.plain; }

  /// False: refused, because the material is missing.
  bool stimulus() {
    for (const pugi::xml_node& node : item_.children()) {
      if (plainName(node.name()) != "assessmentstimulusref") continue;
      const std::string link = attributeNamed(node, "href");
      q_.item.stimulus = around_.stimulus ? around_.stimulus(link) : "";
      if (!q_.item.stimulus.empty()) continue;
      refuse(reading_, q_.place, named(), "content_missing", {"缺少案例材料 " + link, "the stimulus " + link + " is missing"});
      return false;
    }
    return true;
  }

  void choose(const pugi::xml_node& interaction, const QtiDeclared& declared) {
    std::vector<std::string> ids;
    bool fixed = attributeNamed(interaction, "shuffle") == "false";
    for (const pugi::xml_node& choice : interaction.children()) {
      const std::string kind = plainName(choice.name());
      if (kind != "simplechoice" && kind != "inlinechoice") continue;
      ids.push_back(attributeNamed(choice, "identifier"));
      fixed = fixed || attributeNamed(choice, "fixed") == "true";
      q_.options.push_back(cleanHtml(htmlBelow(choice), around_.picture));
      CleanedText note;
      for (const pugi::xml_node& part : choice.children())
        if (plainName(part.name()) == "feedbackinline") note = cleanHtml(htmlBelow(part), around_.picture);
      q_.notes.push_back(std::move(note));
    }
    QtiKey key = qtiKey(item_, declared, ids);
    if (key.fault) return refuse(reading_, std::move(q_), key.fault_code, std::move(*key.fault));
    q_.item.key = std::move(key.options);
    const bool several = declared.cardinality == "multiple" || q_.item.key.size() > 1;
    q_.item.type = several ? ItemType::MultipleChoice : ItemType::SingleChoice;
    q_.item.fixed_order = fixed;
    if (ids.empty() || !ids[0].starts_with(kPlainChoice)) judge();
    const Finding shares = findingAt(q_.place, "shares_not_carried", named(), {"选项各自的分值没有保留；给分方式由试卷方案决定", "what each option is worth is not carried over; the blueprint says how points are given"});
    const std::size_t before = reading_.items.size();
    take(reading_, std::move(q_));
    if (key.shares && reading_.items.size() > before) reading_.notes.push_back(shares);
  }

  /// Two options that say right and wrong are a true/false item.
  void judge() {
    if (q_.options.size() != 2 || q_.item.key.size() != 1 || q_.item.type != ItemType::SingleChoice) return;
    if (q_.options[0].plain != "正确" || q_.options[1].plain != "错误") return;
    q_.options.clear();
    q_.item.fixed_order = false;
    makeTrueFalse(q_, q_.item.key[0] == 0);
  }

  /// An entry that stands alone at the end is where one answers, not a gap in what is asked.
  void dropLastGap() {
    if (!q_.stem.plain.ends_with("\n_____")) return;
    q_.stem.plain.resize(q_.stem.plain.size() - 6);
    if (const std::size_t at = q_.stem.html.rfind("<p> _____ </p>"); at != std::string::npos) q_.stem.html.erase(at, 14);
  }

  void type(const QtiDeclared& declared) {
    dropLastGap();
    q_.item.type = declared.isNumber() ? ItemType::Numeric : ItemType::ShortText;
    QtiKey key = declared.isNumber() ? qtiNumbers(item_, declared) : qtiTexts(item_, declared);
    if (key.fault) return refuse(reading_, std::move(q_), key.fault_code, std::move(*key.fault));
    q_.item.answers = std::move(key.answers);
    take(reading_, std::move(q_));
  }

  Reading& reading_;
  pugi::xml_node item_;
  const QtiSurroundings& around_;
  Question q_;
};

}  // namespace

std::string htmlBelow(const pugi::xml_node& node) {
  std::string out;
  for (const pugi::xml_node& child : node.children()) writeHtml(child, 0, out);
  return out;
}

void readQtiItem(Reading& reading, const pugi::xml_node& item, const Place& place, const QtiSurroundings& around) {
  Reader(reading, item, place, around).read();
}

}  // namespace invigil::bank::formats
