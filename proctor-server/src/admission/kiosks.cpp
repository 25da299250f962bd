// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "admission/admissions.hpp"
#include "invigil/base/random.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kDay{24 * 3600 * 1000}, kCodeLife = kDay, kKioskAway{15'000}, kUnderWay{60'000};

/// One letter case, no hyphens: what a person may mistype does not matter.
std::string codeHash(std::string code) {
  std::string plain;
  for (char c : code)
    if (c != '-' && c != ' ') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return sha256Hex(plain);
}

Result<Reply> makeEnrolment(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(seat, seatById(tx, call.id));
  const std::string code = randomCode(4) + "-" + randomCode(4) + "-" + randomCode(4);
  const std::int64_t expires = toMillis(call.now + kCodeLife);
  tx.exec("delete from enrolment where seat_id = :a", seat.id);
  tx.exec("insert into enrolment(code_hash, seat_id, expires_ms) values (:a, :b, :c)", codeHash(code), seat.id, expires);
  audit(tx, call.now, call.caller.account_id, "enrolment_code_made", seat.id);
  return Reply{{{"code", code}, {"expires_ms", expires}}};
}

/// A certificate that was just signed, and what the database keeps of it.
struct Signed {
  std::string pem, fingerprint;
  Instant ends;
};

Result<Signed> signedFor(const App& app, const std::string& kiosk_id, const Call& call) {
  INVIGIL_TRY(pem, app.authority.signKiosk(call.text("csr_pem"), kiosk_id, call.now));
  INVIGIL_TRY(fingerprint, Authority::fingerprint(pem));
  INVIGIL_TRY(facts, Authority::facts(pem));
  return Signed{std::move(pem), std::move(fingerprint), facts.ends};
}

void keepCertificate(Tx& tx, const Signed& one, const std::string& kiosk_id, Instant now) {
  tx.exec("insert into kiosk_certificate(fingerprint, kiosk_id, issued_ms, ends_ms) values (:a, :b, :c, :d)", one.fingerprint, kiosk_id, toMillis(now),
          toMillis(one.ends));
}

Result<Reply> enrol(App& app, const Call& call) {
  if (!app.limits.allow("enrol/" + call.remote, 20, milliseconds(600000), call.now))
    return fail(ErrorCode::TooMany, "too_many_requests");
  const std::string kiosk_id = newId();
  INVIGIL_TRY(certificate, signedFor(app, kiosk_id, call));
  const std::string hash = codeHash(call.text("code"));
  INVIGIL_TRY(reply, app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    const auto seat_id = tx.value<std::string>("select seat_id from enrolment where code_hash = :a", hash);
    if (tx.exec("update enrolment set used = 1 where code_hash = :a and used = 0 and expires_ms > :b", hash,
                toMillis(call.now)) != 1)
      return fail(ErrorCode::Forbidden, "enrolment_code_wrong", "", "code");
    // A seat has one kiosk: the new one replaces the old.
    tx.exec("update kiosk set revoked = 1 where seat_id = :a", *seat_id);
    tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms, certificate) values (:a, :b, :c, :d, :e)", kiosk_id, *seat_id,
            certificate.fingerprint, toMillis(call.now), certificate.fingerprint);
    keepCertificate(tx, certificate, kiosk_id, call.now);
    audit(tx, call.now, kiosk_id, "kiosk_enrolled", *seat_id);
    INVIGIL_TRY(seat, seatById(tx, *seat_id));
    INVIGIL_TRY(site, siteById(tx, seat.site_id));
    return Json{{"kiosk_id", kiosk_id}, {"certificate_pem", certificate.pem}, {"ca_pem", app.authority.ca_certificate},
                {"kiosk_port", app.config.kiosk_port}, {"site_name", wording(site.name_zh, site.name_en)},
                {"seat_label", seat.label}};
  }));
  return Reply{reply};
}

/// The next certificate of a kiosk, for a new key, over the connection of the one before. That one serves until its end.
Result<Reply> renewCertificate(App& app, const Call& call) {
  const std::string& kiosk_id = call.caller.kiosk_id;
  if (!app.limits.allow("renew/" + kiosk_id, 48, kDay, call.now)) return fail(ErrorCode::TooMany, "too_many_requests");
  INVIGIL_TRY(next, signedFor(app, kiosk_id, call));
  INVIGIL_TRY(reply, app.store->writeNow<Json>([&](Tx& tx) -> Result<Json> {
    // Again, in the transaction that gives it out: it may have been revoked meanwhile.
    const auto old = tx.one<std::int64_t, std::int64_t>(
        "select issued_ms, ends_ms from kiosk_certificate join kiosk on kiosk.id = kiosk_certificate.kiosk_id "
        "where kiosk_certificate.fingerprint = :a and kiosk.id = :b and kiosk.revoked = 0", call.caller.certificate, kiosk_id);
    if (!old) return fail(ErrorCode::Forbidden, "kiosk_revoked");
    const auto& [issued, ends] = *old;
    // Kiosks ask when less than a third is left. A copy of their disk shall not be long before them.
    if (5 * (ends - toMillis(call.now)) > 2 * (ends - issued) || next.ends - fromMillis(ends) < kDay)
      return fail(ErrorCode::Conflict, "kiosk_certificate_good", "More than two fifths of its life are left, or the CA ends before a new one would be of use.");
    // Whoever took a copy of a kiosk does not live on with it for ever.
    if (tx.value<std::int64_t>("select count(*) from kiosk_certificate where kiosk_id = :a and issued_ms > :b and used_ms is not null", kiosk_id, issued).value_or(0) > 0) {
      std::fprintf(stderr, "invigil-server: kiosk %s asks with a certificate that it has renewed: its data folder was put back, or copied\n", kiosk_id.c_str());
      return fail(ErrorCode::Forbidden, "kiosk_certificate_replaced");
    }
    // Those never reached it.
    tx.exec("delete from kiosk_certificate where kiosk_id = :a and issued_ms > :b", kiosk_id, issued);
    keepCertificate(tx, next, kiosk_id, call.now);
    audit(tx, call.now, kiosk_id, "kiosk_certificate_renewed", call.caller.seat_id, formatUtc(next.ends).substr(0, 10));
    return Json{{"certificate_pem", next.pem}, {"ends_ms", toMillis(next.ends)}};
  }));
  return Reply{reply};
}

/// The kiosk is known by the certificate that was issued last of those it came with. Whoever comes with an older one again has a
/// data folder that was put back, or copied: that serves on, and is noted. Right after a renewal it is a request that was under way.
void noteCertificate(App& app, Tx& tx, const Call& call) {
  const std::string& shown = call.caller.certificate;
  const auto times = tx.one<std::int64_t, std::int64_t, std::int64_t>(
      "select shown.issued_ms, coalesce(known.issued_ms, -1), coalesce(known.used_ms, 0) from kiosk join kiosk_certificate shown on shown.fingerprint = :a "
      "left join kiosk_certificate known on known.fingerprint = kiosk.certificate where kiosk.id = :b and kiosk.certificate <> :c",
      shown, call.caller.kiosk_id, shown);
  if (!times) return;
  const auto& [issued, known_issued, known_used] = *times;
  if (issued > known_issued) {
    tx.exec("update kiosk set certificate = :a where id = :b", shown, call.caller.kiosk_id);
    tx.exec("update kiosk_certificate set used_ms = :a where fingerprint = :b and used_ms is null", toMillis(call.now), shown);
  } else if (known_used < toMillis(call.now - kUnderWay) && app.limits.allow("old-certificate/" + shown, 1, kDay, call.now)) {
    audit(tx, call.now, call.caller.kiosk_id, "kiosk_certificate_went_back", call.caller.seat_id);
  }
}

Json kioskPolicy(const App& app, const Site& site) {
  const Json policy = policyInForce(app, site);
  return {{"camera_kinds", policy.at("camera_kinds")}, {"admit_min", policy.at("admit_min")},
          {"refuse_below", policy.at("refuse_below")}, {"face_tries_max", policy.at("face_tries_max")},
          {"face_seconds_max", 20}, {"entry_before_minutes", policy.at("entry_before_minutes")},
          {"entry_after_minutes", policy.at("entry_after_minutes")},
          {"no_leaving_minutes", policy.at("no_leaving_minutes")}, {"result_seconds", 60},
          {"monitoring", policy.at("monitoring")}, {"liveness", policy.at("liveness")}};
}

Result<Reply> kioskState(App& app, Tx& tx, const Call& call) {
  const std::int64_t now = toMillis(call.now);
  // It asks every four seconds; whoever was not heard for longer was away.
  tx.exec("update kiosk set back_ms = case when seen_ms < :a then :b else back_ms end, seen_ms = :c where id = :d", now - kKioskAway.count(), now, now,
          call.caller.kiosk_id);
  noteCertificate(app, tx, call);
  INVIGIL_TRY(seat, seatById(tx, call.caller.seat_id));
  INVIGIL_TRY(site, siteById(tx, call.caller.site_id));
  const std::int64_t slot = now / kSlot.count();
  const auto free = tx.value<std::int64_t>(
      "select count(*) from seat where site_id = :a and disabled = 0 and not exists (select 1 from reservation_slot "
      "where reservation_slot.seat_id = seat.id and slot = :b)", site.id, slot);
  const auto sitting = tx.value<std::int64_t>(
      "select count(*) from admission join seat on seat.id = admission.seat_id where seat.site_id = :a and state = 'sitting'", site.id);
  auto next = tx.one<std::int64_t, std::string>(
      "select start_ms, candidate.name from reservation join candidate on candidate.id = reservation.candidate_id "
      "where seat_id = :a and state = 'booked' and end_ms > :b order by start_ms limit 1", seat.id, now);
  auto active = tx.value<std::string>("select id from admission where seat_id = :a and state = 'sitting'", seat.id);
  const LocalTime local = site.zone.toLocal(call.now);
  const Instant as_utc = fromMillis(0) + std::chrono::duration_cast<milliseconds>(
      (std::chrono::sys_days{std::chrono::year{local.year} / std::chrono::month{static_cast<unsigned>(local.month)} /
                             std::chrono::day{static_cast<unsigned>(local.day)}} +
       std::chrono::hours{local.hour} + minutes{local.minute}).time_since_epoch());
  const auto offset = std::chrono::round<minutes>(as_utc - std::chrono::floor<minutes>(call.now));
  return Reply{{{"kiosk_id", call.caller.kiosk_id}, {"now_ms", now}, {"site_name", wording(site.name_zh, site.name_en)},
                {"time_zone", site.zone.name()}, {"utc_offset_minutes", offset.count()}, {"room", seat.room},
                {"seat_label", seat.label}, {"always_open", site.alwaysOpen()},
                {"open_now", !site.disabled && site.openDuring(call.now, call.now + minutes(1))},
                {"free_seats", free.value_or(0)}, {"sitting_now", sitting.value_or(0)},
                {"next_start_ms", next ? Json(std::get<0>(*next)) : Json(nullptr)},
                {"next_name_masked", next ? maskName(std::get<1>(*next)) : ""}, {"walk_in", site.policy.at("walk_in")},
                {"policy", kioskPolicy(app, site)}, {"face_consent", faceConsent()}, {"active_admission_id", active.value_or("")},
                {"demo", app.config.demo}}};
}

Result<Reply> revoke(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(seat, seatById(tx, call.id));
  tx.exec("update kiosk set revoked = 1 where seat_id = :a", seat.id);
  audit(tx, call.now, call.caller.account_id, "kiosk_revoked", seat.id);
  return Reply(seatJson(tx, seat, call.now));
}

}  // namespace

Routes kioskRoutes() {
  return {taskRoute(Verb::Post, "/api/v1/kiosks/enrol", Scope::Public, enrol),
          writeRoute(Verb::Get, "/api/v1/kiosk/state", Scope::Kiosk, kioskState),
          taskRoute(Verb::Post, "/api/v1/kiosk/certificate", Scope::Kiosk, renewCertificate),
          writeRoute(Verb::Post, "/api/v1/admin/seats/{id}/enrolment", Scope::Administrator, makeEnrolment),
          writeRoute(Verb::Post, "/api/v1/admin/seats/{id}/revoke", Scope::Administrator, revoke)};
}

}  // namespace invigil::server
