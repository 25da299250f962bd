// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/segment/segment.hpp"
#include "proctoring/proctoring.hpp"

/// The recording of a sitting: a key for its kiosk, sealed segments as files, what a person sees of them.
/// Source: docs/adr/0014-recording.md.
namespace invigil::server {

/// No kiosk numbers its segments so far (half minutes of 17 days). Above lie films whose own number another film of the sitting has.
constexpr std::int64_t kKioskNumberMax = 50'000;

/// When the consent of this admission was taken back, by the server's time: nothing that was filmed later is kept.
std::optional<std::int64_t> withdrawnAt(Tx& tx, const std::string& admission_id);
/// The site records, and the candidate has consented to the text that says so.
bool isRecorded(Tx& tx, const SittingRow& row);
/// The site watches over sittings, and the candidate has consented to the camera.
bool isMonitored(Tx& tx, const SittingRow& row);

/// The sitting's key. Errors: NotFound no_recording; Corrupt cannot_open_sealed.
Result<segment::Key> recordingKey(const App& app, Tx& tx, const std::string& sitting_id);
/// The same for reports of incidents: also of a sitting that is watched over and not recorded. Errors: as recordingKey.
Result<segment::Key> incidentKey(const App& app, Tx& tx, const std::string& sitting_id);

/// One segment's row.
struct SegmentRow {
  std::int64_t number = 0, began_ms = 0, ended_ms = 0, frames = 0, bytes = 0;
  std::string sha256;
  bool damaged = false;
};
std::vector<SegmentRow> segmentsOf(Tx& tx, const std::string& sitting_id);

/// Files lie in Config::recordings_dir, one folder a sitting.
std::string segmentPath(const App& app, const std::string& sitting_id, std::int64_t number);

/// What the disk that holds the recordings says.
struct StorageState {
  std::int64_t bytes = 0, free_bytes = 0, max_bytes = 0;
  const char* state = "good";  ///< "low": look after it; "full": no segment is taken until there is room
};
StorageState storageState(const App& app, Tx& tx);
/// Segments of so many bytes came, or went (negative). In the transaction that writes or deletes their rows.
void countStored(Tx& tx, std::int64_t bytes);
/// RecordingStorage of openapi.yaml.
Json storageJson(const StorageState& storage);

/// Recordings belong to the exam's evidence: deleted, key and files, three years after the sitting. Called every hour.
Status forgetRecordings(App& app, Instant now);
/// Until when a sitting's recording is kept.
std::int64_t keptUntil(const SittingRow& row);

/// What a page of the list asks for: whatever a person may have to look at, newest first. That is all that is recorded, and once it
/// is over also what has only pictures or undecided incidents; while it runs the board has it. Marks: started_ms and id of the
/// last row of the page before (a hall that starts together begins many sittings in one millisecond), and how many rows. An index
/// leads, so a page costs what is on it; only where next to nothing is listed does it look at every sitting.
std::string recordingListSql(bool only_open);

Routes kioskRecordingRoutes();
Routes recordingRoutes();

}  // namespace invigil::server
