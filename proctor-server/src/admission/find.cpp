// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "admission/admissions.hpp"
#include "papers/blueprints.hpp"
#include "registration/identity.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

Json foundJson(const std::string& outcome) {
  return {{"outcome", outcome}, {"admission_id", ""}, {"name_masked", ""}, {"title", wording("", "")},
          {"site_name", wording("", "")}, {"room", ""}, {"seat_label", ""}, {"start_ms", 0}, {"entry_from_ms", 0},
          {"entry_until_ms", 0}, {"choices", Json::array()}};
}

/// One name as two registers may write it: without blanks, dots and commas, in one letter case.
std::string plainName(std::string name) {
  for (const std::string_view sign : {" ", ".", ",", "'", "-", "\u00B7", "\u2022", "\u30FB", "\uFF0E", "\u3000", "\uFF0C"})
    for (auto at = name.find(sign); at != std::string::npos; at = name.find(sign, at)) name.erase(at, sign.size());
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

/// Keeps whether the ID card that was read bears the booking's name. Whoever types afterwards does not undo it.
void noteCard(Tx& tx, const Call& call, const std::string& admission_id, const std::string& candidate_id) {
  if (!call.body.contains("card_names")) return;
  const std::string booked = plainName(tx.value<std::string>("select name from candidate where id = :a", candidate_id).value_or(""));
  const Json& names = call.body["card_names"];
  const bool same = std::any_of(names.begin(), names.end(), [&](const Json& name) { return plainName(name.get<std::string>()) == booked; });
  tx.exec("update admission set card = :a where id = :b", same ? "same" : "differs", admission_id);
}

/// Whoever stood at the kiosk in time is in time, though the kiosk was started anew or the person went out of the queue.
bool cameInTime(Tx& tx, const ReservationRow& row, const Json& booking) {
  const auto came = tx.value<std::int64_t>("select created_ms from admission where reservation_id = :a and state <> 'refused'", row.id);
  return came && *came <= booking.at("entry_until_ms").get<std::int64_t>();
}

/// Where this reservation has to go, seen from the calling kiosk.
Result<Reply> directions(App& app, Tx& tx, const Call& call, const ReservationRow& row) {
  INVIGIL_TRY(booking, reservationJson(app, tx, row, ""));
  Json found = foundJson("ready");
  for (const char* member : {"name_masked", "title", "site_name", "room", "seat_label", "start_ms", "entry_from_ms", "entry_until_ms"})
    found[member] = booking.at(member);
  const std::int64_t now = toMillis(call.now);
  const bool started = row.state == "sitting";
  if (!started && now < booking.at("entry_from_ms").get<std::int64_t>()) found["outcome"] = "early";
  else if (row.state == "booked" && now > booking.at("entry_until_ms").get<std::int64_t>() && !cameInTime(tx, row, booking)) found["outcome"] = "late";
  else if (row.seat_id != call.caller.seat_id) found["outcome"] = "wrong_seat";
  if (found["outcome"] != "ready") return Reply{found};
  INVIGIL_TRY(admission, openAdmission(tx, row, call.now));
  found["admission_id"] = admission.id;
  noteCard(tx, call, admission.id, row.candidate_id);
  audit(tx, call.now, call.caller.kiosk_id, "admission_opened", admission.id);
  return Reply{found};
}

std::string plainCode(const std::string& typed) {
  std::string code;
  for (char c : typed)
    if (std::isalnum(static_cast<unsigned char>(c))) code += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code;
}

Result<Reply> find(App& app, Tx& tx, const Call& call) {
  if (!app.limits.allow("find/" + call.caller.kiosk_id, 60, milliseconds(600000), call.now))
    return fail(ErrorCode::TooMany, "too_many_requests");
  std::optional<std::string> id;
  if (call.text("kind") == "code") {
    id = tx.value<std::string>("select id from reservation where code = :a and state in ('booked', 'admitted', 'sitting')",
                               plainCode(call.body.value("code", "")));
  } else {
    INVIGIL_TRY(number, normaliseIdNumber(call.body.value("id_type", ""), call.body.value("id_number", "")));
    // The booking that is nearest in time; one at this seat first.
    id = tx.value<std::string>(
        "select reservation.id from reservation join candidate on candidate.id = reservation.candidate_id "
        "where candidate.id_type = :a and candidate.id_number = :b and reservation.state in ('booked', 'admitted', 'sitting') "
        "order by case when seat_id = :c then 0 else 1 end, start_ms",
        call.body.value("id_type", ""), number, call.caller.seat_id);
  }
  if (!id) return Reply{foundJson("none")};
  INVIGIL_TRY(row, reservationById(tx, *id));
  return directions(app, tx, call, row);
}

Result<Reply> walkIn(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(site, siteById(tx, call.caller.site_id));
  if (!site.policy.at("walk_in").get<bool>()) return fail(ErrorCode::Conflict, "walk_in_closed");
  INVIGIL_TRY(number, normaliseIdNumber(call.text("id_type"), call.text("id_number")));
  if (!app.limits.allow("walkin/" + call.caller.kiosk_id, 20, milliseconds(600000), call.now) ||
      !app.limits.allow("walkin/" + sha256Hex(number), 5, milliseconds(600000), call.now))
    return fail(ErrorCode::TooMany, "too_many_requests");
  auto person = tx.one<std::string, std::string, std::string>(
      "select id, phone, name from candidate where id_type = :a and id_number = :b", call.text("id_type"), number);
  const std::string last4 = call.text("phone_last4");
  if (!person || last4.size() != 4 || !std::get<1>(*person).ends_with(last4))
    return fail(ErrorCode::NotFound, "walk_in_no_match");
  const std::string candidate_id = std::get<0>(*person);
  if (auto open = tx.value<std::string>(
          "select id from reservation where candidate_id = :a and state in ('booked', 'admitted', 'sitting') order by start_ms",
          candidate_id)) {
    INVIGIL_TRY(row, reservationById(tx, *open));
    return directions(app, tx, call, row);
  }
  std::vector<EligibilityRow> open;
  const std::string wanted = call.body.value("eligibility_id", "");
  for (EligibilityRow& row : eligibilitiesOf(tx, candidate_id))
    if (mayBook(row, call.now) && (wanted.empty() || row.id == wanted)) open.push_back(row);
  if (open.empty()) return fail(ErrorCode::NotFound, "walk_in_no_match");
  if (open.size() > 1) {
    Json found = foundJson("choose");
    found["name_masked"] = maskName(std::get<2>(*person));
    for (const EligibilityRow& row : open) {
      INVIGIL_TRY(blueprint, blueprintById(tx, row.blueprint_id));
      found["choices"].push_back({{"eligibility_id", row.id}, {"title", wording(blueprint.title.zh, blueprint.title.en)},
                                  {"is_makeup", row.attempts_used > 0}});
    }
    return Reply{found};
  }
  INVIGIL_TRY(taken, takeSeat(app, tx, call, candidate_id, open.front().id, call.caller.site_id, call.caller.seat_id,
                              toMillis(call.now), true));
  return directions(app, tx, call, taken.row);
}

}  // namespace

Routes findRoutes() {
  return {writeRoute(Verb::Post, "/api/v1/kiosk/find", Scope::Kiosk, find),
          writeRoute(Verb::Post, "/api/v1/kiosk/walkin", Scope::Kiosk, walkIn)};
}

}  // namespace invigil::server
