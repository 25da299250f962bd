// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "formats/as_read.hpp"
#include "formats/findings.hpp"
#include "formats/json_file.hpp"
#include "formats/json_reader.hpp"
#include "formats/list_habits.hpp"
#include "formats/loose_row.hpp"
#include "formats/table_cells.hpp"
#include "formats/table_parts.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/bank_file.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank {
namespace formats {
namespace {

struct Row {
  const Json* json = nullptr;
  std::optional<ItemType> type;  ///< of the list it stands in
};

/// What of a file are questions, and the lists that are none.
struct Found {
  std::vector<Row> rows;
  std::vector<std::pair<std::string, std::size_t>> other_lists;  ///< name and length
  bool known = false;  ///< some list is one of questions by its name or what it holds
};

constexpr std::size_t kWrappersMax = 8;  ///< lists within objects within objects

bool namesQuestions(const std::string& name) {
  static const std::set<std::string> kWrappers{"data", "questions", "question", "list", "items", "result", "results", "rows", "records", "content", "题目", "试题", "题库"};
  return kWrappers.contains(name);
}

void addList(const Json& list, const std::string& name, std::optional<ItemType> type, Found& found) {
  const bool questions = type || std::any_of(list.begin(), list.end(), looksLikeQuestion);
  found.known = found.known || questions || namesQuestions(name);
  if (list.empty()) return;
  const bool objects = std::any_of(list.begin(), list.end(), [](const Json& one) { return one.is_object(); });
  if (!questions && !(objects && namesQuestions(name))) return found.other_lists.emplace_back(name, list.size()), void();
  for (const Json& row : list) found.rows.push_back({&row, type});
}

bool holdsQuestions(const Json& object) {
  return std::any_of(object.begin(), object.end(), [](const Json& one) { return one.is_array() && std::any_of(one.begin(), one.end(), looksLikeQuestion); });
}

/// Lists of questions wherever they stand within objects: {"code": 0, "data": {"list": […]}}, {"judge": […]}, {"1": {a question}}.
Found rowsOf(const Json& json) {
  Found found;
  if (json.is_array()) {
    found.known = true;
    for (const Json& row : json) found.rows.push_back({&row, std::nullopt});
    return found;
  }
  struct Level {
    const Json* json;
    std::string name;
    std::optional<ItemType> type;
    std::size_t depth;
  };
  std::vector<Level> levels{{&json, "", std::nullopt, 0}};
  while (!levels.empty()) {
    const Level level = std::move(levels.back());
    levels.pop_back();
    if (level.json->is_array()) {
      addList(*level.json, level.name, level.type, found);
    } else if (looksLikeQuestion(*level.json) && !holdsQuestions(*level.json)) {
      found.known = true;
      found.rows.push_back({level.json, level.type});
    } else if (level.json->is_object() && level.depth < kWrappersMax) {
      std::vector<Level> below;
      for (const auto& [name, value] : level.json->items())
        if (value.is_structured()) {
          const auto named = typeNamed(name);
          below.push_back({&value, name, named ? named : level.type, level.depth + 1});
        }
      // Our own three first and in this order, which editors know the rows by.
      const auto rank = [](const Level& one) { return one.name == "single_choice" ? 0 : one.name == "true_false" ? 1 : one.name == "multiple_choice" ? 2 : 3; };
      std::stable_sort(below.begin(), below.end(), [&](const Level& a, const Level& b) { return rank(a) < rank(b); });
      std::move(below.rbegin(), below.rend(), std::back_inserter(levels));
    } else if (level.json->is_object() && !level.json->empty()) {
      found.other_lists.emplace_back(level.name, level.json->size());
    }
  }
  return found;
}

/// Names of members that hold something nobody reads, and in how many rows.
class Unread {
 public:
  void add(const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (!headsNothing(name)) ++rows_[name];
  }
  void tell(const std::string& file, Reading& reading) const {
    constexpr std::size_t kNamed = 10;
    std::string zh, en;
    std::size_t count = 0;
    for (const auto& [name, rows] : rows_) {
      if (++count > kNamed) continue;
      const std::string shown = firstCharacters(name, 20), many = std::to_string(rows);
      zh += (zh.empty() ? "" : "、") + ("“" + shown + "”（" + many + " 行）");
      en += (en.empty() ? "" : ", ") + ("'" + shown + "' (" + many + " rows)");
    }
    if (count == 0) return;
    if (count > kNamed) zh += "……", en += " …";
    reading.notes.push_back(findingAt({file, "", 0, 0}, "columns_not_read", "", {"有内容的成员没有读入：" + zh, "members that hold something were not read: " + en}));
  }

 private:
  std::map<std::string, std::size_t> rows_;
};

/// Every row as it stands; what repeats is for collect() to find.
class RowReader {
 public:
  RowReader(const std::string& file, const ListHabits& habits) : file_(file), habits_(habits) {}

  void read(const Row& row, int number) {
    const Place place{file_, "", number, 0};
    auto read = readLooseRow(*row.json, row.type, true, habits_);
    if (!read) {
      const Json* stem = stemOf(*row.json, habits_);
      const char* code = read.error().reason == "content_missing" ? "content_missing" : "refused";
      reading_.refused.push_back(findingAt(place, code, stem && stem->is_string() ? trim(stem->get<std::string>()) : "", twoLanguages(read.error().detail)));
      reading_.refused.back().as_read = asRead(looseAsRead(*row.json, row.type, true, habits_));
      return;
    }
    unread_.add(read->unread);
    Reading::Row out{std::move(read->value), place, {}};
    if (read->repaired) out.repairs.push_back(tidied(place, out.item.stem));
    for (const Wording& what : read->shortened) out.repairs.push_back(findingAt(place, "shortened", out.item.stem, what));
    reading_.items.push_back(std::move(out));
  }
  void refuse(int number, std::string_view line, const Error& why) {
    reading_.refused.push_back(findingAt({file_, "", number, 0}, "bad_question", std::string(line), {"这一行不是完整的 JSON", "the line is not whole JSON: " + why.detail}));
  }
  void tellDuplicate(const Error& duplicate) {
    if (!std::exchange(told_, true)) reading_.notes.push_back(findingAt({file_, "", 0, 0}, "note", "", twoLanguages(duplicate.detail + " The last one was used.")));
  }
  Reading finish() {
    unread_.tell(file_, reading_);
    return std::move(reading_);
  }

 private:
  const std::string& file_;
  ListHabits habits_;
  Reading reading_;
  Unread unread_;
  bool told_ = false;
};

void tellOtherLists(const Found& found, const std::string& file, Reading& reading) {
  for (const auto& [name, size] : found.other_lists) {
    const std::string shown = firstCharacters(name, 20), many = std::to_string(size);
    reading.notes.push_back(findingAt({file, "", 0, 0}, "columns_not_read", name, {"“" + shown + "”的 " + many + " 项不是试题，没有读入", "the " + many + " entries of '" + shown + "' are no questions and were not read"}));
    if (reading.notes.size() >= 20) return;  // a file of thousands of lists says no more by naming each
  }
}

std::string_view withoutMark(std::string_view text) { return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text; }

/// Two objects or more, each on a line of its own.
bool looksLikeLines(std::string_view text) {
  int objects = 0;
  bool good = true;
  eachLine(text, [&](std::string_view line, int) {
    const std::string one = objects < 2 && good ? trim(line) : "";
    if (one.empty()) return;
    good = one.front() == '{' && one.back() == '}';
    objects += good;
  });
  return objects >= 2;
}

Result<Reading> readLines(std::string_view text, const std::string& file) {
  if (std::count(text.begin(), text.end(), '\n') > static_cast<std::ptrdiff_t>(kTableRowsMax)) return tooLarge();
  struct Line {
    int number;
    std::string text;  ///< of one that is no JSON
    Result<Document> document;
  };
  std::vector<Line> lines;
  eachLine(text, [&](std::string_view line, int number) {
    std::string one = trim(line);
    if (one.empty()) return;
    auto document = readJson(one);
    if (document) one.clear();
    lines.push_back({number, std::move(one), std::move(document)});
  });
  std::vector<const Json*> documents;
  for (const Line& line : lines)
    if (line.document) documents.push_back(&line.document->value);
  RowReader rows(file, listHabits(documents));
  for (const Line& line : lines) {
    if (!line.document) {
      rows.refuse(line.number, line.text, line.document.error());
      continue;
    }
    rows.read({&line.document->value, std::nullopt}, line.number);
    if (line.document->duplicate) rows.tellDuplicate(*line.document->duplicate);
  }
  return rows.finish();
}

Status fitForLists(const Bank& defaults) {
  if (!isBankId(defaults.id))
    return fail(ErrorCode::InvalidInput, "bad_bank", "The bank's id must be 1 to 64 of a-z, 0-9 and -.", "id");
  if (defaults.roles.empty() || trim(defaults.title.zh).empty())
    return fail(ErrorCode::InvalidInput, "bad_bank", "A question list needs a title and a role for its bank.", defaults.roles.empty() ? "roles" : "title");
  return {};
}

}  // namespace

Result<JsonFile> readJsonFile(std::string_view json, const std::string& file, const Bank& defaults) {
  auto read = readJson(json);
  if (!read && read.error().reason == "bad_json" && looksLikeLines(withoutMark(json)) && isUtf8(json)) {
    INVIGIL_CHECK(fitForLists(defaults));
    INVIGIL_TRY(lines, readLines(withoutMark(json), file));
    return JsonFile{std::move(lines), defaults};
  }
  INVIGIL_TRY(document, std::move(read));
  JsonFile out;
  if (document.value.is_object() && document.value.contains("format")) {
    if (document.duplicate) return fail(std::move(*document.duplicate));
    INVIGIL_TRY(bank, bankFromJson(document.value, LongLists::Read));
    out.reading.own = true;
    int row = 0;
    for (Item& item : bank.items) out.reading.items.push_back({std::move(item), {file, "", ++row, 0}, {}});
    out.reading.stimuli = std::move(bank.stimuli);
    out.reading.media = std::move(bank.media);
    bank.items.clear(), bank.stimuli.clear(), bank.media.clear();
    out.about = std::move(bank);
    return out;
  }
  const Found found = rowsOf(document.value);
  if (!found.known)
    return fail(ErrorCode::InvalidInput, "bad_bank",
                "这个文件既不是本系统的题库，也没有找到试题列表。 / The file is neither an invigil-bank, nor does it hold a list of questions.", "format");
  if (found.rows.empty())
    return fail(ErrorCode::InvalidInput, "no_items", "文件里没有试题，请选有试题列表的文件。 / The file holds no questions. Choose the file with the question list.");
  INVIGIL_CHECK(fitForLists(defaults));
  out.about = defaults;
  std::vector<const Json*> objects;
  for (const Row& row : found.rows) objects.push_back(row.json);
  RowReader rows(file, listHabits(objects));
  int number = 0;
  for (const Row& row : found.rows) rows.read(row, ++number);
  if (document.duplicate) rows.tellDuplicate(*document.duplicate);
  out.reading = rows.finish();
  tellOtherLists(found, file, out.reading);
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
