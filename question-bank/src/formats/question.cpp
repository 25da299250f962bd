// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/question.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "formats/json_reader.hpp"
#include "invigil/bank/text_limits.hpp"
#include "formats/texts.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank::formats {
namespace {

/// Sets the texts in the one markup that all of them need. Long ones need markup, which may be longer: whether a file's tags
/// came to nothing must not decide whether its text is let in, else an item that is written out does not come in again.
void writeTexts(Question& q) {
  Item& item = q.item;
  const TextLimits limits = textLimits(Markup::Plain);
  const auto suits = [](const CleanedText& text, std::size_t longest) { return text.is_plain && codePoints(text.plain) <= longest; };
  bool plain = suits(q.stem, limits.stem) && suits(q.explanation, limits.explanation);
  for (const CleanedText& option : q.options) plain = plain && suits(option, limits.option);
  for (const CleanedText& note : q.notes) plain = plain && suits(note, limits.note);
  item.markup = plain ? Markup::Plain : Markup::Html;
  const auto written = [plain](const CleanedText& text) {
    if (plain) return text.plain;
    return text.is_plain ? htmlOfText(text.plain) : text.html;
  };
  item.stem = written(q.stem);
  item.explanation = written(q.explanation);
  if (item.type != ItemType::TrueFalse) item.options.clear();
  for (const CleanedText& option : q.options) item.options.push_back(written(option));
  bool any = false;
  for (const CleanedText& note : q.notes) any = any || !note.plain.empty();
  for (std::size_t i = 0; any && i < q.notes.size(); ++i) item.option_notes.push_back(written(q.notes[i]));
}

struct Fault {
  const char* code;
  Wording why;
};

std::optional<Fault> faultOf(const Question& q) {
  const Item& item = q.item;
  const bool html = item.markup == Markup::Html;
  const auto empty = [html](const std::string& text) { return plainText(text, html).empty() && text.find("<img ") == std::string::npos; };
  for (const CleanedText& option : q.options)
    if (option.loses_content) return Fault{"content_missing", option.left_out.back()};
  if (q.stem.loses_content) return Fault{"content_missing", q.stem.left_out.back()};
  if (empty(item.stem)) return Fault{"stem_empty", {"没有题干", "there is no question text"}};
  if (codePoints(item.stem) > textLimits(item.markup).stem) return Fault{"too_long", {"题干太长", "the question is too long"}};
  if (!hasOptions(item.type)) {
    bool whole = false;
    for (const AcceptedAnswer& answer : item.answers) {
      whole = whole || answer.percent == 100;
      if (const std::string fault = answerFault(answer); !fault.empty()) return Fault{"bad_answer", {"答案“" + answer.text + "”无法使用", "the answer '" + answer.text + "' cannot be used: " + fault}};
    }
    if (item.answers.empty() || item.answers.size() > 32) return Fault{"no_key", {"需要 1 到 32 个答案", "1 to 32 answers are needed"}};
    return whole ? std::nullopt : std::optional(Fault{"no_key", {"没有得满分的答案", "no answer is worth all the points"}});
  }
  if (item.options.size() < 2) return Fault{"too_few_options", {"少于两个选项", "there are fewer than two options"}};
  if (item.options.size() > kOptionsMax) return Fault{"too_many_options", {"选项超过 26 个", "there are more than 26 options"}};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < item.options.size(); ++i) {
    const std::string letter(1, static_cast<char>('A' + i));
    if (empty(item.options[i])) return Fault{"option_empty", {"选项 " + letter + " 是空的", "option " + letter + " is empty"}};
    if (codePoints(item.options[i]) > textLimits(item.markup).option) return Fault{"too_long", {"选项 " + letter + " 太长", "option " + letter + " is too long"}};
    if (!seen.insert(item.options[i]).second) return Fault{"options_equal", {"选项 " + letter + " 与前面的相同", "option " + letter + " equals an earlier one"}};
  }
  if (item.key.empty()) return Fault{"no_key", {"没有正确答案", "no option is right"}};
  return std::nullopt;
}

}  // namespace

std::string tagText(std::string_view value) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte != '%' && byte != ']' && byte != '[' && byte != '<' && byte != '&') out += c;
    else ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
  }
  return out;
}

namespace {

/// "difficulty=3" and the like of our own exports; false: an ordinary tag after all.
bool takeOwnTag(Item& item, std::string_view tag) {
  const std::size_t equals = tag.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = tag.substr(0, equals);
  const std::string value = percentDecoded(std::string(tag.substr(equals + 1)));
  constexpr std::size_t kShort = 64, kSource = 1000;
  const auto named = [&](std::string_view allowed) { return !value.empty() && value.size() <= kShort && value.find_first_not_of(allowed) == std::string::npos; };
  if (!textFault(Json(value), 0, name == "source" ? kSource : kShort).empty()) return false;
  if (name == "difficulty" && value.size() == 1 && value[0] >= '1' && value[0] <= '5') item.difficulty = value[0] - '0';
  else if (name == "topic" && named(kTopicCharacters)) item.topic = value;
  else if (name == "source") item.source = value;
  else if (name == "enemy" && named(kItemIdCharacters)) item.enemies.push_back(value);
  else if (name == "tag" && !value.empty()) item.tags.push_back(value);
  else if (name == "level" && (value == "national" || value == "provincial")) item.level = value == "national" ? Level::National : Level::Provincial;
  else if (name == "order" && value == "fixed") item.fixed_order = true;
  else return false;
  return true;
}

}  // namespace

std::vector<std::string> ownTags(const Item& item) {
  std::vector<std::string> out;
  const auto add = [&](const char* name, const std::string& value) { out.push_back("invigil:" + std::string(name) + "=" + tagText(value)); };
  for (const std::string& tag : item.tags) add("tag", tag);
  if (item.difficulty > 0) add("difficulty", std::to_string(item.difficulty));
  if (!item.topic.empty()) add("topic", item.topic);
  if (!item.source.empty()) add("source", item.source);
  if (item.level != Level::Unstated) add("level", item.level == Level::National ? "national" : "provincial");
  if (item.fixed_order) add("order", "fixed");
  for (const std::string& enemy : item.enemies) add("enemy", enemy);
  return out;
}

CleanedText literalText(std::string_view raw) {
  CleanedText out;
  for (std::size_t i = 0; i < raw.size(); ++i)
    if (raw[i] != '\r') out.plain += raw[i];
    else if (i + 1 == raw.size() || raw[i + 1] != '\n') out.plain += '\n';
  out.plain = trim(out.plain);
  out.html = htmlOfText(out.plain);
  return out;
}

void refuse(Reading& reading, const Place& place, const std::string& text, const char* code, Wording why) {
  reading.refused.push_back(findingAt(place, code, text, std::move(why)));
}

void refuse(Reading& reading, Question q, const char* code, Wording why) {
  writeTexts(q);
  std::vector<Media> media;
  for (auto* list : {&q.options, &q.notes})
    for (CleanedText& text : *list) std::move(text.media.begin(), text.media.end(), std::back_inserter(media));
  for (CleanedText* text : {&q.stem, &q.explanation}) std::move(text->media.begin(), text->media.end(), std::back_inserter(media));
  refuse(reading, q.place, q.stem.plain.empty() ? q.item.title : q.stem.plain, code, std::move(why));
  reading.refused.back().as_read = asRead(std::move(q.item), std::move(media));
}

void refuseType(Reading& reading, const Place& place, const std::string& text, const std::string& type) {
  refuse(reading, place, text, "type_not_gradable",
         {"题型“" + type + "”不能在理论考试中由机器评分", "the type '" + type + "' cannot be graded by machine in a theory exam"});
}

void take(Reading& reading, Question q) {
  writeTexts(q);
  if (q.item.type == ItemType::TrueFalse && q.item.options.empty()) q.item.options = {"正确", "错误"};
  if (auto fault = faultOf(q)) return refuse(reading, std::move(q), fault->code, std::move(fault->why));
  for (auto* list : {&q.item.tags, &q.item.enemies}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  constexpr std::size_t kTitle = 200;
  if (codePoints(q.item.title) > kTitle) q.repairs.push_back(findingAt(q.place, "shortened", q.item.title, {"名称太长，只保留了前 200 个字", "the title is long; its first 200 characters were kept"}));
  q.item.title = firstCharacters(q.item.title, kTitle);
  q.item.fixed_order = q.item.fixed_order || refersToOtherOptions(q.item);
  std::vector<CleanedText*> texts{&q.stem, &q.explanation};
  for (auto* list : {&q.options, &q.notes})
    for (CleanedText& text : *list) texts.push_back(&text);
  for (CleanedText* text : texts) {
    std::move(text->media.begin(), text->media.end(), std::back_inserter(reading.media));
    for (const Wording& what : text->left_out) reading.notes.push_back(findingAt(q.place, "left_out", q.stem.plain, what));
  }
  reading.items.push_back({std::move(q.item), std::move(q.place), std::move(q.repairs)});
}

void explain(Question& q, const std::string& answer, const CleanedText& feedback) {
  CleanedText& to = q.explanation;
  if (!feedback.plain.empty() || !feedback.is_plain) {
    to.plain += (to.plain.empty() ? "" : "\n") + answer + "：" + feedback.plain;
    to.html += (to.html.empty() ? "" : "<br>") + htmlOfText(answer + "：") + feedback.html;
    to.is_plain = to.is_plain && feedback.is_plain;
    to.media.insert(to.media.end(), feedback.media.begin(), feedback.media.end());
  }
  to.left_out.insert(to.left_out.end(), feedback.left_out.begin(), feedback.left_out.end());
}

Finding wrongAnswersFeedback(const Place& place, const std::string& text) {
  return findingAt(place, "left_out", text, {"没有带入：对不得分的答案的反馈", "not carried over: the feedback to answers that are worth nothing"});
}

void makeTrueFalse(Question& q, bool is_true) {
  q.item.type = ItemType::TrueFalse;
  q.item.options = {"正确", "错误"};
  q.item.key = {is_true ? 0 : 1};
}

void addTag(Question& q, std::string_view tag) {
  if (tag.starts_with("invigil:") && takeOwnTag(q.item, tag.substr(8))) return;
  const std::string whole = trim(tag), text = firstCharacters(whole, 64);
  if (text != whole) q.repairs.push_back(findingAt(q.place, "shortened", whole, {"标签太长，只保留了前 64 个字", "a tag is long; its first 64 characters were kept"}));
  if (!text.empty()) q.item.tags.push_back(text);
}

void tellCategory(Reading& reading, const Place& place, const std::string& path) {
  std::string_view above = path;
  for (std::string_view root : {"$course$/", "$system$/", "$module$/", "$cat1$/", "top/"})
    if (above.starts_with(root)) above.remove_prefix(root.size());
  if (above.find('/') == std::string_view::npos) return;
  const std::string last(lastPart(path));
  reading.notes.push_back(findingAt(place, "category_path", path, {"分类只保留最后一级“" + last + "”作为标签", "of the category only its last part '" + last + "' is kept, as a tag"}));
}

std::string withoutLastDot(std::string_view number) {
  std::string text = trim(number);
  if (text.size() > 1 && text.back() == '.') text.pop_back();
  return text;
}

std::optional<AcceptedAnswer> rangeBetween(std::string_view from, std::string_view to, int percent) {
  const std::string low = withoutLastDot(from), high = withoutLastDot(to);
  const auto a = decimalNumber(low), b = decimalNumber(high);
  if (!a || !b || low.back() == '.' || high.back() == '.') return std::nullopt;  // "4..": one dot is forgiven, not two
  AcceptedAnswer answer;
  answer.match = AcceptedAnswer::Match::Range;
  answer.text = *a <= *b ? low : high;
  answer.upper = *a <= *b ? high : low;
  answer.percent = percent;
  return answer;
}

std::optional<AcceptedAnswer> rangeOf(std::string_view value, std::string_view tolerance, int percent) {
  const auto middle = decimalNumber(trim(value)), around = decimalNumber(trim(tolerance));
  if (!middle) return std::nullopt;
  if (!around || *around == 0) return rangeBetween(value, value, percent);
  return rangeBetween(decimalText(*middle - std::abs(*around)), decimalText(*middle + std::abs(*around)), percent);
}

Around aroundOf(const AcceptedAnswer& answer) {
  const auto low = decimalNumber(answer.text), high = decimalNumber(answer.upper);
  if (answer.match != AcceptedAnswer::Match::Range || answer.text == answer.upper || !low || !high) return {answer.text, "0"};
  return {decimalText(*low / 2 + *high / 2), decimalText(*high / 2 - *low / 2)};  // halves first: the sum may be beyond what doubles hold
}

AcceptedAnswer shortAnswer(const std::string& text, bool case_counts, int percent) {
  AcceptedAnswer answer;
  answer.percent = percent;
  answer.match = case_counts ? AcceptedAnswer::Match::Exact : AcceptedAnswer::Match::IgnoreCase;
  answer.text = text;
  if (text.find('*') == std::string::npos) return answer;
  answer.match = AcceptedAnswer::Match::Regex;
  answer.text = case_counts ? "" : "(?i)";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && text[i + 1] == '*') answer.text += "\\*", ++i;
    else if (c == '*') answer.text += ".*";
    else if (std::string_view("\\.+?()[]{}|^$").find(c) != std::string_view::npos) (answer.text += '\\') += c;
    else answer.text += c;
  }
  return answer;
}

void takeByShares(Reading& reading, Question q, const std::vector<double>& shares, Choosing choosing) {
  constexpr double kWhole = 99.99, kAll = 100.5;  // shares are rounded
  const bool whole_only = choosing != Choosing::Several;
  q.item.key.clear();
  bool partial = false;
  double together = 0;
  const double best = shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const bool right = whole_only ? shares[i] >= kWhole : shares[i] > 0;
    if (right) q.item.key.push_back(static_cast<int>(i)), together += shares[i];
    else if (shares[i] != 0) partial = partial || whole_only;
    if (right && !whole_only && std::abs(shares[i] - best) > 0.01) partial = true;
  }
  std::string letters;
  for (int option : q.item.key)
    if (option < static_cast<int>(kOptionsMax)) (letters += letters.empty() ? "" : ", ") += static_cast<char>('A' + option);
  const bool several = q.item.key.size() > 1;
  if (choosing == Choosing::One && several)
    return refuse(reading, std::move(q), "several_right",
                  {"单选题有几个正确选项（" + letters + "），选哪个都得满分；如应全选，请写成多选题", "a single choice with several right options (" + letters + "), each worth all points; if all are to be chosen, write it as multiple choice"});
  if (choosing == Choosing::Several && together > kAll) partial = true;  // one of them would do
  q.item.type = choosing == Choosing::Several || several ? ItemType::MultipleChoice : ItemType::SingleChoice;
  const Place place = q.place;
  const std::string stem = q.stem.plain;
  const std::size_t items = reading.items.size();
  take(reading, std::move(q));
  if (reading.items.size() == items) return;
  if (choosing == Choosing::OneUnlessSeveral && several)
    reading.notes.push_back(findingAt(place, "several_right", stem,
                                      {"几个选项（" + letters + "）都写作正确：收为多选题，须全选；在 Moodle 里选其中一个就得满分", "several options (" + letters + ") are marked right: taken as multiple choice, where all are to be chosen; at Moodle each of them is worth all points"}));
  if (partial)
    reading.notes.push_back(findingAt(place, "shares_not_carried", stem,
                                      {"选项各自的分值没有保留；给分方式由试卷方案决定", "what each option is worth is not carried over; the blueprint says how points are given"}));
}

}  // namespace invigil::bank::formats
