// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "admission/admissions.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"
#include "grading/grading.hpp"
#include "papers/papers.hpp"
#include "reservation/reservations.hpp"
#include "sitting/sittings.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kWindow{10 * 60 * 1000};
constexpr int kManagePerAddress = 120;

Result<Reply> availability(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(site, siteById(tx, call.q("site")));
  if (site.disabled) return fail(ErrorCode::NotFound, "no_such_site");
  INVIGIL_TRY(body, availabilityJson(tx, site, call.q("day"), call.now));
  return Reply(std::move(body));
}

Result<Reply> reserve(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(made, takeSeat(app, tx, call, call.caller.candidate_id, call.text("eligibility_id"), call.text("site_id"),
                             "", call.body.at("start_ms").get<std::int64_t>(), false));
  INVIGIL_TRY(body, reservationJson(app, tx, made.row, made.manage_token));
  return Reply(std::move(body));
}

/// The reservation behind the secret link. Errors: TooMany too_many_tries; NotFound no_such_reservation.
Result<ReservationRow> managed(App& app, Tx& tx, const Call& call) {
  if (!app.limits.allow("manage:address:" + call.remote, kManagePerAddress, kWindow, call.now))
    return fail(ErrorCode::TooMany, "too_many_tries");
  const auto id =
      tx.value<std::string>("select id from reservation where manage_hash = :a", sha256Hex(call.text("token")));
  return reservationById(tx, id.value_or(""));
}

bool canChange(const Json& reservation, Instant now) {
  return reservation.at("state") == "booked" && toMillis(now) <= reservation.at("move_until_ms").get<std::int64_t>();
}

Result<Reply> view(App& app, Tx& tx, const Call& call, const ReservationRow& row) {
  INVIGIL_TRY(reservation, reservationJson(app, tx, row, call.text("token")));
  const bool can_change = canChange(reservation, call.now);
  return Reply(Json{
      {"reservation", std::move(reservation)}, {"can_change", can_change}, {"result", sittingResultFor(tx, row.id)},
      {"face_data", faceDataJson(tx, row.candidate_id)}});
}

Result<Reply> manageView(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, managed(app, tx, call));
  return view(app, tx, call, row);
}

Result<Reply> manageProof(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, managed(app, tx, call));
  INVIGIL_TRY(json, paperProofJson(tx, tx.value<std::string>("select id from sitting where reservation_id = :a", row.id).value_or("")));
  return Reply(std::move(json));
}

Result<Reply> manageMove(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, managed(app, tx, call));
  INVIGIL_TRY(moved, moveSeat(tx, row, call.text("site_id"), call.body.at("start_ms").get<std::int64_t>(), call.now));
  return view(app, tx, call, moved);
}

/// Errors: Conflict cannot_change (somebody was faster, or it is no longer booked).
Status cancelBooked(Tx& tx, const std::string& id, const std::string& actor, Instant now) {
  if (tx.exec("update reservation set state = 'cancelled' where id = :a and state = 'booked'", id) == 0)
    return fail(ErrorCode::Conflict, "cannot_change");
  releaseSeat(tx, id, "cancelled", 0);
  closeAdmission(tx, id, now);
  audit(tx, now, actor, "reservation.cancel", id);
  return {};
}

Result<Reply> manageCancel(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, managed(app, tx, call));
  INVIGIL_TRY(site, siteById(tx, row.site_id));
  if (row.state != "booked") return fail(ErrorCode::Conflict, "cannot_change");
  if (call.now > fromMillis(row.start_ms) - minutes{site.rule("move_before_minutes")})
    return fail(ErrorCode::Conflict, "too_late_to_change");
  INVIGIL_CHECK(cancelBooked(tx, row.id, "candidate:" + row.candidate_id, call.now));
  row.state = "cancelled";
  return view(app, tx, call, row);
}

/// The link is as good as a visit to the centre for taking a consent back: no reason is asked for.
Result<Reply> manageWithdraw(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, managed(app, tx, call));
  INVIGIL_CHECK(withdrawFaceConsent(tx, row.candidate_id, "manage", "candidate:" + row.candidate_id, call.now));
  return view(app, tx, call, row);
}

// --- administrator ---------------------------------------------------------------------------------------------------

constexpr const char* kListed =
    "select r.id, r.code, r.state, r.start_ms, seat.label, seat.room, r.site_id, candidate.name, e.blueprint_id, "
    "(select max(points_x100) from sitting where sitting.reservation_id = r.id) as points, "
    "(select id from sitting where sitting.reservation_id = r.id order by started_ms desc limit 1) as sitting_id "
    "from reservation r join seat on seat.id = r.seat_id join candidate on candidate.id = r.candidate_id "
    "join eligibility e on e.id = r.eligibility_id ";
constexpr const char* kFilter =
    "where (:a = '' or r.site_id = :b) and r.start_ms >= :c and r.start_ms < :d "
    "and (:e = '' or r.code = :f or candidate.name like :g escape '\\' or seat.label = :h)";

using Listed = std::tuple<std::string, std::string, std::string, std::int64_t, std::string, std::string, std::string,
                          std::string, std::string, std::optional<std::int64_t>, std::optional<std::string>>;

Json listedJson(Tx& tx, const Listed& row) {
  const auto& [id, code, state, start_ms, label, room, site_id, name, blueprint_id, points, sitting_id] = row;
  const auto site = siteById(tx, site_id);
  Json out{{"id", id},
          {"code", code},
          {"state", state},
          {"start_ms", start_ms},
          {"seat_label", label},
          {"room", room},
          {"site_id", site_id},
          {"site_name", site ? wording(site->name_zh, site->name_en) : wording(site_id, site_id)},
          {"name_masked", maskName(name)},
          {"title", examTitle(tx, blueprint_id)},
          {"points", points ? pointsJson(bank::Points(*points)) : Json(nullptr)}};
  if (sitting_id) out["sitting_id"] = *sitting_id;
  return out;
}

/// The instants of a local day at the site; without a site, in the zone of the first one: a list needs one zone.
Result<std::pair<Instant, Instant>> dayRange(Tx& tx, const std::string& site_id, const std::string& day) {
  if (day.empty()) return std::pair{fromMillis(0), fromMillis(std::int64_t{1} << 60)};
  const auto sites = allSites(tx);
  const auto site =
      std::find_if(sites.begin(), sites.end(), [&](const Site& s) { return site_id.empty() || s.id == site_id; });
  if (site == sites.end()) return fail(ErrorCode::NotFound, "no_such_site");
  return localDay(site->zone, day);
}

/// Asked with a body: names never reach a URL.
Result<Reply> searchReservations(App&, Tx& tx, const Call& call) {
  const std::string site = call.text("site"), q = trim(call.text("q"));
  INVIGIL_TRY(range, dayRange(tx, site, call.text("day")));
  std::string code = q;
  std::transform(code.begin(), code.end(), code.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  const auto limit = call.body.value("limit", std::int64_t{50}), offset = call.body.value("offset", std::int64_t{0});
  const auto from = toMillis(range.first), to = toMillis(range.second);
  const std::string pattern = store::containing(q);
  Json rows = Json::array();
  for (const auto& row : tx.all<std::string, std::string, std::string, std::int64_t, std::string, std::string,
                                std::string, std::string, std::string, std::optional<std::int64_t>, std::optional<std::string>>(
           std::string(kListed) + kFilter + " order by r.start_ms desc, r.id limit :i offset :j", site, site, from, to,
           q, code, pattern, q, limit, offset))
    rows.push_back(listedJson(tx, row));
  const auto total = tx.value<std::int64_t>(
      std::string("select count(*) from reservation r join seat on seat.id = r.seat_id join candidate on candidate.id = r.candidate_id ") + kFilter,
      site, site, from, to, q, code, pattern, q);
  return Reply(Json{{"reservations", rows}, {"total", total.value_or(0)}});
}

Result<Reply> cancelReservation(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(reservationById(tx, call.id));
  INVIGIL_CHECK(cancelBooked(tx, call.id, call.caller.account_id, call.now));
  const auto row =
      tx.one<std::string, std::string, std::string, std::int64_t, std::string, std::string, std::string, std::string,
             std::string, std::optional<std::int64_t>, std::optional<std::string>>(std::string(kListed) + "where r.id = :a", call.id);
  return Reply(listedJson(tx, *row));
}

}  // namespace

Routes reservationRoutes() {
  return {
      readRoute(Verb::Get, "/api/v1/booking/availability", Scope::Public, availability),
      writeRoute(Verb::Post, "/api/v1/booking/reservations", Scope::Booking, reserve),
      readRoute(Verb::Post, "/api/v1/manage/view", Scope::Public, manageView),
      readRoute(Verb::Post, "/api/v1/manage/proof", Scope::Public, manageProof),
      writeRoute(Verb::Post, "/api/v1/manage/move", Scope::Public, manageMove),
      writeRoute(Verb::Post, "/api/v1/manage/cancel", Scope::Public, manageCancel),
      writeRoute(Verb::Post, "/api/v1/manage/withdraw", Scope::Public, manageWithdraw),
      readRoute(Verb::Post, "/api/v1/admin/reservations/search", Scope::Administrator, searchReservations),
      writeRoute(Verb::Post, "/api/v1/admin/reservations/{id}/cancel", Scope::Administrator, cancelReservation),
  };
}

}  // namespace invigil::server
