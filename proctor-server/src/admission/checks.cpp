// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "admission/admissions.hpp"

// The record of the face check: one row for each try, and the engines that kiosks say they use.
namespace invigil::server {
namespace {

/// What the administrator may know about one admission: everything but pictures.
Result<Reply> record(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(reservationById(tx, call.id).map([](auto&&) {}));
  const auto id = tx.value<std::string>("select id from admission where reservation_id = :a", call.id);
  if (!id) return fail(ErrorCode::NotFound, "no_such_admission", "", "id");
  INVIGIL_TRY(row, admissionById(tx, *id));
  audit(tx, call.now, call.caller.account_id, "admission_record_seen", row.id);
  return Reply{{{"admission_id", row.id}, {"state", row.state}, {"why", row.why}, {"consent", row.consent},
                {"admitted_by", row.admitted_by}, {"tries", row.tries}, {"created_ms", row.created_ms},
                {"decided_ms", millis(row.decided_ms)}, {"compared", comparedJson(row)}, {"card", row.card_name}, {"checks", checksJson(tx, row.id)}}};
}

/// What the kiosk uses to see. Told once at its start; only the newest word is kept, each try of a face check copies it.
Result<Reply> engine(App&, Tx& tx, const Call& call) {
  tx.exec("update kiosk set engine = :a, engine_ms = :b where id = :c", call.body.dump(), toMillis(call.now), call.caller.kiosk_id);
  return Reply{{{"ok", true}}};
}

}  // namespace

void addCheck(Tx& tx, const AdmissionRow& row, const std::string& decision, const std::string& finding,
              std::optional<double> similarity, const Json& layers, Instant now) {
  // More than the number of tries where an invigilator gave one back.
  const auto n = tx.value<std::int64_t>("select coalesce(max(n), 0) + 1 from admission_check where admission_id = :a", row.id);
  tx.exec("insert into admission_check(admission_id, n, at_ms, decision, finding, similarity, layers) values (:a, :b, :c, :d, :e, :f, :g)",
          row.id, std::max(row.tries, n.value_or(1)), toMillis(now), decision, finding, similarity, layers.is_null() ? std::string() : layers.dump());
}

Json checksJson(Tx& tx, const std::string& admission_id) {
  Json checks = Json::array();
  for (const auto& [n, at, decision, finding, similarity, layers] :
       tx.all<std::int64_t, std::int64_t, std::string, std::string, std::optional<double>, std::string>(
           "select n, at_ms, decision, finding, similarity, layers from admission_check where admission_id = :a order by n", admission_id))
    checks.push_back({{"n", n}, {"at_ms", at}, {"decision", decision}, {"finding", finding},
                      {"similarity", similarity ? Json(*similarity) : Json(nullptr)},
                      {"layers", layers.empty() ? Json(nullptr) : Json::parse(layers)}});
  return checks;
}

Json kioskEngine(Tx& tx, const std::string& kiosk_id) {
  const std::string told = tx.value<std::string>("select engine from kiosk where id = :a", kiosk_id).value_or("");
  return told.empty() ? Json(nullptr) : Json::parse(told);
}

Routes admissionRecordRoutes() {
  return {writeRoute(Verb::Get, "/api/v1/admin/reservations/{id}/admission", Scope::Administrator, record),
          writeRoute(Verb::Post, "/api/v1/kiosk/engine", Scope::Kiosk, engine)};
}

}  // namespace invigil::server
