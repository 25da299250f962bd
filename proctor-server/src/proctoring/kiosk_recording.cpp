// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <filesystem>
#include <mutex>

#include "invigil/base/random.hpp"
#include "invigil/base/text.hpp"
#include "proctoring/recording.hpp"

namespace invigil::server {
namespace {

constexpr int kSegmentSeconds = 30;
constexpr std::int64_t kNumberMax = 100'000;

/// Of film and of reports of incidents: one key, whether the site began to record before or after the sitting did.
std::optional<std::string> sealedKeyOf(Tx& tx, const std::string& sitting_id) {
  return tx.value<std::string>("select key from recording where sitting_id = :a union all select key from incident_key where sitting_id = :b", sitting_id, sitting_id);
}

Result<segment::Key> openedKey(const App& app, const std::optional<std::string>& sealed) {
  if (!sealed) return fail(ErrorCode::NotFound, "no_recording", "", "id");
  INVIGIL_TRY(plain, app.sealer->open(*sealed));
  segment::Key key{};
  if (plain.size() != key.size()) return fail(ErrorCode::Corrupt, "cannot_open_sealed");
  std::copy(plain.begin(), plain.end(), key.begin());
  return key;
}

/// Makes the key when the sitting has none yet. The kiosk keeps it in memory only and asks again after a restart. What is only watched
/// over has one, too: reports of incidents lie on the kiosk's disk.
Result<Reply> recordingOrder(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownSitting(tx, call));
  Json order{{"record", false}, {"film_key", ""}, {"frames_per_second", 5}, {"segment_seconds", kSegmentSeconds}, {"next_number", 1}, {"now_ms", toMillis(call.now)}};
  const bool record = isRecorded(tx, row);
  if (row.finished_ms || (!record && !isMonitored(tx, row))) return Reply{order};
  const auto known = sealedKeyOf(tx, row.id);
  Bytes fresh(32);
  randomBytes(fresh.data(), fresh.size());
  const std::string sealed = known ? *known : app.sealer->seal(std::string_view(reinterpret_cast<const char*>(fresh.data()), fresh.size()));
  if (record || !known)
    tx.exec(std::string("insert into ") + (record ? "recording" : "incident_key") + "(sitting_id, key, made_ms) values (:a, :b, :c) on conflict do nothing",
            row.id, sealed, toMillis(call.now));
  INVIGIL_TRY(key, openedKey(app, sealed));
  order["film_key"] = toBase64(key);
  if (!record) return Reply{order};
  INVIGIL_TRY(site, siteById(tx, call.caller.site_id));
  order["record"] = true;
  order["frames_per_second"] = site.policy.at("monitoring").at("recording").at("frames_per_second");
  order["next_number"] = tx.value<std::int64_t>("select coalesce(max(number), 0) + 1 from recording_segment where sitting_id = :a and number <= :b", row.id, kKioskNumberMax).value_or(1);
  return Reply{order};
}

/// What is known before a segment's file is written.
struct Known {
  segment::Key key{};
  std::optional<std::int64_t> withdrawn_ms;
  std::optional<SegmentRow> row;   ///< of this number
  std::optional<SegmentRow> same;  ///< of this content
  std::int64_t free_number = kKioskNumberMax + 1;
  bool full = false, own = false;
};

Result<Known> knownOf(App& app, Tx& tx, const Call& call, std::int64_t number, const std::string& sha256) {
  INVIGIL_TRY(row, sittingById(tx, call.id));
  INVIGIL_TRY(admission, admissionById(tx, row.admission_id));
  Known known;
  known.own = admission.seat_id == call.caller.seat_id;
  INVIGIL_TRY(key, recordingKey(app, tx, call.id));
  known.key = key;
  for (const SegmentRow& one : segmentsOf(tx, call.id)) {
    if (one.number == number) known.row = one;
    if (one.sha256 == sha256) known.same = one;
    known.free_number = std::max(known.free_number, one.number + 1);
  }
  known.withdrawn_ms = withdrawnAt(tx, row.admission_id);
  known.full = std::string_view(storageState(app, tx).state) == "full";
  return known;
}

Reply kept(std::int64_t number, bool damaged) { return Reply{Json{{"number", number}, {"damaged", damaged}}}; }

Status keepRow(App& app, const Call& call, const segment::Head& head, std::int64_t number, const std::string& sha256, bool damaged) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    const auto replaced = tx.value<std::int64_t>("select bytes from recording_segment where sitting_id = :a and number = :b", head.sitting_id, number);
    countStored(tx, static_cast<std::int64_t>(call.bytes.size()) - replaced.value_or(0));
    tx.exec("insert into recording_segment(sitting_id, number, began_ms, ended_ms, frames, bytes, sha256, received_ms, damaged) "
            "values (:a, :b, :c, :d, :e, :f, :g, :h, :i) on conflict (sitting_id, number) do update set began_ms = excluded.began_ms, "
            "ended_ms = excluded.ended_ms, frames = excluded.frames, bytes = excluded.bytes, sha256 = excluded.sha256, "
            "received_ms = excluded.received_ms, damaged = excluded.damaged",
            head.sitting_id, number, head.began_ms, head.ended_ms, head.frames, call.bytes.size(), sha256, toMillis(call.now), damaged ? 1 : 0);
    if (damaged) addHallEntry(tx, head.sitting_id, call.now, call.caller.kiosk_id, "recording_damaged", std::to_string(number));
    return {};
  });
}

/// Filmed by a kiosk that had no network and did not know yet that the consent had been taken back. Acknowledged, so that it is
/// deleted there too, and not kept; the recording ends before it.
Result<Reply> dropSegment(App& app, const segment::Head& head) {
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    tx.exec("update recording set last_number = :a where sitting_id = :b and (last_number is null or last_number > :c)", head.number - 1, head.sitting_id,
            head.number - 1);
    return {};
  }));
  return kept(head.number, false);
}

/// Acknowledged means: the file is on the disk and its row is committed. The same segment may come again.
Result<Reply> keepSegment(App& app, const Call& call) {
  const std::string sha256 = sha256Hex(call.bytes);
  if (sha256 != call.q("sha256")) return fail(ErrorCode::InvalidInput, "segment_torn", "", "sha256");
  INVIGIL_TRY(head, segment::readHead(call.bytes));
  if (head.sitting_id != call.id || head.number > kNumberMax) return fail(ErrorCode::InvalidInput, "segment_elsewhere", "", "id");
  // One writer for one file; others need not wait.
  static std::array<std::mutex, 16> desks;
  const std::lock_guard lock(desks[std::hash<std::string>{}(call.id) % desks.size()]);
  INVIGIL_TRY(known, app.store->readNow<Known>([&](Tx& tx) { return knownOf(app, tx, call, head.number, sha256); }));
  // A kiosk that was moved to another seat still brings what it holds; its seal says whose film it is.
  const bool damaged = !segment::open(known.key, call.bytes);
  if (damaged && !known.own) return fail(ErrorCode::Conflict, "admission_other_seat");
  if (!damaged && known.withdrawn_ms && head.began_ms > *known.withdrawn_ms) return dropSegment(app, head);
  if (known.same) return kept(known.same->number, known.same->damaged);
  // Kiosks that changed places while the network was away have given one number to two films: both are of the sitting.
  const bool another = known.row && !damaged && known.row->began_ms != head.began_ms;
  const std::int64_t number = another ? known.free_number : std::int64_t{head.number};
  if (known.row && !another && !known.row->damaged) return fail(ErrorCode::Conflict, "segment_differs", "", "number");
  if (known.full) return fail(ErrorCode::Unavailable, "recordings_full", "The disk for recordings is full.");
  // A segment that does not open is kept and named: what there is may still tell something.
  const std::string path = segmentPath(app, head.sitting_id, number);
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error) return fail(ErrorCode::Unavailable, "cannot_write", error.message());
  INVIGIL_CHECK(writeFileDurably(path, call.bytes, 0600));
  INVIGIL_CHECK(keepRow(app, call, head, number, sha256, damaged));
  return kept(number, damaged);
}

/// What the kiosk says about its recording goes into the hall record, once.
Result<Reply> news(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownSitting(tx, call));
  if (!tx.value<std::int64_t>("select made_ms from recording where sitting_id = :a", row.id)) return fail(ErrorCode::NotFound, "no_recording", "", "id");
  const std::string what = call.text("what");
  const auto at = std::min(call.body["at_ms"].get<std::int64_t>(), toMillis(call.now)), segments = call.body["segments"].get<std::int64_t>();
  if (tx.exec("insert into recording_news(sitting_id, at_ms, what) values (:a, :b, :c) on conflict do nothing", row.id, call.body["at_ms"].get<std::int64_t>(), what) == 1) {
    addHallEntry(tx, row.id, fromMillis(at), call.caller.kiosk_id, "recording_" + what, call.text("why"));
    if (what == "ended")
      tx.exec("update recording set last_number = case when last_number < :a then last_number else :b end, ended_ms = :c where sitting_id = :d", segments, segments, at, row.id);
    if (what == "began") tx.exec("update recording set last_number = null, ended_ms = null where sitting_id = :a", row.id);
  }
  return kept(segments, false);
}

}  // namespace

std::optional<std::int64_t> withdrawnAt(Tx& tx, const std::string& admission_id) {
  return tx.value<std::int64_t>("select withdrawn_ms from admission where id = :a and withdrawn_ms is not null", admission_id);
}

bool isMonitored(Tx& tx, const SittingRow& row) {
  const auto consent = tx.value<std::string>("select consent from admission where id = :a", row.admission_id);
  const auto site_id = tx.value<std::string>("select site_id from reservation where id = :a", row.reservation_id).value_or("");
  const auto site = siteById(tx, site_id);
  return consent == "given" && site && site->policy.at("monitoring").at("enabled").get<bool>();
}

bool isRecorded(Tx& tx, const SittingRow& row) {
  const auto consent = tx.one<std::string, std::string>("select consent, consent_version from admission where id = :a", row.admission_id);
  const auto site_id = tx.value<std::string>("select site_id from reservation where id = :a", row.reservation_id).value_or("");
  const auto site = siteById(tx, site_id);
  // The texts that count tell of the recording; who agreed to an older one was not told.
  return consent && std::get<0>(*consent) == "given" && faceConsentCounts(std::get<1>(*consent)) && site &&
         site->policy.at("monitoring").at("recording").at("enabled").get<bool>();
}

Result<segment::Key> recordingKey(const App& app, Tx& tx, const std::string& sitting_id) {
  return openedKey(app, tx.value<std::string>("select key from recording where sitting_id = :a", sitting_id));
}

Result<segment::Key> incidentKey(const App& app, Tx& tx, const std::string& sitting_id) { return openedKey(app, sealedKeyOf(tx, sitting_id)); }

std::vector<SegmentRow> segmentsOf(Tx& tx, const std::string& sitting_id) {
  std::vector<SegmentRow> rows;
  for (auto& [number, began, ended, frames, bytes, sha256, damaged] :
       tx.all<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::string, std::int64_t>(
           "select number, began_ms, ended_ms, frames, bytes, sha256, damaged from recording_segment where sitting_id = :a order by began_ms, number",
           sitting_id))
    rows.push_back({number, began, ended, frames, bytes, sha256, damaged != 0});
  return rows;
}

Routes kioskRecordingRoutes() {
  const std::string base = "/api/v1/kiosk/sittings/{id}";
  return {writeRoute(Verb::Post, base + "/recording", Scope::Kiosk, recordingOrder),
          taskRoute(Verb::Put, base + "/segment", Scope::Kiosk, keepSegment, segment::kBytesMax),
          writeRoute(Verb::Post, base + "/recording-news", Scope::Kiosk, news)};
}

}  // namespace invigil::server
