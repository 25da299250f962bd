// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "admission/admissions.hpp"
#include "papers/blueprints.hpp"
#include "registration/identity.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kDecidedShown{15 * 60 * 1000};
constexpr std::int64_t kCasesMax = 200;  ///< of one answer; nobody reads more, and whoever is decided makes room for the next

/// ReviewCase.state of openapi.yaml.
const char* stateOf(const AdmissionRow& row) {
  if (row.state == "waiting") return "waiting";
  if (row.state == "refused") return row.why == "closed" || row.why == "nobody_came" ? "left" : "refused";
  if (row.state == "face") return "again";
  return row.state == "new" ? "left" : "admitted";
}

Result<Json> caseJson(Tx& tx, const AdmissionRow& row) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(seat, seatById(tx, row.seat_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, reservation.eligibility_id));
  INVIGIL_TRY(blueprint, blueprintById(tx, eligibility.blueprint_id));
  auto person = tx.one<std::string, std::string>("select name, id_number from candidate where id = :a", reservation.candidate_id);
  return Json{{"admission_id", row.id}, {"name", std::get<0>(*person)}, {"id_masked", maskId(std::get<1>(*person))},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"site_name", wording(site.name_zh, site.name_en)},
              {"room", seat.room}, {"seat_label", seat.label}, {"why", row.why},
              {"similarity", row.similarity ? Json(*row.similarity) : Json(nullptr)}, {"admit_min", site.policy.at("admit_min")},
              {"refuse_below", site.policy.at("refuse_below")}, {"tries", row.tries},
              {"consent", row.consent == "given" ? "given" : "declined"}, {"references", photosOf(tx, reservation.candidate_id)},
              {"compared", comparedJson(row)}, {"card", row.card_name},
              {"has_capture", row.has_capture}, {"waiting_since_ms", row.waiting_since_ms.value_or(row.created_ms)},
              {"state", stateOf(row)}, {"checks", checksJson(tx, row.id)}};
}

/// A number that differs whenever the queue looks different.
std::int64_t queueVersion(Tx& tx, std::int64_t since) {
  return tx.value<std::int64_t>(
               "select coalesce(max(case when coalesce(decided_ms, 0) > waiting_since_ms then decided_ms else waiting_since_ms end), 0) + "
               "coalesce(sum(case when state = 'waiting' then 1 else 0 end), 0) + "
               "coalesce(sum(case when capture = '' then 0 else 1 end), 0) from admission "
               "where waiting_since_ms is not null and (state = 'waiting' or decided_ms > :a)",
               since)
      .value_or(0);
}

Result<Reply> queue(App&, Tx& tx, const Call& call) {
  const std::int64_t since = toMillis(call.now - kDecidedShown);
  const std::string queued = " from admission where waiting_since_ms is not null and (state = 'waiting' or decided_ms > :a)";
  Json cases = Json::array();
  for (auto& [id] : tx.all<std::string>(
           "select id" + queued + " order by case when state = 'waiting' then 0 else 1 end, coalesce(queued_since_ms, waiting_since_ms), id limit :b",
           since, kCasesMax)) {
    INVIGIL_TRY(row, admissionById(tx, id));
    INVIGIL_TRY(one, caseJson(tx, row));
    cases.push_back(std::move(one));
  }
  const std::int64_t all = tx.value<std::int64_t>("select count(*)" + queued, since).value_or(0);
  const std::int64_t version = queueVersion(tx, since);
  Reply reply(Json{{"cases", cases}, {"more", all - static_cast<std::int64_t>(cases.size())}, {"version", version}, {"now_ms", toMillis(call.now)}});
  if (call.q("version") == std::to_string(version)) reply.wait_for = kReviewTopic;
  return reply;
}

/// Pictures may be seen while a case waits and a short while after, by the reviewer who has to answer for it.
Result<AdmissionRow> openCase(Tx& tx, const Call& call) {
  INVIGIL_TRY(row, admissionById(tx, call.id));
  const bool recent = row.decided_ms && *row.decided_ms > toMillis(call.now - kDecidedShown);
  if (!row.waiting_since_ms || (row.state != "waiting" && !recent)) return fail(ErrorCode::NotFound, "no_such_case", "", "id");
  return row;
}

Result<Reply> picture(Result<std::string> jpeg) {
  if (!jpeg) return fail(jpeg.error());
  Reply reply;
  reply.content_type = jpeg->starts_with("\x89PNG") ? "image/png" : "image/jpeg";
  reply.bytes = std::move(*jpeg);
  return reply;
}

Result<Reply> reference(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, openCase(tx, call));
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  audit(tx, call.now, call.caller.account_id, "reference_photo_seen", row.id);
  auto photos = referencePhotos(app, tx, reservation.candidate_id);
  const auto wanted = static_cast<std::size_t>(call.number("photo", 1, 1, kPhotosMax));
  if (photos.size() < wanted) return fail(ErrorCode::NotFound, "no_photo");
  return picture(std::move(photos[wanted - 1]));
}

Result<Reply> capture(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, openCase(tx, call));
  const auto sealed = tx.value<std::string>("select capture from admission where id = :a", row.id).value_or("");
  if (sealed.empty()) return fail(ErrorCode::NotFound, "no_photo");
  audit(tx, call.now, call.caller.account_id, "capture_seen", row.id);
  return picture(app.sealer->open(sealed));
}

/// The candidate has told the reviewer to take the consent back.
Result<Reply> withdraw(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, openCase(tx, call));
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_CHECK(withdrawFaceConsent(tx, reservation.candidate_id, "reviewer", call.caller.account_id, call.now));
  INVIGIL_TRY(changed, admissionById(tx, row.id));
  INVIGIL_TRY(json, caseJson(tx, changed));
  return Reply{json};
}

/// Back before the camera with the invigilator's words, for one try; what it shows comes back here where the machine is not sure.
Status askOnceMore(Tx& tx, const AdmissionRow& row, const Call& call) {
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  tx.exec("update admission set tries = :a where id = :b", std::min(row.tries, site.rule("face_tries_max") - 1), row.id);
  askForFace(tx, row.id, site, kAskedAgain, call.now);
  audit(tx, call.now, call.caller.account_id, "asked_again_by_reviewer", row.id);
  return {};
}

Result<Reply> decide(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, openCase(tx, call));
  // What was decided about an earlier visit is no word about this one.
  const bool same_visit = call.body.value("waiting_since_ms", row.waiting_since_ms.value_or(0)) == row.waiting_since_ms;
  if (row.state != "waiting" || !same_visit) return fail(ErrorCode::Conflict, "case_decided");
  const std::string decision = call.text("decision");
  const std::string zh = trim(call.body.at("reason").at("zh").get<std::string>()), en = trim(call.body.at("reason").at("en").get<std::string>());
  if (decision != "admit" && (zh.empty() || en.empty())) return fail(ErrorCode::InvalidInput, "reason_missing", "", "reason");
  if (decision == "again" && row.consent != "given") return fail(ErrorCode::Conflict, "again_needs_consent", "", "decision");
  tx.exec("update admission set reviewer = :a, reason = :b, reason_en = :c, decided_ms = :d where id = :e", call.caller.account_id, zh, en, toMillis(call.now), row.id);
  if (decision == "admit") {
    INVIGIL_CHECK(admit(tx, row, "reviewer", call.now, call.caller.account_id));
  } else if (decision == "again") {
    INVIGIL_CHECK(askOnceMore(tx, row, call));
  } else {
    setAdmissionState(tx, row.id, "refused", row.why);
    // The whole seat, from now on: the person may come back at once.
    releaseSeat(tx, row.reservation_id, "cancelled", 0);
    audit(tx, call.now, call.caller.account_id, "refused_by_reviewer", row.id);
  }
  INVIGIL_TRY(decided, admissionById(tx, row.id));
  INVIGIL_TRY(json, caseJson(tx, decided));
  return Reply{json};
}

}  // namespace

Routes reviewRoutes() {
  const std::string base = "/api/v1/review/cases/{id}";
  return {readRoute(Verb::Get, "/api/v1/review/queue", Scope::Reviewer, queue),
          writeRoute(Verb::Get, base + "/reference", Scope::Reviewer, reference),
          writeRoute(Verb::Get, base + "/capture", Scope::Reviewer, capture),
          writeRoute(Verb::Post, base + "/withdraw", Scope::Reviewer, withdraw),
          writeRoute(Verb::Post, base + "/decision", Scope::Reviewer, decide)};
}

}  // namespace invigil::server
