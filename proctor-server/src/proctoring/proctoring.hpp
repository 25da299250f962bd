// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sitting/sittings.hpp"

/// What happens in the hall while people sit: incidents that kiosks notice, measures by policy and by the remote
/// invigilator, the hall record that writes itself. Source: docs/adr/0011-proctoring.md.
namespace invigil::server {

/// Exam evidence (pictures of incidents, recordings) is kept so long after a sitting's end: at least three calendar years,
/// a leap day among them. Source: 《安全生产资格考试与证书管理暂行办法》 art. 17.
constexpr milliseconds kExamEvidenceKept = std::chrono::hours(24 * 1096);

/// Wakes everybody who looks at a board.
constexpr const char* kHallTopic = "hall";
std::string ordersTopic(const std::string& sitting_id);

/// A sitting's pauses; all zero when it never had one.
struct Hold {
  std::optional<std::int64_t> paused_since_ms;
  std::string why;
  std::int64_t given_back_ms = 0;  ///< added to the deadline so far
  std::optional<std::int64_t> resume_wanted_ms;  ///< a person has ended it and the kiosk has not heard so; only while it stands
};
Hold holdOf(Tx& tx, const std::string& sitting_id);

/// Adds a row to the hall record. `actor`: account id, kiosk id or "policy". `detail` never holds a name or a number of a person.
void addHallEntry(Tx& tx, const std::string& sitting_id, Instant at, const std::string& actor, const std::string& what,
                  const std::string& detail);
/// Adds an order for the kiosk and wakes it.
void giveOrder(Tx& tx, const std::string& sitting_id, const std::string& kind, const Json& text, Instant now);

/// What a kiosk let stand by itself before the server heard of it: given back as far as a pause without a person may last.
void giveBackStood(Tx& tx, const SittingRow& row, milliseconds stood, milliseconds longest, Instant now);
/// Stops the clock. Where it stands already, a person's reason takes the place of the one before, and the time until it is a
/// forgotten pause begins anew; of the policy it is a no-op, unless the pause is about to end (orderResume).
/// `why`: an incident kind, or the invigilator's words for the record.
/// @param message  what the candidate reads; may be empty
/// Errors: Conflict sitting_finished.
Status pauseSitting(Tx& tx, const SittingRow& row, const std::string& why, const std::string& actor, Instant now,
                    const Json& message = wording("", ""));
/// Starts it again. The pause is given back as far as the seat can be held; what cannot be is written into the record.
/// Errors: Conflict sitting_finished, sitting_not_paused.
Status resumeSitting(Tx& tx, const SittingRow& row, const std::string& actor, Instant now);
/// A person starts it again: at once, or, where its kiosk stands still and has no network, as soon as that has heard so
/// (resumeHeard) or goes on by itself (endForgottenPauses), so that nobody loses what it stands until then. Said again it changes
/// nothing. Errors: as resumeSitting.
Status orderResume(Tx& tx, const SittingRow& row, const std::string& actor, Instant now);
/// Resumes what orderResume left standing once its kiosk is about to hear so: it has the orders up to `seen`, the resume among them.
/// A kiosk that is merely back may hang in its long poll for half a minute yet, and stand. @return the sitting as it is then.
Result<SittingRow> resumeHeard(Tx& tx, const SittingRow& row, std::int64_t seen, Instant now);
/// Moves the deadline by at most `more`, as far as the seat is free; takes the half hours it needs. @return what was given.
milliseconds extendDeadline(Tx& tx, const SittingRow& row, milliseconds more);
/// Ends pauses that nobody looked after within the site's pause_minutes_max, and those that a kiosk without network ends by itself
/// while a person's word waits for it. Called every second.
void endForgottenPauses(Tx& tx, Instant now);
/// Ends at this instant what still lasts: at hand-in, and when nobody watches any more.
void endIncidents(Tx& tx, const std::string& sitting_id, Instant at);
/// Forgets pictures of incidents, and keys made for them, whose sitting ended kExamEvidenceKept ago. Called every hour.
void forgetEvidence(Tx& tx, Instant now);

/// HallIncident of openapi.yaml for every incident of a sitting, oldest first.
Json incidentsJson(Tx& tx, const std::string& sitting_id);
/// HallRecord of openapi.yaml.
Result<Json> hallRecordJson(Tx& tx, const SittingRow& row);

Routes kioskHallRoutes();
Routes hallBoardRoutes();
Routes hallRoutes();

}  // namespace invigil::server
