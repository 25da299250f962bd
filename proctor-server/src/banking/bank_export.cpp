// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "banking/banking.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"

namespace invigil::server {
namespace {

using bank::Bank;

constexpr std::size_t kLostMax = 1000;

Result<Bank> headOf(Tx& tx, const std::string& id) {
  auto row = tx.one<std::string, std::string, std::string, std::string, std::string>(
      "select title_zh, title_en, roles, category, language from bank where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_bank", "", "id");
  Bank head;
  head.id = id;
  std::string roles;
  std::tie(head.title.zh, head.title.en, roles, head.category, head.language) = *row;
  for (const Json& role : Json::parse(roles))
    if (const auto known = bank::roleFromText(role.get<std::string>())) head.roles.push_back(*known);
  return head;
}

/// Case material in the newest version that one of the items stands with.
void addStimuli(Tx& tx, Bank& bank, const std::map<std::string, std::int64_t>& versions) {
  for (const auto& [id, version] : versions) {
    auto row = tx.one<std::string, std::string>("select markup, text from stimulus where bank_id = :a and stimulus_id = :b and version = :c",
                                                bank.id, id, version);
    if (!row) continue;
    bank.stimuli.push_back({id, std::get<0>(*row) == "html" ? bank::Markup::Html : bank::Markup::Plain, std::get<1>(*row)});
  }
}

Status addMedia(Tx& tx, Bank& bank) {
  std::set<std::string> names;
  for (const bank::Item& item : bank.items)
    for (std::string& name : mediaShown(item)) names.insert(std::move(name));
  for (const bank::Stimulus& stimulus : bank.stimuli) {
    bank::Item shown;
    shown.markup = stimulus.markup;
    shown.stem = stimulus.text;
    for (std::string& name : mediaShown(shown)) names.insert(std::move(name));
  }
  for (const std::string& name : names) {
    const auto text = tx.value<std::string>("select base64 from media where name = :a", name);
    if (!text) continue;
    INVIGIL_TRY(bytes, fromBase64(*text));
    bank.media.push_back({name, std::string(bytes.begin(), bytes.end())});
  }
  return {};
}

struct Whole {
  Bank bank;
  std::map<std::string, std::int64_t> stimuli;  ///< which version of each is in `bank`
  std::vector<std::int64_t> stands_with;        ///< and which one each of its items has
};

/// A file holds one text of each case: these of its items stand with an older one.
void tellOlderCases(bank::Written& file, const Whole& whole) {
  std::set<std::string> left_out;
  for (const bank::Finding& one : file.lost)
    if (one.code == "left_out") left_out.insert(one.text);
  for (std::size_t i = 0; i < whole.bank.items.size(); ++i) {
    const bank::Item& item = whole.bank.items[i];
    if (item.stimulus.empty() || left_out.contains(item.id)) continue;
    const std::int64_t stands_with = whole.stands_with[i], newest = whole.stimuli.at(item.stimulus);
    if (stands_with == newest) continue;
    bank::Finding older;
    older.code = "not_carried";
    older.text = item.id;
    const std::string own = std::to_string(stands_with), written = std::to_string(newest);
    older.what = {"没有带上：本题所用的案例材料 " + item.stimulus + " 第 " + own + " 版，文件里只有第 " + written + " 版",
                  "not carried: version " + own + " of the case material " + item.stimulus + ", which the item stands with; the file holds version " + written + " only"};
    file.lost.push_back(std::move(older));
  }
}

/// One snapshot of the bank as an authoring file: what is drawn, or the newest version of all that is not retired.
Result<Whole> wholeBank(Tx& tx, const std::string& id, bool released) {
  Whole result;
  Bank& whole = result.bank;
  INVIGIL_TRY(head, headOf(tx, id));
  whole = std::move(head);
  const std::string from = std::string("item_version v join bank_item i on i.uid = v.item_uid and v.number = ") +
                           (released ? "i.released_version where i.released_version > 0" : "i.version where i.state <> 'retired'") +
                           " and i.bank_id = :a order by i.ord";
  for (ItemContent& content : contentsOf(tx, "v.number", from, {id})) {
    if (!content.item.stimulus.empty()) {
      std::int64_t& version = result.stimuli[content.item.stimulus];
      version = std::max(version, content.stimulus_version);
    }
    result.stands_with.push_back(content.stimulus_version);
    whole.items.push_back(std::move(content.item));
  }
  addStimuli(tx, whole, result.stimuli);
  INVIGIL_CHECK(addMedia(tx, whole));
  return result;
}

struct Exported {
  bank::Written file;
  std::size_t items = 0;
};

Result<Exported> exported(App& app, const Call& call) {
  const auto formats = bank::exportFormats();
  const std::string format = call.q("format"), released = call.q("released");
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) return fail(ErrorCode::InvalidInput, "bad_filter", "", "format");
  if (!released.empty() && released != "0" && released != "1") return fail(ErrorCode::InvalidInput, "bad_filter", "", "released");
  INVIGIL_TRY(whole, app.store->readNow<Whole>([&](Tx& tx) { return wholeBank(tx, call.id, released == "1"); }));
  if (whole.bank.items.empty()) return fail(ErrorCode::Conflict, "nothing_to_export", "", "released");
  INVIGIL_TRY(file, bank::writeBankFile(whole.bank, format));
  // Formats without case material say so of every item that has one.
  if (format == "native_json" || format == "qti30") tellOlderCases(file, whole);
  return Exported{std::move(file), whole.bank.items.size()};
}

Result<Reply> exportBank(App& app, const Call& call) {
  INVIGIL_TRY(done, exported(app, call));
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    audit(tx, call.now, call.caller.account_id, "bank_exported", call.id, call.q("format"));
    return {};
  }));
  Reply reply;
  reply.bytes = std::move(done.file.bytes);
  reply.content_type = "application/octet-stream";
  return reply;
}

/// What the file would hold and what it could not, before anybody takes it for the whole bank.
Result<Reply> exportLosses(App& app, const Call& call) {
  INVIGIL_TRY(done, exported(app, call));
  Json lost = Json::array();
  std::size_t left_out = 0;
  for (const bank::Finding& one : done.file.lost) {
    left_out += one.code == "left_out";
    if (lost.size() < kLostMax) lost.push_back({{"item", firstCharacters(one.text, 100)}, {"code", one.code}, {"what", wording(one.what.zh, one.what.en)}});
  }
  return Reply{{{"items", done.items}, {"left_out", left_out}, {"total", done.file.lost.size()}, {"size", done.file.bytes.size()}, {"lost", lost}}};
}

}  // namespace

Routes exportRoutes() {
  const std::string base = "/api/v1/admin/banks/{id}/export";
  return {taskRoute(Verb::Get, base, Scope::Editor, exportBank), taskRoute(Verb::Get, base + "-losses", Scope::Editor, exportLosses)};
}

}  // namespace invigil::server
