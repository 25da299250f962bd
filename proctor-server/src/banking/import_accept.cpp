// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "banking/import_meeting.hpp"

namespace invigil::server {
namespace {

/// What the statements below need; all of one acceptance.
struct Acceptance {
  const ImportDraft& draft;
  std::string state, reason, author, actor;
  bool retire_missing = false;
  std::int64_t now_ms = 0;
};

constexpr std::size_t kReasonMax = 500;  ///< as the contract has them

/// The bank has moved on since the draft was compared with it?
Status checkFresh(Tx& tx, const ImportDraft& draft) {
  const auto taken = tx.value<std::int64_t>(
      "select count(*) from import_row r join bank_item i on i.bank_id = :a and i.item_id = r.item_id where r.import_id = :b and r.kind = 'item' "
      "and r.left_out = 0 and r.fate = 'new'", draft.bank_id, draft.id);
  const auto moved = tx.value<std::int64_t>(
      "select count(*) from import_row r left join bank_item i on i.uid = r.uid where r.import_id = :a and r.left_out = 0 "
      "and r.fate in ('changed', 'missing') and (i.version is null or i.version <> r.base_version)", draft.id);
  // Whoever decided about a row knew whether it brings a retired item back; only the finding tells.
  const auto revived = tx.value<std::int64_t>(
      "select count(*) from import_row r join bank_item i on i.uid = r.uid where r.import_id = :a and r.kind = 'item' and r.left_out = 0 and "
      "r.fate = 'changed' and (i.state = 'retired') <> (r.findings like '%\"code\":\"retired_in_bank\"%')", draft.id);
  const auto material = tx.value<std::int64_t>(
      "select count(*) from import_stimulus s where s.import_id = :a and s.base_version <> (select coalesce(max(version), 0) from stimulus t "
      "where t.bank_id = :b and t.stimulus_id = s.stimulus_id)", draft.id, draft.bank_id);
  if (taken.value_or(0) + moved.value_or(0) + revived.value_or(0) + material.value_or(0) > 0 || meetsAnew(tx, draft)) return fail(ErrorCode::Conflict, "import_is_stale", "", "id");
  return {};
}

/// Case material `import_stimulus s` that is other than the bank's, and that a taken row stands with.
constexpr const char* kMaterialTaken =
    "s.changed = 1 and exists (select 1 from import_row r where r.import_id = s.import_id and r.stimulus = s.stimulus_id and r.kind = 'item' and "
    "r.left_out = 0 and r.fate in ('new', 'changed'))";

void takeHeadAndAttachments(Tx& tx, const Acceptance& a) {
  const Json& head = a.draft.bank_head;
  tx.exec("insert into bank(id, title_zh, title_en, roles, category, language, revision, enabled, imported_ms) "
          "values (:a, :b, :c, :d, :e, :f, 1, 1, :g) on conflict (id) do update set revision = bank.revision + 1, imported_ms = excluded.imported_ms",
          a.draft.bank_id, head.value("title_zh", ""), head.value("title_en", ""), head.value("roles", Json::array()).dump(),
          head.value("category", ""), head.value("language", "zh-CN"), a.now_ms);
  tx.exec("insert into media(name, content_type, size, base64, added_ms, added_by) select name, content_type, size, base64, :a, :b "
          "from import_media where import_id = :c on conflict do nothing", a.now_ms, a.author, a.draft.id);
  tx.exec("insert into stimulus(bank_id, stimulus_id, version, markup, text, author, made_ms, reason) "
          "select :a, stimulus_id, base_version + 1, markup, text, :b, :c, :d from import_stimulus s where import_id = :e and " + std::string(kMaterialTaken),
          a.draft.bank_id, a.author, a.now_ms, a.reason, a.draft.id);
}

/// Whose words a row holds: a mended one is its last mender's. Whoever else had a hand in it stands beside (noteHands).
std::string authorOf(const std::string& importer) { return "case when r.fixed_by = '' then " + importer + " else r.fixed_by end"; }

void takeNew(Tx& tx, const Acceptance& a) {
  const std::string mine = " from import_row r where r.import_id = :a and r.kind = 'item' and r.left_out = 0 and r.fate = 'new'";
  const auto first = tx.value<std::int64_t>("select coalesce(max(ord), -1) from bank_item where bank_id = :a", a.draft.bank_id).value_or(-1);
  const std::string state = "case when :c = 'released' and r.ready = 0 then 'draft' else :d end";
  tx.exec("insert into bank_item(uid, bank_id, item_id, ord, state, version, released_version, approved_version, type, topic, difficulty, level, "
          "title, excerpt, tags, search_text, search_edition, changed_ms, changed_by) select r.uid, :b, r.item_id, :e + r.place, " + state +
              ", 1, case when :f = 'released' then r.ready else 0 end, case when :g = 'released' then r.ready else 0 end, r.type, r.topic, "
              "r.difficulty, r.level, r.title, r.excerpt, r.tags, r.search_text, :h, :i, " + authorOf(":j") + mine,
          a.draft.id, a.draft.bank_id, a.state, a.state, first, a.state, a.state, kSearchEdition, a.now_ms, a.author);
  tx.exec("insert into item_version(item_uid, number, author, made_ms, reason, " + std::string(kContentColumns) +
              ") select r.uid, 1, " + authorOf(":b") + ", :c, :d, " + std::string(kContentColumns) + mine,
          a.draft.id, a.author, a.now_ms, a.reason);
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) select r.uid, 1, :b, :e, 'imported', "
          "'', " + state + ", 1, :f" + mine,
          a.draft.id, a.now_ms, a.state, a.state, a.actor, a.reason);
}

void takeChanged(Tx& tx, const Acceptance& a) {
  const std::string mine = " from import_row r join bank_item i on i.uid = r.uid where r.import_id = :a and r.kind = 'item' and r.left_out = 0 and r.fate = 'changed'";
  std::string columns = "r.";
  for (char c : std::string(kContentColumns)) columns += c == ' ' ? std::string(" r.") : std::string(1, c);
  tx.exec("insert into item_version(item_uid, number, author, made_ms, reason, " + std::string(kContentColumns) +
              ") select r.uid, r.base_version + 1, " + authorOf(":b") + ", :c, :d, " + columns + mine,
          a.draft.id, a.author, a.now_ms, a.reason);
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) select r.uid, "
          "(select max(e.place) + 1 from item_event e where e.item_uid = r.uid), :b, :c, case when i.state = 'retired' then 'revive' else 'imported' end, "
          "i.state, :d, r.base_version + 1, :e" + mine,
          a.draft.id, a.now_ms, a.actor, a.state, a.reason);
  const std::string changed = "in (select r.uid from import_row r where r.import_id = :a and r.kind = 'item' and r.left_out = 0 and r.fate = 'changed')";
  tx.exec("update bank_item set (state, version, type, topic, difficulty, level, title, excerpt, tags, search_text, search_edition, changed_ms, "
          "changed_by) = (select :b, r.base_version + 1, r.type, r.topic, r.difficulty, r.level, r.title, r.excerpt, r.tags, r.search_text, :c, :d, " + authorOf(":e") + " "
          "from import_row r where r.import_id = :f and r.uid = bank_item.uid and r.kind = 'item') where uid " + changed,
          a.draft.id, a.state, kSearchEdition, a.now_ms, a.author, a.draft.id);
  tx.exec("delete from item_tag where item_uid " + changed, a.draft.id);
}

void takeTags(Tx& tx, const Acceptance& a) {
  tx.exec("insert into item_tag(item_uid, tag) select r.uid, t.tag from import_tag t join import_row r on r.import_id = t.import_id and "
          "r.place = t.place where t.import_id = :a and r.kind = 'item' and r.left_out = 0 and r.fate in ('new', 'changed')", a.draft.id);
}

constexpr const char* kImportHands = "select account_id from import_hand where import_id = :a union select made_by from import_draft where id = :b";

/// Nobody releases what they brought, read in another way or mended, whoever is its author.
void noteHands(Tx& tx, const Acceptance& a) {
  const std::string taken = " from import_row r join bank_item i on i.uid = r.uid join item_version v on v.item_uid = i.uid and v.number = i.version ";
  const std::string which = " and r.kind = 'item' and r.left_out = 0 and r.fate in ('new', 'changed') and v.author <> h.account_id on conflict do nothing";
  const std::string insert = "insert into version_hand(item_uid, number, account_id) select r.uid, i.version, h.account_id";
  tx.exec(insert + taken + "join (" + kImportHands + ") h on true where r.import_id = :c" + which, a.draft.id, a.draft.id, a.draft.id);
  tx.exec(insert + taken + "join import_row_hand h on h.import_id = r.import_id and h.place = r.place where r.import_id = :a" + which, a.draft.id);
}

/// What acceptance changes beside the rows, on behalf of the row at `place` or (0) of the whole draft.
Change changeFor(Tx& tx, const Acceptance& a, const std::string& author, std::int64_t place, const std::string& reason) {
  Change change{author, reason, fromMillis(a.now_ms)};
  for (auto& [hand] : tx.all<std::string>(std::string(kImportHands) + " union select account_id from import_row_hand where import_id = :c and place = :d",
                                          a.draft.id, a.draft.id, a.draft.id, place))
    if (hand != author) change.hands.push_back(std::move(hand));
  return change;
}

/// Items of the bank that the draft does not take in get the other end of what the taken rows name as their enemies.
Status tellEnemies(Tx& tx, const Acceptance& a) {
  const std::string taken = " from import_row where import_id = :a and kind = 'item' and left_out = 0";
  std::set<std::string> ids;
  for (auto& [id] : tx.all<std::string>("select item_id" + taken, a.draft.id)) ids.insert(std::move(id));
  for (auto& [place, id, listed, mender] : tx.all<std::int64_t, std::string, std::string, std::string>(
           "select place, item_id, enemies, fixed_by" + taken + " and fate in ('new', 'changed') and enemies <> '[]'", a.draft.id)) {
    ItemRow row;
    row.bank_id = a.draft.bank_id;
    row.item_id = std::move(id);
    auto others = Json::parse(listed).get<std::vector<std::string>>();
    std::erase_if(others, [&](const std::string& enemy) { return ids.contains(enemy); });
    INVIGIL_CHECK(mirrorEnemies(tx, row, {}, others, changeFor(tx, a, mender.empty() ? a.author : mender, place, "")));
  }
  return {};
}

/// Items of the bank that the draft does not take in stand with the new case material in a version that is to be reviewed.
Status tellCases(Tx& tx, const Acceptance& a) {
  for (auto& [id] : tx.all<std::string>("select stimulus_id from import_stimulus s where import_id = :a and " + std::string(kMaterialTaken) + " order by 1", a.draft.id))
    INVIGIL_CHECK(followStimulus(tx, a.draft.bank_id, id, changeFor(tx, a, a.author, 0, a.reason)));
  return {};
}

void retireMissing(Tx& tx, const Acceptance& a) {
  const std::string mine = " from import_row r join bank_item i on i.uid = r.uid where r.import_id = :a and r.kind = 'missing' and r.left_out = 0 and i.state <> 'retired'";
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) select r.uid, "
          "(select max(e.place) + 1 from item_event e where e.item_uid = r.uid), :b, :c, 'retire', i.state, 'retired', i.version, :d" + mine,
          a.draft.id, a.now_ms, a.actor, bank::clipped("不在导入的文件里 / not in the imported file：" + a.reason, kReasonMax));
  tx.exec("update bank_item set state = 'retired', released_version = 0, changed_ms = :a, changed_by = :b where state <> 'retired' and uid in "
          "(select r.uid from import_row r where r.import_id = :c and r.kind = 'missing' and r.left_out = 0)",
          a.now_ms, a.actor, a.draft.id);
}

/// After the commit: what was staged is in the bank now. Findings stay for the report.
Status sweepAccepted(App& app, const std::string& id) {
  removeImportFile(app, id);
  for (;;) {
    INVIGIL_TRY(gone, app.store->writeNow<std::int64_t>([&](Tx& tx) -> Result<std::int64_t> {
      return tx.exec("delete from import_row where import_id = :a and place in (select place from import_row where import_id = :b and "
                     "kind in ('item', 'missing') and findings = '[]' order by place limit 500)", id, id);
    }));
    if (gone == 0) break;
  }
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    clearImport(tx, id, false);
    return {};
  });
}

}  // namespace

Result<Json> acceptImportWork(App& app, JobRun& run) {
  INVIGIL_TRY(done, app.store->writeNow<bool>([&](Tx& tx) -> Result<bool> {
    INVIGIL_TRY(draft, importById(tx, run.subject));
    if (draft.state != "accepting") return false;  // done before a crash
    INVIGIL_CHECK(checkFresh(tx, draft));
    const Instant now = app.clock->now();
    Acceptance a{draft, draft.accept.at("state"), draft.accept.value("reason", ""), draft.made_by, run.made_by,
                 draft.accept.at("missing") == "retire", toMillis(now)};
    if (a.reason.empty()) a.reason = "导入 / import: " + draft.file_name;
    takeHeadAndAttachments(tx, a);
    takeNew(tx, a);
    takeChanged(tx, a);
    takeTags(tx, a);
    noteHands(tx, a);
    INVIGIL_CHECK(tellEnemies(tx, a));
    if (a.retire_missing) retireMissing(tx, a);
    INVIGIL_CHECK(tellCases(tx, a));
    poolChanged(tx);
    draft.state = "accepted";
    draft.error = nullptr;
    draft.job_id.clear();
    saveImport(tx, draft);
    audit(tx, now, run.made_by, "import_accepted", draft.id, draft.bank_id + " " + a.state + " " + draft.counts.dump());
    tx.exec("update job set total = :a where id = :b", draft.counts["imported"].get<std::int64_t>(), run.id);
    completeJob(tx, run.id, nullptr, now);
    return true;
  }));
  (void)done;
  INVIGIL_CHECK(sweepAccepted(app, run.subject));
  return Json(nullptr);
}

}  // namespace invigil::server
