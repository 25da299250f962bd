// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "accounts/accounts.hpp"
#include "admission/admissions.hpp"
#include "banking/banking.hpp"
#include "banking/bulk.hpp"
#include "banking/imports.hpp"
#include "certification/certificates.hpp"
#include "grading/regrade.hpp"
#include "hall_clock.hpp"
#include "http/router.hpp"
#include "papers/blueprints.hpp"
#include "papers/papers.hpp"
#include "proctoring/recording.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"
#include "reservation/reservations.hpp"
#include "sites/sites.hpp"
#include "sitting/sittings.hpp"
#include "statistics/statistics.hpp"

namespace invigil::server {
namespace {

/// The number of persons is the administrator's; everybody may know whether a duty to file is near.
Result<Reply> health(App& app, Tx& tx, const Call& call) {
  const auto clock = std::dynamic_pointer_cast<HallClock>(app.clock);
  const auto leap = clock ? clock->leap() : std::nullopt;
  return Reply{{{"status", "ok"}, {"version", INVIGIL_VERSION}, {"now_ms", toMillis(call.now)},
                {"clock_ahead_ms", leap ? leap->ahead.count() : 0}, {"face_data_filing", filingLevel(lastFaceDataCount(tx).persons)},
                {"certificates", certificateHealth(app, tx, call.now)}}};
}

Result<Reply> trust(App& app, Tx&, const Call&) { return Reply{Json::parse(app.trust.toJson())}; }

}  // namespace

Routes allRoutes() {
  Routes all{readRoute(Verb::Get, "/api/v1/health", Scope::Public, health),
             readRoute(Verb::Get, "/api/v1/trust", Scope::Public, trust)};
  for (Routes part : {accountRoutes(), sessionRoutes(), siteRoutes(), kioskRoutes(), bankingRoutes(), exportRoutes(), itemSearchRoutes(), itemRoutes(), stimulusRoutes(), importRoutes(),
                      importRowRoutes(), jobRoutes(), bulkRoutes(), regradeRoutes(), statisticsRoutes(), registrationRoutes(), faceDataRoutes(),
                      reservationRoutes(), findRoutes(), admissionRoutes(), admissionRecordRoutes(), reviewRoutes(), sittingRoutes(), authorityRoutes(),
                      kioskHallRoutes(), hallBoardRoutes(), hallRoutes(), kioskRecordingRoutes(), recordingRoutes(), blueprintRoutes(), preflightRoutes(), batchRoutes(),
                      batchFileRoutes(), proofRoutes()})
    for (Route& route : part) all.push_back(std::move(route));
  return all;
}

}  // namespace invigil::server
