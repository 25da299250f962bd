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
Story storyOf(const App& app, Tx& tx, const SittingRow& row, std::int64_t now) {
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
    const bool there = fileThere(app, row.id, one);
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

const char* stateOf(bool recorded, bool finished, bool whole) {
  if (!recorded) return "none";
  if (!finished) return "running";
  return whole ? "whole" : "gaps";
}

/// Whether its kiosk has ever begun one, whatever the rules say by now.
bool hasRecording(Tx& tx, const std::string& sitting_id) {
  return tx.value<std::int64_t>("select count(*) from recording where sitting_id = :a", sitting_id).value_or(0) > 0;
}

/// What a row of the list tells of a Story, added up by the database: a sitting of two hours has 240 segments, a page 100 sittings.
struct Summary {
  std::int64_t covered_ms = 0, bytes = 0;
  bool whole = true;
};

Summary summaryOf(Tx& tx, const std::string& sitting_id, std::int64_t started, std::int64_t end) {
  // until_ms: how far what came before a segment reaches, `at` in storyOf().
  const auto sums = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "select coalesce(sum(bytes), 0), coalesce(sum(case when damaged = 0 then ended_ms - began_ms else 0 end), 0), coalesce(sum(damaged), 0), "
      "coalesce(max(began_ms - case when until_ms > :a then until_ms else :b end), 0), coalesce(max(ended_ms), 0) from "
      "(select began_ms, ended_ms, bytes, damaged, coalesce(max(ended_ms) over (order by began_ms, number rows between unbounded preceding "
      "and 1 preceding), 0) as until_ms from recording_segment where sitting_id = :c) as segment",
      started, started, sitting_id);
  const auto& [bytes, covered, damaged, hole, last] = *sums;
  return {covered, bytes, damaged == 0 && hole < kHole && end - std::max(last, started) < kHole};
}

/// Why a sitting has no recording: no_consent, off, or not_begun (the kiosk has never asked for a key).
const char* whyNone(Tx& tx, const SittingRow& row) {
  const auto consent = tx.value<std::string>("select consent from admission where id = :a", row.admission_id);
  return consent != "given" ? "no_consent" : isRecorded(tx, row) ? "not_begun" : "off";
}

/// The paper, which is most of a sitting's row, is left where it is.
Result<Json> headJson(Tx& tx, const std::string& sitting_id) {
  const auto found = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t,
                            std::optional<std::int64_t>>(
      "select candidate.name, sitting.blueprint, site.name_zh, site.name_en, site.time_zone, seat.room, seat.label, sitting.started_ms, "
      "sitting.deadline_ms, sitting.finished_ms from sitting join candidate on candidate.id = sitting.candidate_id "
      "join reservation on reservation.id = sitting.reservation_id join site on site.id = reservation.site_id "
      "join admission on admission.id = sitting.admission_id join seat on seat.id = admission.seat_id where sitting.id = :a",
      sitting_id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_sitting", "", "id");
  const auto& [name, blueprint_text, site_zh, site_en, zone, room, label, started, deadline, finished] = *found;
  INVIGIL_TRY(blueprint, bank::parseBlueprint(blueprint_text));
  SittingRow times;
  times.deadline_ms = deadline;
  times.finished_ms = finished;
  return Json{{"sitting_id", sitting_id}, {"name_masked", maskName(name)}, {"title", wording(blueprint.title.zh, blueprint.title.en)},
              {"site_name", wording(site_zh, site_en)}, {"time_zone", zone}, {"room", room}, {"seat_label", label}, {"started_ms", started},
              {"finished_ms", millis(finished)}, {"kept_until_ms", keptUntil(times)}};
}

constexpr const char* kUndecided = "decision = '' and measure <> 'nothing'";

std::vector<std::string> listed(Tx& tx, std::int64_t before, const std::string& before_id, bool only_open) {
  std::vector<std::string> ids;
  for (auto& [id] : tx.all<std::string>(recordingListSql(only_open), before, before_id, kRowsMax + 1)) ids.push_back(id);
  return ids;
}

Result<Reply> list(App& app, Tx& tx, const Call& call) {
  const auto before = call.number("before_ms", toMillis(call.now) + 1, 0, std::int64_t{1} << 52);
  Json rows = Json::array();
  const auto found = listed(tx, before, call.q("before_id"), call.q("open") == "1");
  for (const std::string& id : found) {
    if (rows.size() == kRowsMax) break;
    INVIGIL_TRY(json, headJson(tx, id));
    const bool finished = !json["finished_ms"].is_null();
    const Summary summary = summaryOf(tx, id, json["started_ms"], finished ? json["finished_ms"].get<std::int64_t>() : toMillis(call.now));
    json["state"] = stateOf(hasRecording(tx, id), finished, summary.whole);
    json["covered_ms"] = summary.covered_ms;
    json["bytes"] = summary.bytes;
    json["open_incidents"] = tx.value<std::int64_t>(std::string("select count(*) from incident where sitting_id = :a and ") + kUndecided, id).value_or(0);
    rows.push_back(std::move(json));
  }
  return Reply{Json{{"recordings", rows}, {"more", static_cast<std::int64_t>(found.size()) > kRowsMax}, {"storage", storageJson(storageState(app, tx))}}};
}

Result<Reply> storage(App& app, Tx& tx, const Call&) { return Reply{storageJson(storageState(app, tx))}; }

Result<Reply> one(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, sittingById(tx, call.id));
  INVIGIL_TRY(json, headJson(tx, row.id));
  const Story story = storyOf(app, tx, row, toMillis(call.now));
  json["state"] = stateOf(hasRecording(tx, row.id), row.finished_ms.has_value(), story.gaps.empty());
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

std::string recordingListSql(bool only_open) {
  const std::string undecided = kUndecided, recorded = "exists (select 1 from recording where recording.sitting_id = sitting.id)";
  const std::string open = "id in (select sitting_id from incident where " + undecided + ") and (finished_ms is not null or " + recorded + ")";
  const std::string any = "(" + recorded + " or (finished_ms is not null and exists (select 1 from incident where incident.sitting_id = sitting.id and ((" +
                          undecided + ") or exists (select 1 from evidence where evidence.incident_id = incident.id)))))";
  return "select id from sitting where (started_ms, id) < (:a, :b) and " + (only_open ? open : any) + " order by started_ms desc, id desc limit :c";
}

Routes recordingRoutes() {
  const std::string base = "/api/v1/recordings";
  return {readRoute(Verb::Get, base, Scope::Viewer, list), readRoute(Verb::Get, "/api/v1/recording-storage", Scope::Viewer, storage),
          readRoute(Verb::Get, base + "/{id}", Scope::Viewer, one), taskRoute(Verb::Get, base + "/{id}/segment", Scope::Viewer, play)};
}

}  // namespace invigil::server
