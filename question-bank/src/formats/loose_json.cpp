// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "formats/findings.hpp"
#include "formats/json_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/loose_row.hpp"
#include "formats/loose_text.hpp"
#include "invigil/bank/text_limits.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace formats {
namespace {

struct Row {
  const Json* json = nullptr;
  std::optional<ItemType> type;  ///< of the group the row stands in
  bool marked = true;            ///< option marks are no part of the options
};

const Json* find(const Json& row, std::initializer_list<std::string_view> names) {
  for (std::string_view name : names)
    if (const auto found = row.find(name); found != row.end() && !found->is_null()) return &*found;
  return nullptr;
}

tl::unexpected<Error> bad(std::string sentence) {
  return fail(ErrorCode::InvalidInput, "bad_row", std::move(sentence));
}

const Json* stemOf(const Json& row) {
  return row.is_object() ? find(row, {"title", "question", "stem", "题目", "题干", "试题"}) : nullptr;
}

Result<std::vector<std::string>> rawOptions(const Json& choices) {
  std::vector<std::string> options;
  if (choices.is_string()) return splitOptions(choices.get_ref<const std::string&>());
  if (!choices.is_array() && !choices.is_object()) return bad("选项既不是文字也不是列表。 / The options are neither text nor a list.");
  for (const auto& [name, value] : choices.items()) {
    if (!value.is_string()) return bad("选项“" + firstCharacters(name, 8) + "”不是文字。 / Option '" + firstCharacters(name, 8) + "' is not text.");
    if (choices.is_object() && name != std::string(1, static_cast<char>('A' + options.size())))
      return bad("选项没有按 A、B、C……连续编号。 / The options are not named A, B, C … without a gap.");
    options.push_back(trim(value.get<std::string>()));
  }
  return options;
}

Result<bool> trueFalseKey(const Json& answer, const Json* choices, bool& repaired) {
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
  if (choices == nullptr || (choices->is_string() && trim(choices->get<std::string>()).empty()))
    return letter.value[0] == 0;
  INVIGIL_TRY(raw_options, rawOptions(*choices));
  INVIGIL_TRY(options, stripMarkers(raw_options));
  repaired = repaired || options.repaired;
  const auto first = truthOf(options.value[0]), second = truthOf(options.value[1]);
  if (options.value.size() != 2 || !first || !second || *first == *second)
    return bad("判断题的选项应为“正确”和“错误”。 / The options of a true-false item must be 正确 and 错误.");
  return letter.value[0] == 0 ? *first : *second;
}

Status readChoiceItem(const Json* choices, const Json& answer, bool marked, Item& item, bool& repaired) {
  if (choices == nullptr) return bad("缺少选项。 / The options are missing.");
  INVIGIL_TRY(raw, rawOptions(*choices));
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

Result<LooseItem> readRow(const Row& row) {
  if (!row.json->is_object()) return bad("这一行不是 JSON 对象。 / The row is not a JSON object.");
  LooseItem out;
  const Json* stem = stemOf(*row.json);
  if (stem == nullptr || !stem->is_string()) return bad("缺少题干（title）。 / The stem (title) is missing.");
  Read<std::string> text = cleaned(stem->get_ref<const std::string&>());
  if (text.value.empty()) return bad("题干（title）是空的。 / The stem (title) is empty.");
  if (codePoints(text.value) > textLimits(Markup::Plain).stem) return bad("题干超过 2000 个字。 / The stem is longer than 2000 characters.");
  out.repaired = text.repaired;
  out.value.stem = std::move(text.value);
  const Json* category = find(*row.json, {"category", "type", "题型", "试题类型"});
  if (category != nullptr && !category->is_string()) return bad("题型（category）不是文字。 / The category is not text.");
  if (category != nullptr || !row.type) {
    const std::string name = category != nullptr ? category->get<std::string>() : std::string();
    INVIGIL_TRY(type, readCategory(name));
    if (row.type && *row.type != type)
      return bad("题型“" + firstCharacters(name, 20) + "”与所在列表不符。 / The category '" + firstCharacters(name, 20) +
                 "' does not fit the list it stands in.");
    out.value.type = type;
    out.repaired = out.repaired || trim(name) != name;
  } else {
    out.value.type = *row.type;
  }
  const Json* choices = find(*row.json, {"choices", "options", "选项"});
  const Json* answer = find(*row.json, {"answer", "key", "答案", "正确答案"});
  if (answer == nullptr) return bad("缺少答案。 / The answer is missing.");
  if (out.value.type == ItemType::TrueFalse) {
    INVIGIL_TRY(key, trueFalseKey(*answer, choices, out.repaired));
    out.value.options = {"正确", "错误"};
    out.value.key = {key ? 0 : 1};
  } else {
    INVIGIL_CHECK(readChoiceItem(choices, *answer, row.marked, out.value, out.repaired));
  }
  if (const Json* why = find(*row.json, {"explanation", "analysis", "解析"}); why != nullptr) {
    if (!why->is_string()) return bad("解析不是文字。 / The explanation is not text.");
    out.value.explanation = cleaned(why->get_ref<const std::string&>()).value;
    shorten(out.value.explanation, textLimits(Markup::Plain).explanation, {"解析", "explanation"}, out.shortened);
  }
  return out;
}

}  // namespace

void shorten(std::string& text, std::size_t longest, const Wording& name, std::vector<Wording>& shortened) {
  const std::size_t length = codePoints(text);
  if (length <= longest) return;
  const std::string most = std::to_string(longest), all = std::to_string(length);
  text = firstCharacters(text, longest);
  shortened.push_back({name.zh + "有 " + all + " 个字，只保留了前 " + most + " 个", "the " + name.en + " has " + all + " characters; the first " + most + " were kept"});
}

Result<LooseItem> readLooseRow(const Json& row, std::optional<ItemType> type, bool marked) { return readRow({&row, type, marked}); }

namespace {

Result<std::vector<Row>> rowsOf(const Json& json) {
  std::vector<Row> rows;
  if (json.is_array()) {
    for (const Json& row : json) rows.push_back({&row, std::nullopt, true});
    return rows;
  }
  bool known = false;
  for (ItemType type : {ItemType::SingleChoice, ItemType::TrueFalse, ItemType::MultipleChoice}) {
    const auto group = json.is_object() ? json.find(toText(type)) : json.end();
    if (group == json.end() || !group->is_array()) continue;
    known = true;
    for (const Json& row : *group) rows.push_back({&row, type, true});
  }
  if (!known)
    return fail(ErrorCode::InvalidInput, "bad_bank",
                "The file is neither an invigil-bank, nor a list of questions, nor an object with single_choice, "
                "true_false or multiple_choice lists.",
                "format");
  return rows;
}

/// Every row as it stands; what repeats is for collect() to find.
Reading readRows(const std::vector<Row>& rows, const std::string& file) {
  Reading reading;
  int number = 0;
  for (const Row& row : rows) {
    const Place place{file, "", ++number, 0};
    auto read = readRow(row);
    if (!read) {
      const Json* stem = stemOf(*row.json);
      reading.refused.push_back(findingAt(place, "refused", stem && stem->is_string() ? trim(stem->get<std::string>()) : "", twoLanguages(read.error().detail)));
      continue;
    }
    Reading::Row out{std::move(read->value), place, {}};
    if (read->repaired) out.repairs.push_back(tidied(place, out.item.stem));
    for (const Wording& what : read->shortened) out.repairs.push_back(findingAt(place, "shortened", out.item.stem, what));
    reading.items.push_back(std::move(out));
  }
  return reading;
}

}  // namespace

Result<JsonFile> readJsonFile(std::string_view json, const std::string& file, const Bank& defaults) {
  INVIGIL_TRY(document, readJson(json));
  JsonFile out;
  if (document.value.is_object() && document.value.contains("format")) {
    if (document.duplicate) return fail(std::move(*document.duplicate));
    INVIGIL_TRY(bank, bankFromJson(document.value));
    out.reading.own = true;
    int row = 0;
    for (Item& item : bank.items) out.reading.items.push_back({std::move(item), {file, "", ++row, 0}, {}});
    out.reading.stimuli = std::move(bank.stimuli);
    out.reading.media = std::move(bank.media);
    bank.items.clear(), bank.stimuli.clear(), bank.media.clear();
    out.about = std::move(bank);
    return out;
  }
  INVIGIL_TRY(rows, rowsOf(document.value));
  if (rows.empty())
    return fail(ErrorCode::InvalidInput, "no_items",
                "The file holds no questions. Choose the file with the question list.");
  if (defaults.id.empty() || defaults.id.size() > 64 ||
      defaults.id.find_first_not_of(kBankIdCharacters) != std::string::npos)
    return fail(ErrorCode::InvalidInput, "bad_bank", "The bank's id must be 1 to 64 of a-z, 0-9 and -.", "id");
  if (defaults.roles.empty() || trim(defaults.title.zh).empty())
    return fail(ErrorCode::InvalidInput, "bad_bank", "A question list needs a title and a role for its bank.",
                defaults.roles.empty() ? "roles" : "title");
  out.about = defaults;
  out.reading = readRows(rows, file);
  if (document.duplicate) out.reading.notes.push_back(findingAt({file, "", 0, 0}, "note", "", twoLanguages(document.duplicate->detail + " The last one was used.")));
  return out;
}

}  // namespace formats

namespace {

ImportReport::Row rowOf(const Finding& one) { return {one.place.row, firstCharacters(one.text, 80), one.what.zh + " / " + one.what.en}; }

}  // namespace

Result<ImportedBank> importJson(std::string_view json, const Bank& defaults) {
  INVIGIL_TRY(file, formats::readJsonFile(json, "", defaults));
  std::vector<Reading> readings;
  readings.push_back(std::move(file.reading));
  Collected read = collect(std::move(readings), file.about);
  ImportedBank out;
  out.report.rows = read.counts.rows;
  out.report.imported = read.counts.imported;
  out.report.repaired = read.counts.repaired;
  for (const Finding& one : read.duplicates) out.report.duplicates.push_back(rowOf(one));
  for (const Finding& one : read.refused) out.report.refused.push_back(rowOf(one));
  for (const auto* findings : {&read.look_alikes, &read.notes})
    for (const Finding& one : *findings) {
      std::string line = one.what.zh + " / " + one.what.en + (one.text.empty() ? "" : ": " + firstCharacters(one.text, 80));
      if (std::find(out.report.warnings.begin(), out.report.warnings.end(), line) == out.report.warnings.end()) out.report.warnings.push_back(std::move(line));
    }
  out.bank = std::move(read.bank);
  return out;
}

}  // namespace invigil::bank
