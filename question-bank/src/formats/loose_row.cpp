// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/loose_row.hpp"

#include <algorithm>
#include <set>

#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

namespace {

tl::unexpected<Error> bad(std::string sentence) { return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence)); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// A row's members, and which of them became part of the item.
class Row {
 public:
  explicit Row(const Json& json) : json_(json) {}
  const Json* take(Names names) {
    for (std::string_view name : names)
      if (const auto found = json_.find(name); found != json_.end() && !found->is_null()) return used_.emplace(name), &*found;
    return nullptr;
  }
  const Json* take(const std::string& name) { return take({std::string_view(name)}); }
  void leave(std::string_view name) { used_.erase(std::string(name)); }
  bool isUsed(const std::string& name) const { return used_.contains(name); }
  const Json& json() const { return json_; }

 private:
  const Json& json_;
  std::set<std::string> used_;
};

bool isBlank(const Json& value) {
  if (value.is_string()) return trim(value.get_ref<const std::string&>()).empty();
  return value.is_null() || value == Json(false) || ((value.is_array() || value.is_object()) && value.empty());
}

/// image, imgUrl, question_pic, 图片 …: "topic" and "epicentre" are none.
bool namesPicture(std::string_view name) {
  const std::string small = lower(name);
  for (std::string_view word : {"image", "img", "picture", "photo", "图片", "插图", "配图", "附图"})
    if (small.find(word) != std::string::npos) return true;
  for (std::string_view word : {"pic", "pics", "picurl", "pic_url", "picpath", "pic_path"})
    if (small == word || small.ends_with("_" + std::string(word))) return true;
  return false;
}

/// There is something to see: not "", [], false or 0.
bool holdsPicture(const std::string& name, const Json& value) { return namesPicture(name) && !isBlank(value) && value != Json(0); }

tl::unexpected<Error> pictureMissing(const std::string& name) {
  const std::string shown = firstCharacters(name, 20);
  return fail(ErrorCode::InvalidInput, "content_missing",
              "题目带有图片（" + shown + "），JSON 列表里的图片不能带入，请把图片放进 .xlsx 或 QTI 压缩包。 / The question has a picture (" + shown +
                  "), which a list in JSON cannot bring: put it into an .xlsx or a QTI package.");
}

char letterOf(const Json* value) {
  if (value == nullptr || !value->is_string()) return 0;
  const std::string text = trim(value->get_ref<const std::string&>());
  if (text.size() != 1) return 0;
  const char c = lower(text)[0];
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : '\0';
}

const char* const kNotInOrder = "选项没有按 A、B、C……连续编号。 / The options are not named A, B, C … without a gap.";

const Names kOptionLetters{"key", "label", "option", "id", "letter", "选项"}, kOptionTexts{"value", "text", "content", "name", "内容"};

/// Whether {"label": "停电", "value": "A"} means the label: by every option, for the text of one may be a letter (A, B, AB and O are
/// groups of blood). An id is never shown. Errors: it does by some of them only.
Result<bool> labelsAreTexts(const Json& choices) {
  std::size_t place = 0, swapped = 0;
  for (const Json& option : choices) {
    const char expected = static_cast<char>('A' + std::min<std::size_t>(place++, 25));
    const Json* letter = option.is_object() ? memberOf(option, kOptionLetters) : nullptr;
    if (letter == nullptr || letter == memberOf(option, {"id"}) || !letter->is_string() || letterOf(letter) != 0) continue;
    swapped += letterOf(memberOf(option, kOptionTexts)) == expected;
  }
  if (swapped == 0 || swapped == choices.size()) return swapped > 0;
  return bad("选项的字母和文字分不清。 / Which members of the options are letters and which are texts is not certain.");
}

/// One of [{"key": "A", "value": "停电"}, …], also {"optionContent": "停电"}.
/// @param swapped  see labelsAreTexts()
Result<std::string> optionOfObject(const Json& option, char expected, bool swapped, std::set<std::string>& unread) {
  Row row(option);
  for (const auto& [name, value] : option.items())
    if (holdsPicture(name, value)) return pictureMissing(name);
  const Json* letter = row.take(kOptionLetters);
  const Json* text = row.take(kOptionTexts);
  if (swapped) std::swap(letter, text);
  if (text == nullptr && letterOf(letter) == 0 && letter != nullptr && letter->is_string()) std::swap(letter, text);  // {"label": "停电"}
  if (text == nullptr && option.size() == 1) {  // {"A": "停电"}, {"optionContent": "停电"}
    if (const char named = letterOfMember(option.begin().key()); named != 0 && named != expected) return bad(kNotInOrder);
    text = row.take(option.begin().key());
  }
  if (text == nullptr || !text->is_string()) return bad(std::string("选项 ") + expected + " 不是文字。 / Option " + expected + " is not text.");
  if (const char named = letterOf(letter); named != 0 && named != expected) return bad(kNotInOrder);
  for (const auto& [name, value] : option.items())
    if (!row.isUsed(name) && !isBlank(value)) unread.insert("选项." + name);
  return trim(text->get_ref<const std::string&>());
}

Result<std::vector<std::string>> rawOptions(const Json& choices, std::set<std::string>& unread) {
  std::vector<std::string> options;
  if (choices.is_string()) return splitOptions(choices.get_ref<const std::string&>());
  if (!choices.is_array() && !choices.is_object()) return bad("选项既不是文字也不是列表。 / The options are neither text nor a list.");
  INVIGIL_TRY(swapped, choices.is_array() ? labelsAreTexts(choices) : Result<bool>(false));
  for (const auto& [name, value] : choices.items()) {
    const char expected = static_cast<char>('A' + std::min<std::size_t>(options.size(), 25));
    if (choices.is_array() && value.is_object()) {
      INVIGIL_TRY(text, optionOfObject(value, expected, swapped, unread));
      options.push_back(std::move(text));
      continue;
    }
    if (!value.is_string()) return bad("选项“" + firstCharacters(name, 8) + "”不是文字。 / Option '" + firstCharacters(name, 8) + "' is not text.");
    if (choices.is_object() && (name.size() != 1 || lower(name)[0] != expected - 'A' + 'a')) return bad(kNotInOrder);
    options.push_back(trim(value.get<std::string>()));
  }
  return options;
}

/// Options as members A, B, C … of the row itself, up to the last that is filled: a gap is "".
Json optionsOfMembers(Row& row, bool from_zero) {
  std::vector<std::pair<char, std::string>> named;
  for (const auto& [name, value] : row.json().items())
    if (const char letter = letterOfMember(name, from_zero); letter != 0 && !isBlank(value)) named.emplace_back(letter, name);
  Json out = Json::array();
  std::stable_sort(named.begin(), named.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [letter, name] : named) {
    const auto at = static_cast<std::size_t>(letter - 'A');
    if (out.size() > at) continue;  // "A" beside "optionA": the second one is told as not read
    if (letter > 'H' && out.size() < at) continue;  // "t" is something else
    while (out.size() < at) out.push_back("");
    out.push_back(*row.take(name));
  }
  return out;
}

Result<bool> trueFalseKey(const Json& given, const Json* choices, bool& repaired, std::set<std::string>& unread) {
  const Json& answer = given.is_array() && given.size() == 1 ? given.front() : given;
  if (answer.is_boolean()) return answer.get<bool>();
  if (!answer.is_string())
    return bad(
        "判断题答案应为 正确、错误、√、×、A、B、true 或 false；0 和 1 在不同文件里含义相反，不能采用。 / "
        "The answer must be 正确, 错误, √, ×, A, B, true or false; 0 and 1 mean different things in different files.");
  const auto& raw = answer.get_ref<const std::string&>();
  const std::string text = withoutAnswerPrefix(trim(raw));
  repaired = repaired || text != raw;
  if (const auto truth = truthOf(text)) return *truth;
  INVIGIL_TRY(letter, readLetters(text, 2));
  if (letter.value.size() != 1) return bad("判断题只能有一个答案。 / A true-false item has one answer.");
  repaired = repaired || letter.repaired;
  if (choices == nullptr || isBlank(*choices)) return letter.value[0] == 0;
  INVIGIL_TRY(raw_options, rawOptions(*choices, unread));
  INVIGIL_TRY(options, stripMarkers(raw_options));
  repaired = repaired || options.repaired;
  const auto first = truthOf(options.value[0]), second = truthOf(options.value[1]);
  if (options.value.size() != 2 || !first || !second || *first == *second)
    return bad("判断题的选项应为“正确”和“错误”。 / The options of a true-false item must be 正确 and 错误.");
  return letter.value[0] == 0 ? *first : *second;
}

Status readChoiceItem(const Json* choices, const Json& answer, bool marked, Item& item, bool& repaired, std::set<std::string>& unread) {
  if (choices == nullptr) return bad("缺少选项。 / The options are missing.");
  INVIGIL_TRY(raw, rawOptions(*choices, unread));
  INVIGIL_TRY(options, stripMarkers(raw, marked));
  std::string letters;
  if (answer.is_string()) {
    letters = answer.get<std::string>();
  } else if (answer.is_array()) {
    for (const Json& one : answer) letters += one.is_string() ? one.get<std::string>() : "?";
  } else {
    return bad("答案不是文字。 / The answer is not text.");
  }
  INVIGIL_TRY(key, readLetters(letters, options.value.size()));
  repaired = repaired || options.repaired || key.repaired;
  item.options = std::move(options.value);
  item.key = std::move(key.value);
  if (item.type == ItemType::SingleChoice && item.key.size() != 1)
    return bad("单选题只能有一个答案，这里有 " + std::to_string(item.key.size()) +
               " 个。 / A single-choice item has one answer, not " + std::to_string(item.key.size()) + ".");
  if (item.type == ItemType::MultipleChoice && item.key.size() < 2)
    return bad("多选题至少要有两个答案。 / A multiple-choice item has two answers or more.");
  item.fixed_order = refersToOtherOptions(item.options);
  return {};
}

Status readKey(const Json* choices, const Json& answer, bool marked, LooseItem& out, std::set<std::string>& unread) {
  if (out.value.type != ItemType::TrueFalse) return readChoiceItem(choices, answer, marked, out.value, out.repaired, unread);
  INVIGIL_TRY(key, trueFalseKey(answer, choices, out.repaired, unread));
  out.value.options = {"正确", "错误"};
  out.value.key = {key ? 0 : 1};
  return {};
}

/// The key by the surest of the members that say the answer. Another one may be what somebody chose: where it says something else,
/// nobody knows which is meant.
Status readAnswers(Row& row, const Json* choices, bool marked, LooseItem& out, std::set<std::string>& unread) {
  const auto answers = answersOf(row.json());
  const Json* answer = answers.empty() ? row.take(kAnswers) : row.take(std::string(answers.front().first));
  if (answer == nullptr) return bad("缺少答案。 / The answer is missing.");
  INVIGIL_CHECK(readKey(choices, *answer, marked, out, unread));
  for (std::size_t i = 1; i < answers.size(); ++i) {
    const auto& [name, value] = answers[i];
    LooseItem other = out;
    std::set<std::string> ignored;
    const bool read = readKey(choices, *value, marked, other, ignored).has_value();
    if (read ? other.value.key == out.value.key : !saysAnswer(*value)) {
      if (read) row.take(std::string(name));
      continue;
    }
    const std::string first(answers.front().first), second(name);
    return bad("“" + first + "”和“" + second + "”写的答案不一样，哪个是正确答案分不清：请只留一个。 / The members '" + first + "' and '" + second +
               "' say different answers, and which of them is the key is not certain: keep one.");
  }
  return {};
}

Status readType(Row& row, std::optional<ItemType> of_list, LooseItem& out) {
  const Json* category = nullptr;
  for (std::string_view name : kCategories)  // {"type": "single", "category": "电工"}: the one that says a type
    if (const Json* one = category == nullptr ? memberOf(row.json(), {name}) : nullptr; one != nullptr && one->is_string() && typeNamed(one->get_ref<const std::string&>())) category = row.take({name});
  if (category == nullptr) category = row.take(kCategories);
  if (category != nullptr && !category->is_string()) return bad("题型（category）不是文字。 / The category is not text.");
  if (category == nullptr && of_list) return out.value.type = *of_list, Status{};
  const std::string name = category != nullptr ? category->get<std::string>() : std::string();
  std::optional<ItemType> type = typeNamed(name);
  if (!type) {
    INVIGIL_TRY(read, readCategory(name));
    type = read;
  }
  if (of_list && *of_list != *type)
    return bad("题型“" + firstCharacters(name, 20) + "”与所在列表不符。 / The category '" + firstCharacters(name, 20) + "' does not fit the list it stands in.");
  out.value.type = *type;
  out.repaired = out.repaired || trim(name) != name;
  return {};
}

/// Difficulty, tags and source; what is none of them as it is written here is told as not read.
void readAbout(Row& row, LooseItem& out) {
  static constexpr std::pair<std::string_view, int> kWords[]{{"易", 1}, {"容易", 1}, {"简单", 1}, {"较易", 2}, {"中", 3}, {"一般", 3}, {"中等", 3}, {"较难", 4}, {"难", 5}, {"困难", 5}};
  for (std::string_view name : {"difficulty", "难度"})
    if (const Json* value = row.take({name})) {
      std::string text = value->is_string() ? trim(value->get_ref<const std::string&>()) : value->is_number_integer() ? value->dump() : "";
      if (text.size() == 1 && text[0] >= '1' && text[0] <= '5') out.value.difficulty = text[0] - '0';
      for (const auto& [word, level] : kWords)
        if (text == word) out.value.difficulty = level;
      if (out.value.difficulty != 0) break;
      row.leave(name);
    }
  for (std::string_view name : {"source", "来源", "出处", "依据"})
    if (const Json* value = row.take({name})) {
      if (!value->is_string()) { row.leave(name); continue; }
      out.value.source = cleaned(value->get_ref<const std::string&>()).value;
      shorten(out.value.source, 1000, {"来源", "source"}, out.shortened);
      break;
    }
  for (std::string_view name : {"tags", "标签", "知识点", "章节"})
    if (const Json* value = row.take({name})) {
      const Json list = value->is_array() ? *value : Json::array({*value});
      if (std::any_of(list.begin(), list.end(), [](const Json& one) { return !one.is_string(); })) { row.leave(name); continue; }
      for (const Json& one : list) {
        std::string tag = cleaned(one.get_ref<const std::string&>()).value;
        shorten(tag, 64, {"标签", "tag"}, out.shortened);
        if (!tag.empty()) out.value.tags.push_back(std::move(tag));
      }
    }
  std::sort(out.value.tags.begin(), out.value.tags.end());
  out.value.tags.erase(std::unique(out.value.tags.begin(), out.value.tags.end()), out.value.tags.end());
}

}  // namespace

std::optional<ItemType> typeNamed(std::string_view name) {
  const std::string small = lower(trim(name));
  for (std::string_view word : {"judge", "judgment", "judgement", "judge_choice", "tf", "true-false", "boolean", "bool"})
    if (small == word || small == std::string(word) + "s") return ItemType::TrueFalse;
  for (std::string_view word : {"multi", "multi_choice", "multi-choice", "multichoice", "multi_select", "multiselect", "checkbox"})
    if (small == word || small == std::string(word) + "s") return ItemType::MultipleChoice;
  if (small == "radio" || small == "radios") return ItemType::SingleChoice;
  if (codePoints(small) > 40) return std::nullopt;
  const auto type = readCategory(small);
  return type ? std::optional(*type) : std::nullopt;
}

void shorten(std::string& text, std::size_t longest, const Wording& name, std::vector<Wording>& shortened) {
  const std::size_t length = codePoints(text);
  if (length <= longest) return;
  const std::string most = std::to_string(longest), all = std::to_string(length);
  text = firstCharacters(text, longest);
  shortened.push_back({name.zh + "有 " + all + " 个字，只保留了前 " + most + " 个", "the " + name.en + " has " + all + " characters; the first " + most + " were kept"});
}

Result<LooseItem> readLooseRow(const Json& json, std::optional<ItemType> type, bool marked, const ListHabits& habits) {
  if (!json.is_object()) return bad("这一行不是 JSON 对象。 / The row is not a JSON object.");
  Row row(json);
  LooseItem out;
  for (const auto& [name, value] : json.items())
    if (holdsPicture(name, value)) return pictureMissing(name);
  const std::string name_of_stem(stemName(json, habits));
  const Json* stem = name_of_stem.empty() ? nullptr : row.take(name_of_stem);
  if (stem == nullptr || !stem->is_string()) return bad("缺少题干（title）。 / The stem (title) is missing.");
  Read<std::string> text = cleaned(stem->get_ref<const std::string&>());
  if (text.value.empty()) return bad("题干（title）是空的。 / The stem (title) is empty.");
  if (codePoints(text.value) > textLimits(Markup::Plain).stem) return bad("题干超过 2000 个字。 / The stem is longer than 2000 characters.");
  out.repaired = text.repaired;
  out.value.stem = std::move(text.value);
  INVIGIL_CHECK(readType(row, type, out));
  const Json* choices = row.take(kChoices);
  Json members;
  if (choices == nullptr || isBlank(*choices)) {
    members = optionsOfMembers(row, habits.from_zero);
    if (!members.empty()) choices = &members;
    else if (const Json* content = habits.content_is_options ? memberOf(json, {"content"}) : nullptr; content != nullptr && !isBlank(*content)) choices = row.take(std::string("content"));
  }
  std::set<std::string> unread;
  INVIGIL_CHECK(readAnswers(row, choices, marked, out, unread));
  if (const Json* why = row.take(kExplanations); why != nullptr) {
    if (!why->is_string()) return bad("解析不是文字。 / The explanation is not text.");
    out.value.explanation = cleaned(why->get_ref<const std::string&>()).value;
    shorten(out.value.explanation, textLimits(Markup::Plain).explanation, {"解析", "explanation"}, out.shortened);
  }
  readAbout(row, out);
  for (const auto& [name, value] : json.items())
    if (!row.isUsed(name) && !isBlank(value)) unread.insert(name);
  out.unread.assign(unread.begin(), unread.end());
  return out;
}

}  // namespace invigil::bank::formats
