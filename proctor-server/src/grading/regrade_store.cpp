// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "banking/item_record.hpp"
#include "certification/certificates.hpp"
#include "grading/regrade.hpp"

namespace invigil::server {
namespace {

bool shows(const Json& paper, const Correction& correction) {
  return std::any_of(paper.begin(), paper.end(), [&](const Json& place) {
    const auto version = place.value<std::int64_t>("version", 0);
    return place.value("uid", "") == correction.item_uid &&
           std::find(correction.versions.begin(), correction.versions.end(), version) != correction.versions.end();
  });
}

Result<RegradeChange> changeOf(Tx& tx, const std::string& sitting_id, const Json& paper, const std::vector<Correction>& corrections) {
  auto row = tx.one<std::string, std::int64_t, std::int64_t, std::int64_t>(
      "select blueprint, points_x100, points_max_x100, passed from sitting where id = :a", sitting_id);
  if (!row) return fail(ErrorCode::Internal, "internal", "A grading without its sitting.");
  const auto& [text, points, points_max, passed] = *row;
  INVIGIL_TRY(blueprint, bank::parseBlueprint(text));
  RegradeChange change;
  change.sitting_id = sitting_id;
  change.certificate_before = certificateInForce(tx, sitting_id);
  change.base_version = tx.value<std::int64_t>("select max(version) from grading where sitting_id = :a", sitting_id).value_or(0);
  change.before.points = bank::Points(points);
  change.before.points_max = bank::Points(points_max);
  change.before.passed = passed != 0;
  change.after = gradePaper(paper, blueprint, responsesOf(tx, sitting_id), corrections);
  change.differs = change.before.points != change.after.points || change.before.points_max != change.after.points_max ||
                   change.before.passed != change.after.passed;
  return change;
}

/// Whether a later version has the fault of `wrong`: for a new key, whatever else was edited in it; for the others, where it asks
/// the very same, for it may be the item mended.
bool wrongAsWell(const Correction& correction, const bank::Item& wrong, const bank::Item& later) {
  if (later.type != wrong.type || later.options != wrong.options) return false;
  if (correction.how != Correction::How::NewKey) return later.stem == wrong.stem && later.key == wrong.key && later.answers == wrong.answers;
  return bank::hasOptions(later.type) ? later.key != correction.key : later.answers != correction.answers;
}

}  // namespace

Result<bool> joinLaterVersions(Tx& tx, RegradeRow& row) {
  if (!row.every_version) return false;
  auto& versions = row.correction.versions;
  INVIGIL_TRY(item, itemByUid(tx, row.correction.item_uid));
  INVIGIL_TRY(wrong, versionOf(tx, item, versions.back()));
  const std::size_t before = versions.size();
  for (std::int64_t number = wrong.number + 1; number <= item.version; ++number) {
    INVIGIL_TRY(later, versionOf(tx, item, number));
    if (later.released && wrongAsWell(row.correction, wrong.item, later.item)) versions.push_back(number);
  }
  if (versions.size() == before) return false;
  tx.exec("update regrade set versions = :a, covered = 0, expected = -1 where id = :b", Json(versions).dump(), row.id);
  return true;
}

Result<RegradeRow> regradeById(Tx& tx, const std::string& id) {
  auto found = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::string,
                      std::optional<std::int64_t>, std::int64_t, std::int64_t, std::int64_t>(
      "select item_uid, versions, how, answer_key, reason, state, proposed_by, proposed_ms, applied_by, applied_ms, covered, expected, every_version "
      "from regrade where id = :a", id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_regrade", "", "id");
  RegradeRow row;
  row.id = id;
  std::string versions, key;
  std::int64_t every_version = 0;
  std::tie(row.correction.item_uid, versions, row.how, key, row.reason, row.state, row.proposed_by, row.proposed_ms, row.applied_by,
           row.applied_ms, row.covered, row.expected, every_version) = *found;
  row.every_version = every_version != 0;
  row.correction.versions = Json::parse(versions).get<std::vector<std::int64_t>>();
  row.correction.how = howFromText(row.how);
  readCorrectedKey(row.correction, key);
  auto counts = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t, std::string>(
      "select sittings, changed, up, down, now_passed, now_failed, job_id, seen, error from regrade where id = :a", id);
  std::tie(row.sittings, row.changed, row.up, row.down, row.now_passed, row.now_failed, row.job_id, row.seen, row.error) = *counts;
  return row;
}

void setRegradeState(Tx& tx, const std::string& id, const std::string& state, const Json& error) {
  tx.exec("update regrade set state = :a, error = :b, seen = seen + 1 where id = :c", state, error.dump(), id);
  tx.notify("regrade:" + id);
}

Result<std::vector<RegradeChange>> lookFurther(Tx& tx, RegradeRow& row, int gradings_max) {
  std::vector<Correction> corrections = appliedCorrections(tx);
  corrections.push_back(row.correction);
  std::vector<RegradeChange> changes;
  // The word is looked for in the text first: most papers do not show the item, and parsing them all would take minutes.
  const std::string sign = "%\"uid\":\"" + row.correction.item_uid + "\"%";
  std::int64_t last = row.covered;
  std::vector<std::string> sittings;
  for (auto& [place, sitting_id] : tx.all<std::int64_t, std::string>(
           "select place, sitting_id from grading where place > :a order by place limit " + std::to_string(gradings_max), row.covered)) {
    last = place;
    sittings.push_back(sitting_id);
  }
  for (const std::string& id : sittings) {
    auto text = tx.value<std::string>("select paper from sitting where id = :a and paper like :b", id, sign);
    if (!text) continue;
    const Json paper = Json::parse(*text);
    if (!shows(paper, row.correction)) continue;
    INVIGIL_TRY(change, changeOf(tx, id, paper, corrections));
    changes.push_back(std::move(change));
  }
  row.covered = last;
  return changes;
}

void storeChanges(Tx& tx, const RegradeRow& row, const std::vector<RegradeChange>& changes) {
  for (const RegradeChange& one : changes) {
    tx.exec("delete from regrade_change where regrade_id = :a and sitting_id = :b", row.id, one.sitting_id);
    tx.exec("insert into regrade_change(regrade_id, sitting_id, differs, base_version, points_before, points_after, max_after, passed_before, "
            "passed_after, topics_after, certificate_before, certificate_after) values (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, '')",
            row.id, one.sitting_id, one.differs ? 1 : 0, one.base_version, one.before.points.hundredths(), one.after.points.hundredths(),
            one.after.points_max.hundredths(), one.before.passed ? 1 : 0, one.after.passed ? 1 : 0, one.after.topics.dump(), one.certificate_before);
  }
  tx.exec("update regrade set covered = :a where id = :b", row.covered, row.id);
}

}  // namespace invigil::server
