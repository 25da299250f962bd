// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "papers/blueprints.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/identity.hpp"

namespace invigil::server {
namespace {

const Json kNoTitle = wording("", "");

/// The newest incident that nobody has decided about, and how many there are.
void addIncidents(Tx& tx, const std::string& sitting_id, Json& seat) {
  const Json all = incidentsJson(tx, sitting_id);
  std::int64_t open = 0;
  for (const Json& incident : all)
    if (incident["decision"] == "" && incident["measure"] != "nothing") {
      ++open;
      seat["incident"] = incident;
    }
  seat["open_incidents"] = open;
}

/// Who sits or is on the way in at a seat, if anybody.
void addPerson(Tx& tx, const std::string& seat_id, std::int64_t now, Json& seat) {
  auto admission = tx.one<std::string, std::string, std::string, std::string, std::string>(
      "select admission.id, admission.state, candidate.name, eligibility.blueprint_id, coalesce(sitting.id, '') from admission "
      "join reservation on reservation.id = admission.reservation_id join candidate on candidate.id = reservation.candidate_id "
      "join eligibility on eligibility.id = reservation.eligibility_id left join sitting on sitting.admission_id = admission.id "
      "where admission.seat_id = :a and admission.state in ('new', 'face', 'waiting', 'admitted', 'sitting') and "
      "(admission.state = 'sitting' or reservation.end_ms > :b) "
      "order by admission.created_ms desc limit 1",
      seat_id, now);
  if (admission) {
    const auto& [id, state, name, blueprint_id, sitting_id] = *admission;
    seat["admission_id"] = id;
    seat["state"] = state == "new" || state == "face" ? "arriving" : state;
    seat["name_masked"] = maskName(name);
    if (auto blueprint = blueprintById(tx, blueprint_id)) seat["title"] = wording(blueprint->title.zh, blueprint->title.en);
    if (auto row = sitting_id.empty() ? fail(ErrorCode::NotFound, "no_such_sitting") : sittingById(tx, sitting_id)) {
      seat["sitting_id"] = sitting_id;
      seat["deadline_ms"] = row->deadline_ms;
      seat["items"] = row->shape.size() / 2;
      seat["answered"] = tx.value<std::int64_t>(R"(select count(*) from response where sitting_id = :a and chosen not in ('[]', '""'))", sitting_id).value_or(0);
      if (holdOf(tx, sitting_id).paused_since_ms) seat["state"] = "paused";
      addIncidents(tx, sitting_id, seat);
    }
    return;
  }
  auto next = tx.one<std::int64_t, std::string>(
      "select start_ms, candidate.name from reservation join candidate on candidate.id = reservation.candidate_id "
      "where seat_id = :a and state = 'booked' and end_ms > :b order by start_ms limit 1",
      seat_id, now);
  if (!next) return;
  seat["next_start_ms"] = std::get<0>(*next);
  if (std::get<0>(*next) - now > kSlot.count()) return;  // free for a walk-in until then
  seat["state"] = "booked";
  seat["name_masked"] = maskName(std::get<1>(*next));
}

Json boardSeat(Tx& tx, const SeatRow& row, Instant now) {
  Json seat{{"seat_id", row.id}, {"room", row.room}, {"seat_label", row.label}, {"kiosk_state", seatJson(tx, row, now)["kiosk_state"]},
            {"state", row.disabled ? "disabled" : "free"}, {"name_masked", ""}, {"title", kNoTitle}, {"answered", 0}, {"items", 0},
            {"deadline_ms", nullptr}, {"sitting_id", ""}, {"admission_id", ""}, {"incident", nullptr}, {"open_incidents", 0},
            {"next_start_ms", nullptr}};
  addPerson(tx, row.id, toMillis(now), seat);
  return seat;
}

/// Differs whenever the board does, but for the answers given: those would wake every board at every tap.
std::string versionOf(Json seats) {
  for (Json& seat : seats) seat["answered"] = 0;
  return sha256Hex(seats.dump()).substr(0, 32);
}

Result<Reply> board(App&, Tx& tx, const Call& call) {
  Json sites = Json::array(), seats = Json::array();
  const auto all = allSites(tx);
  for (const Site& site : all) sites.push_back({{"id", site.id}, {"name", wording(site.name_zh, site.name_en)}});
  std::string site_id = call.q("site"), zone = "UTC";
  if (site_id.empty() && !all.empty()) site_id = all.front().id;
  if (!site_id.empty()) {
    INVIGIL_TRY(site, siteById(tx, site_id));
    zone = site.zone.name();
    for (const SeatRow& row : seatsOf(tx, site_id)) seats.push_back(boardSeat(tx, row, call.now));
  }
  const std::string version = versionOf(seats);
  Reply reply(Json{{"sites", sites}, {"site_id", site_id}, {"time_zone", zone}, {"seats", seats}, {"version", version}, {"now_ms", toMillis(call.now)}});
  if (call.q("version") == version) reply.wait_for = kHallTopic;
  return reply;
}

}  // namespace

Json incidentsJson(Tx& tx, const std::string& sitting_id) {
  Json incidents = Json::array();
  for (auto& [id, kind, began, ended, measure, score, engine, decision, note, by, decided] :
       tx.all<std::string, std::string, std::int64_t, std::optional<std::int64_t>, std::string, double, std::string, std::string, std::string,
              std::string, std::optional<std::int64_t>>(
           "select incident.id, kind, began_ms, ended_ms, measure, score, engine, decision, note, coalesce(account.display, ''), decided_ms "
           "from incident left join account on account.id = decided_by where sitting_id = :a order by place",
           sitting_id)) {
    Json pictures = Json::array();
    for (auto& [picture, at] : tx.all<std::string, std::int64_t>("select id, at_ms from evidence where incident_id = :a order by place", id))
      pictures.push_back({{"id", picture}, {"at_ms", at}});
    incidents.push_back({{"id", id}, {"kind", kind}, {"began_ms", began}, {"ended_ms", millis(ended)}, {"measure", measure}, {"score", score},
                         {"engine", engine}, {"evidence", pictures}, {"decision", decision}, {"note", note}, {"decided_by", by},
                         {"decided_ms", millis(decided)}});
  }
  return incidents;
}

Routes hallBoardRoutes() { return {readRoute(Verb::Get, "/api/v1/hall/board", Scope::Reviewer, board)}; }

}  // namespace invigil::server
