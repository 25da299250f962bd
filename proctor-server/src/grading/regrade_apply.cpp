// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/items.hpp"
#include "certification/certificates.hpp"
#include "grading/regrade.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {
namespace {

/// The old certificate is withdrawn before the new one is signed: only one may be in force.
Status renewCertificate(App& app, Tx& tx, const RegradeRow& row, const std::string& sitting_id, Instant now) {
  INVIGIL_TRY(sitting, sittingById(tx, sitting_id));
  const std::string old = certificateInForce(tx, sitting_id);
  if (!old.empty()) withdrawCertificate(tx, old, row.reason, now);
  if (!sitting.passed) return {};
  if (certificateExpiry(tx, sitting, old) <= now) return {};  // it would be over before it is read
  INVIGIL_TRY(blueprint, bank::parseBlueprint(sitting.blueprint));
  INVIGIL_TRY(number, issueCertificate(app, tx, sitting, blueprint, now, old));
  if (!old.empty()) noteReplacement(tx, old, number);
  tx.exec("update regrade_change set certificate_after = :a where regrade_id = :b and sitting_id = :c", number, row.id, sitting_id);
  return {};
}

/// Who has passed needs no further attempt; who no longer has may use what attempts are left.
void refreshEligibilities(Tx& tx, const std::string& regrade_id) {
  tx.exec("update eligibility set passed = (select coalesce(max(s.passed), 0) from sitting s where s.eligibility_id = eligibility.id and "
          "s.finished_ms is not null) where id in (select s.eligibility_id from regrade_change c join sitting s on s.id = c.sitting_id "
          "where c.regrade_id = :a and c.differs = 1)", regrade_id);
}

Status regradeSitting(App& app, Tx& tx, const RegradeRow& row, const std::string& sitting_id, Instant now) {
  auto change = tx.one<std::int64_t, std::int64_t, std::int64_t, std::string>(
      "select points_after, max_after, passed_after, topics_after from regrade_change where regrade_id = :a and sitting_id = :b", row.id, sitting_id);
  const auto& [points, points_max, passed, topics] = *change;
  storeGrade(tx, sitting_id, {bank::Points(points), bank::Points(points_max), passed != 0, Json::parse(topics)}, row.id, now);
  return renewCertificate(app, tx, row, sitting_id, now);
}

/// The item itself. With another key it gets its next version, made by who proposed it and released by who applies it;
/// where a newer draft waits, that draft gets the key and goes its own way to release. An item that has no right key at
/// all is drawn no more.
Status correctItem(Tx& tx, const RegradeRow& row, Instant now) {
  INVIGIL_TRY(item, itemByUid(tx, row.correction.item_uid));
  if (item.state == "retired") return {};
  if (row.correction.how != Correction::How::NewKey) {
    if (item.released_version == 0 || item.state == "suspended") return {};
    return makeMove(tx, item, *moveRule("suspend"), row.applied_by, row.reason, now);
  }
  INVIGIL_TRY(wrong, versionOf(tx, item, row.correction.versions.back()));
  INVIGIL_TRY(newest, versionOf(tx, item, item.version));
  const bool typed = !bank::hasOptions(wrong.item.type);
  if (newest.item.type != wrong.item.type || newest.item.options != wrong.item.options) return {};
  if (typed ? newest.item.answers == row.correction.answers : newest.item.key == row.correction.key) return {};
  const bool in_use = item.state == "released" && item.released_version == item.version;
  bank::Item mended = newest.item;
  mended.key = row.correction.key;
  if (typed) mended.answers = row.correction.answers;
  // Only the key is another: text that nobody has looked at is not released with it.
  Change change{row.proposed_by, row.reason, now};
  change.material = newest.stimulus_version;
  INVIGIL_CHECK(editItem(tx, item, item.version, std::move(mended), change));
  if (!in_use) return {};
  INVIGIL_TRY(version, versionOf(tx, item, item.version));
  if (!releaseProblems(tx, item, version).empty()) return {};
  INVIGIL_CHECK(makeMove(tx, item, *moveRule("submit"), row.proposed_by, row.reason, now));
  return makeMove(tx, item, *moveRule("release"), row.applied_by, row.reason, now);
}

}  // namespace

Status applyRegrade(App& app, Tx& tx, const RegradeRow& row, Instant now) {
  for (auto& [sitting_id] : tx.all<std::string>("select sitting_id from regrade_change where regrade_id = :a and differs = 1 order by sitting_id", row.id))
    INVIGIL_CHECK(regradeSitting(app, tx, row, sitting_id, now));
  refreshEligibilities(tx, row.id);
  INVIGIL_CHECK(correctItem(tx, row, now));
  const auto place = tx.value<std::int64_t>("select coalesce(max(applied_place), 0) + 1 from regrade");
  tx.exec("update regrade set applied_ms = :a, applied_place = :b where id = :c", toMillis(now), place.value_or(1), row.id);
  setRegradeState(tx, row.id, "applied");
  audit(tx, now, row.applied_by, "regrade_applied", row.id, std::to_string(row.changed) + " results");
  return {};
}

}  // namespace invigil::server
