// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "invigil/bank/blueprint.hpp"
#include "proctoring/recording.hpp"
#include "registration/identity.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kRowsMax = 100;
constexpr std::int64_t kHole = 3000;          ///< shorter ones are the camera's own
constexpr std::int64_t kOnItsWay = 120'000;   ///< a segment takes half a minute to fill, then has to travel

/// A stretch of the sitting that cannot be shown. `why`: not_recorded, on_its_way, missing, damaged.
Json gap(std::int64_t from, std::int64_t to, const char* why) { return {{"from_ms", from}, {"to_ms", to}, {"why", why}}; }

bool fileThere(const App& app, const std::string& sitting_id, const SegmentRow& row) {
  std::error_code error;
  const auto size = std::filesystem::file_size(segmentPath(app, sitting_id, row.number), error);
  return !error && static_cast<std::int64_t>(size) == row.bytes;
}

struct Story {
  Json segments = Json::array(), gaps = Json::array();
  std::int64_t covered_ms = 0, bytes = 0;
};

/// What there is between `from` and `to`, and what is not.
Story storyOf(const App& app, Tx& tx, const SittingRow& row, std::int64_t now, bool look_at_files) {
  Story story;
  const auto head = tx.one<std::optional<std::int64_t>, std::int64_t>("select last_number, made_ms from recording where sitting_id = :a", row.id);
  if (!head) return story;
  std::int64_t at = row.started_ms, number = 0;
  const std::int64_t end = row.finished_ms.value_or(now);
  const auto hole = [&](std::int64_t until, std::int64_t next_number) {
    if (until - at < kHole) return;
    // A number that was given out and is not here: it may still come from a kiosk without network.
    const bool travels = next_number > number + 1 && next_number <= kKioskNumberMax;
    story.gaps.push_back(gap(at, until, !travels ? "not_recorded" : now - until < kOnItsWay ? "on_its_way" : "missing"));
  };
  for (const SegmentRow& one : segmentsOf(tx, row.id)) {
    hole(one.began_ms, one.number);
    const bool there = !look_at_files || fileThere(app, row.id, one);
    story.segments.push_back({{"number", one.number}, {"began_ms", one.began_ms}, {"ended_ms", one.ended_ms}, {"frames", one.frames},
                              {"bytes", one.bytes}, {"state", !there ? "missing" : one.damaged ? "damaged" : "good"}});
    if (!there || one.damaged) story.gaps.push_back(gap(one.began_ms, one.ended_ms, there ? "damaged" : "missing"));
    else story.covered_ms += one.ended_ms - one.began_ms;
    story.bytes += one.bytes;
    at = std::max(at, one.ended_ms);
    if (one.number <= kKioskNumberMax) number = one.number;
  }
  const auto last = std::get<0>(*head);
  // Until the kiosk has said which segment is the last one, the end may still come.
  hole(end, last ? *last + 1 : number + 2);
  return story;
}

const char* stateOf(Tx& tx, const SittingRow& row, const Story& story) {
  if (!tx.value<std::int64_t>("select made_ms from recording where sitting_id = :a", row.id)) return "none";
  if (!row.finished_ms) return "running";
  return story.gaps.empty() ? "whole" : "gaps";
}

/// Why a sitting has no recording: no_consent, off, or not_begun (the kiosk has never asked for a key).
const char* whyNone(Tx& tx, const SittingRow& row) {
  const auto consent = tx.value<std::string>("select consent from admission where id = :a", row.admission_id);
  return consent != "given" ? "no_consent" : isRecorded(tx, row) ? "not_begun" : "off";
}

Result<Json> headJson(Tx& tx, const SittingRow& row) {
  INVIGIL_TRY(admission, admissionById(tx, row.admission_id));
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(seat, seatById(tx, admission.seat_id));
  INVIGIL_TRY(blueprint, bank::parseBlueprint(row.blueprint));
  const auto name = tx.value<std::string>("select name from candidate where id = :a", row.candidate_id).value_or("");
  return Json{{"sitting_id", row.id}, {"name_masked", maskName(name)}, {"title", wording(blueprint.title.zh, blueprint.title.en)},
              {"site_name", wording(site.name_zh, site.name_en)}, {"time_zone", site.zone.name()}, {"room", seat.room},
              {"seat_label", seat.label}, {"started_ms", row.started_ms}, {"finished_ms", millis(row.finished_ms)},
              {"kept_until_ms", keptUntil(row)}};
}

constexpr const char* kUndecided = "decision = '' and measure <> 'nothing'";

/// Whatever a person may have to look at: all that is recorded, and once it is over also what has only pictures or undecided
/// incidents. While it runs the board has it.
std::vector<std::string> listed(Tx& tx, std::int64_t before, bool only_open) {
  const std::string undecided = kUndecided;
  std::vector<std::string> ids;
  for (auto& [id] : tx.all<std::string>(
           "select sitting.id from sitting join (select sitting_id from recording union select sitting_id from incident where (" + undecided +
               ") or exists (select 1 from evidence where evidence.incident_id = incident.id)) as kept on kept.sitting_id = sitting.id "
               "where started_ms < :a and (finished_ms is not null or exists (select 1 from recording where recording.sitting_id = sitting.id)) " +
               (only_open ? "and exists (select 1 from incident where incident.sitting_id = sitting.id and " + undecided + ") " : "") +
               "order by started_ms desc limit :b",
           before, kRowsMax + 1))
    ids.push_back(id);
  return ids;
}

Result<Reply> list(App& app, Tx& tx, const Call& call) {
  const auto before = call.number("before_ms", toMillis(call.now) + 1, 0, std::int64_t{1} << 52);
  Json rows = Json::array();
  const auto found = listed(tx, before, call.q("open") == "1");
  for (const std::string& id : found) {
    if (rows.size() == kRowsMax) break;
    INVIGIL_TRY(row, sittingById(tx, id));
    INVIGIL_TRY(json, headJson(tx, row));
    const Story story = storyOf(app, tx, row, toMillis(call.now), false);
    json["state"] = stateOf(tx, row, story);
    json["covered_ms"] = story.covered_ms;
    json["bytes"] = story.bytes;
    json["open_incidents"] = tx.value<std::int64_t>(std::string("select count(*) from incident where sitting_id = :a and ") + kUndecided, id).value_or(0);
    rows.push_back(std::move(json));
  }
  return Reply{Json{{"recordings", rows}, {"more", static_cast<std::int64_t>(found.size()) > kRowsMax}, {"storage", storageJson(storageState(app, tx))}}};
}

Result<Reply> storage(App& app, Tx& tx, const Call&) { return Reply{storageJson(storageState(app, tx))}; }

Result<Reply> one(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, sittingById(tx, call.id));
  INVIGIL_TRY(json, headJson(tx, row));
  const Story story = storyOf(app, tx, row, toMillis(call.now), true);
  json["state"] = stateOf(tx, row, story);
  json["why"] = json["state"] == "none" ? whyNone(tx, row) : "";
  json["segments"] = story.segments;
  json["gaps"] = story.gaps;
  json["covered_ms"] = story.covered_ms;
  json["bytes"] = story.bytes;
  json["now_ms"] = toMillis(call.now);
  json["incidents"] = Json::array();
  for (const Json& incident : incidentsJson(tx, row.id))
    json["incidents"].push_back({{"id", incident["id"]}, {"kind", incident["kind"]}, {"began_ms", incident["began_ms"]},
                                 {"ended_ms", incident["ended_ms"]}, {"measure", incident["measure"]}, {"decision", incident["decision"]}});
  return Reply{json};
}

/// What opening one segment needs; asking for it is a row of the audit table.
struct Wanted {
  SegmentRow row;
  segment::Key key{};
};

Result<Wanted> wantedOf(App& app, Tx& tx, const Call& call) {
  const auto number = call.number("number", 0, 0, 1'000'000);
  Wanted wanted;
  INVIGIL_TRY(key, recordingKey(app, tx, call.id));
  wanted.key = key;
  for (const SegmentRow& row : segmentsOf(tx, call.id))
    if (row.number == number) wanted.row = row;
  if (wanted.row.number == 0) return fail(ErrorCode::NotFound, "no_such_segment", "", "number");
  audit(tx, call.now, call.caller.account_id, "recording_seen", call.id, "segment " + std::to_string(number));
  return wanted;
}

Result<Reply> play(App& app, const Call& call) {
  INVIGIL_TRY(wanted, app.store->writeNow<Wanted>([&](Tx& tx) { return wantedOf(app, tx, call); }));
  const auto sealed = readFile(segmentPath(app, call.id, wanted.row.number), segment::kBytesMax);
  if (!sealed) return fail(ErrorCode::NotFound, "segment_missing", sealed.error().detail, "number");
  auto film = segment::open(wanted.key, *sealed);
  if (!film && !wanted.row.damaged)
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      tx.exec("update recording_segment set damaged = 1 where sitting_id = :a and number = :b", call.id, wanted.row.number);
      addHallEntry(tx, call.id, call.now, "policy", "recording_damaged", std::to_string(wanted.row.number));
      return {};
    }));
  if (!film) return fail(film.error());
  Reply reply;
  reply.content_type = "video/webm";
  reply.bytes = std::move(*film);
  return reply;
}

}  // namespace

Routes recordingRoutes() {
  const std::string base = "/api/v1/recordings";
  return {readRoute(Verb::Get, base, Scope::Viewer, list), readRoute(Verb::Get, "/api/v1/recording-storage", Scope::Viewer, storage),
          readRoute(Verb::Get, base + "/{id}", Scope::Viewer, one), taskRoute(Verb::Get, base + "/{id}/segment", Scope::Viewer, play)};
}

}  // namespace invigil::server
