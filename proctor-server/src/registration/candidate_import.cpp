// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "http/errors.hpp"
#include "registration/csv.hpp"
#include "registration/identity.hpp"
#include "registration/parts.hpp"

namespace invigil::server {
namespace {

enum Column { Name, IdType, IdNumber, Phone, Exam, Trained, kColumns };
using Places = std::array<int, kColumns>;  ///< column of the file for each of ours, -1 = none

/// Lower case without blanks, hyphens and underscores, so that "ID Number" is id_number.
std::string folded(const std::string& text) {
  std::string plain = trim(text);
  std::erase_if(plain, [](char c) { return c == ' ' || c == '_' || c == '-'; });
  for (char& c : plain)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return plain;
}

Result<Places> readHeader(const CsvRow& header) {
  static const std::map<std::string, Column> names = {
      {"name", Name},           {"姓名", Name},         {"idtype", IdType},        {"证件类型", IdType},
      {"idnumber", IdNumber},   {"证件号码", IdNumber}, {"证件号", IdNumber},      {"身份证号", IdNumber},
      {"身份证号码", IdNumber}, {"phone", Phone},       {"手机号", Phone},         {"手机", Phone},
      {"手机号码", Phone},      {"blueprintid", Exam},  {"blueprint", Exam},       {"exam", Exam},
      {"考试", Exam},           {"考试类别", Exam},     {"trainingdone", Trained}, {"培训完成", Trained}};
  static constexpr std::array<const char*, kColumns> shown = {"姓名 name",          "证件类型 id_type",
                                                              "证件号码 id_number", "手机号 phone",
                                                              "考试 blueprint_id",  "培训完成 training_done"};
  Places places;
  places.fill(-1);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto found = names.find(folded(header.fields[i]));
    if (found == names.end()) continue;
    if (places[found->second] >= 0)
      return fail(ErrorCode::InvalidInput, "csv_header", std::string("twice: ") + shown[found->second], "csv");
    places[found->second] = static_cast<int>(i);
  }
  std::string missing;
  for (std::size_t i = 0; i < kColumns; ++i)
    if (places[i] < 0) missing += (missing.empty() ? "" : ", ") + std::string(shown[i]);
  if (!missing.empty()) return fail(ErrorCode::InvalidInput, "csv_header", missing, "csv");
  return places;
}

Result<std::string> idTypeFrom(const std::string& text) {
  static const std::map<std::string, std::string> names = {
      {"", "resident_id"},  // a column left empty means the card that nearly everybody has
      {"residentid", "resident_id"},
      {"居民身份证", "resident_id"},
      {"身份证", "resident_id"},
      {"hmtresidence", "hmt_residence"},
      {"港澳台居民居住证", "hmt_residence"},
      {"permanentresident", "permanent_resident"},
      {"外国人永久居留身份证", "permanent_resident"},
      {"hmpermit", "hm_permit"},
      {"港澳居民来往内地通行证", "hm_permit"},
      {"twpermit", "tw_permit"},
      {"台湾居民来往大陆通行证", "tw_permit"},
      {"passport", "passport"},
      {"护照", "passport"}};
  const auto found = names.find(folded(text));
  if (found == names.end()) return fail(ErrorCode::InvalidInput, "id_type_unknown");
  return found->second;
}

Result<bool> trainedFrom(const std::string& text) {
  const std::string plain = folded(text);
  for (const char* yes : {"是", "true", "yes", "y", "1", "已完成", "完成", "√"})
    if (plain == yes) return true;
  for (const char* no : {"否", "false", "no", "n", "0", "未完成", ""})
    if (plain == no) return false;
  return fail(ErrorCode::InvalidInput, "training_done_wrong");
}

struct Line {
  int number = 0;
  std::string shown;  ///< who, masked
  Result<CandidateEntry> entry;
};

Line readLine(const CsvRow& row, const Places& places, bool renew) {
  const auto field = [&](Column column) {
    const auto at = static_cast<std::size_t>(places[column]);
    return at < row.fields.size() ? row.fields[at] : std::string();
  };
  const std::string name = trim(field(Name)), number = trim(field(IdNumber));
  Line line{row.number, firstCharacters(maskName(name), 20) + " " + (number.size() <= 24 ? maskId(number) : "***"), {}};
  line.entry = [&]() -> Result<CandidateEntry> {
    if (std::max(name.size(), number.size()) > 400) return fail(ErrorCode::InvalidInput, "name_wrong");
    INVIGIL_TRY(id_type, idTypeFrom(field(IdType)));
    INVIGIL_TRY(trained, trainedFrom(field(Trained)));
    CandidateEntry entry{name, id_type, number, trim(field(Phone)), trim(field(Exam)), trained};
    entry.renew = renew;
    return normaliseEntry(std::move(entry));
  }();
  return line;
}

/// Both languages in one line: the report is one text for everybody.
std::string sentence(const Error& error) {
  const Json words = errorJson(error).at("error");
  return words.at("zh").get<std::string>() + " " + words.at("en").get<std::string>();
}

/// What no refusal says: a number that changes, and two rows that give one person two numbers.
struct Warnings {
  Json list = Json::array();
  void add(const Line& line, const std::string& zh, const std::string& en) {
    const std::string row = std::to_string(line.number);
    list.push_back(firstCharacters("第 " + row + " 行 " + line.shown + "：" + zh + " Row " + row + ": " + en, 300));
  }
};

/// One person has one number: the first row of the list that names a person's document, and is no mistake itself, says it. Were the
/// last one taken, each import of the list would change the number twice, and nobody would be told which one is theirs.
class Phones {
 public:
  /// Before the row is added.
  void check(Line& line, Warnings& warnings) const {
    const auto found = said_.find(document(line));
    if (found == said_.end() || found->second->entry->phone == line.entry->phone) return;
    line.entry->keep_phone = true;
    const std::string number = std::to_string(found->second->number);
    warnings.add(line, "手机号与第 " + number + " 行的不同，请核对；这一行不更改已登记的号码。",
                 "its phone number is not that of row " + number + "; please check. This row changes no number on record.");
  }
  /// A row that says nothing new has the number on record: it counts as one that was added.
  void added(const Line& line, const Result<AddedCandidate>& done) {
    if (done || done.error().reason == "already_eligible") said_.emplace(document(line), &line);
  }

 private:
  static std::string document(const Line& line) { return line.entry->id_type + ":" + line.entry->id_number; }
  std::map<std::string, const Line*> said_;
};

Json report(Tx& tx, Instant now, const std::string& actor, std::vector<Line> lines, bool dry_run) {
  CandidateWriter writer(tx, now, actor, dry_run);
  std::int64_t imported = 0, repaired = 0;
  Json refused = Json::array();
  Warnings warnings;
  Phones phones;
  for (Line& line : lines) {
    if (line.entry) phones.check(line, warnings);
    const auto added = line.entry ? writer.add(*line.entry) : Result<AddedCandidate>(fail(line.entry.error()));
    if (line.entry) phones.added(line, added);
    if (added) {
      ++imported;
      repaired += line.entry->repaired;
      const std::string phone = maskPhone(line.entry->phone);
      if (added->phone_changed) warnings.add(line, "手机号改为 " + phone + "。", "the phone number becomes " + phone + ".");
    } else {
      refused.push_back({{"row", line.number}, {"text", line.shown}, {"reason", firstCharacters(sentence(added.error()), 300)}});
    }
  }
  if (!dry_run)
    audit(tx, now, actor, "candidate.import", "", std::to_string(imported) + "/" + std::to_string(lines.size()));
  return {{"rows", lines.size()}, {"imported", imported},      {"repaired", repaired},
          {"refused", refused},   {"warnings", warnings.list}, {"dry_run", dry_run}};
}

Result<Reply> importCandidates(App& app, const Call& call) {
  INVIGIL_TRY(rows, parseCsv(call.body.at("csv").get_ref<const std::string&>()));
  if (rows.empty()) return fail(ErrorCode::InvalidInput, "csv_empty", {}, "csv");
  INVIGIL_TRY(places, readHeader(rows.front()));
  if (rows.size() == 1) return fail(ErrorCode::InvalidInput, "csv_empty", {}, "csv");
  std::vector<Line> lines;
  const bool renew = call.body.value("renew", false);
  for (std::size_t i = 1; i < rows.size(); ++i) lines.push_back(readLine(rows[i], places, renew));
  const bool dry_run = call.body.at("dry_run").get<bool>();
  const std::function<Result<Json>(Tx&)> work = [&](Tx& tx) -> Result<Json> {
    return report(tx, call.now, call.caller.account_id, lines, dry_run);
  };
  INVIGIL_TRY(body, dry_run ? app.store->readNow<Json>(work) : app.store->writeNow<Json>(work));
  return Reply(std::move(body));
}

}  // namespace

Routes candidateImportRoutes() {
  // 4,000,000 characters of the contract, three bytes each in Chinese.
  return {taskRoute(Verb::Post, "/api/v1/admin/candidates/import", Scope::Administrator, importCandidates, 13 << 20)};
}

}  // namespace invigil::server
