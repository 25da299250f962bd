// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

/// Pictures of faces that are stored, recordings among them: whose, how many, and their end when consent is withdrawn.
/// Source: PIPL arts. 15, 47; 人脸识别技术应用安全管理办法 (Order 19, 2025).
namespace invigil::server {

/// From so many persons on the administrator is told that the filing duty is near, and that it has come.
constexpr std::int64_t kFilingNotice = 90'000, kFilingDuty = 100'000;

/// Persons of whom a picture or a recording is stored, each counted once.
struct FaceDataCount {
  std::int64_t photos = 0;     ///< with a reference photo
  std::int64_t captures = 0;   ///< with a picture of a face check
  std::int64_t evidence = 0;   ///< with pictures of incidents
  std::int64_t recorded = 0;   ///< on a recording; counted when asked, not kept in the row of the day
  std::int64_t persons = 0;    ///< with any of these, or on a recording
};
/// Reads an index of each table: a part of a second at 100,000 persons.
FaceDataCount countFaceData(Tx& tx);
/// The newest stored count; zeros where none was made yet.
FaceDataCount lastFaceDataCount(Tx& tx);
/// below, near or due.
const char* filingLevel(std::int64_t persons);
/// Counts once an hour into the row of the day, which keeps the day's highest count and the first moment at the duty's number
/// as well, and writes one line to the log once a day; numbers only. Errors: as the store.
Status watchFaceData(App& app, Instant now);

/// FaceData of openapi.yaml: what is stored of one candidate.
Json faceDataJson(Tx& tx, const std::string& candidate_id);
/// Takes back the consent to the face check and to the reference photo. Photo and captures are deleted at once; an
/// admission on its way goes to the remote invigilator, a running exam is no longer watched. Pictures of incidents and what
/// was recorded until then stay with the exam's evidence. @param channel  where it was said: manage, booking, kiosk, reviewer
Status withdrawFaceConsent(Tx& tx, const std::string& candidate_id, const std::string& channel, const std::string& actor, Instant now);

Routes faceDataRoutes();

}  // namespace invigil::server
