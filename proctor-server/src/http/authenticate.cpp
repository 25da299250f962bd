// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/authenticate.hpp"

namespace invigil::server {
namespace {

/// In this time after an exam its kiosk hears how it went, also where it was away for a while.
constexpr minutes kOutcome{30};
/// More than an exam takes with all its pauses: those that began earlier need no look.
constexpr std::chrono::hours kExamMost{48};

/// Whether an exam runs at a seat, or ran a moment ago.
bool sitsOrSat(Tx& tx, const std::string& seat_id, Instant now) {
  return tx.value<std::int64_t>(
      "select (select count(*) from admission where seat_id = :a and state = 'sitting') + (select count(*) from sitting "
      "where started_ms > :b and finished_ms > :c and exists (select 1 from admission where admission.id = sitting.admission_id and seat_id = :d))",
      seat_id, toMillis(now - kExamMost), toMillis(now - kOutcome), seat_id).value_or(0) > 0;
}

Result<Caller> kioskCaller(Tx& tx, const Proof& proof, Instant now) {
  if (!proof.kiosk_port || !proof.certificate_offered)
    return fail(ErrorCode::Unauthenticated, "kiosk_no_certificate", "A kiosk route was called without a client certificate.");
  const auto unknown = [] {
    return fail(ErrorCode::Forbidden, "kiosk_unknown", "The client certificate is not one of this hall's kiosks.");
  };
  if (proof.kiosk_fingerprint.empty()) return unknown();
  auto row = tx.one<std::string, std::string, std::string, std::int64_t, std::int64_t, std::string>(
      "select kiosk.id, seat.id, seat.site_id, kiosk.revoked, kiosk_certificate.ends_ms, kiosk.certificate from kiosk_certificate "
      "join kiosk on kiosk.id = kiosk_certificate.kiosk_id join seat on seat.id = kiosk.seat_id where kiosk_certificate.fingerprint = :a",
      proof.kiosk_fingerprint);
  if (!row) return unknown();
  if (std::get<3>(*row) != 0) return fail(ErrorCode::Forbidden, "kiosk_revoked", "This kiosk was revoked.");
  // No exam is cut off by it. One that the kiosk has renewed and used has no such grace: whoever still has it copied a disk.
  if (std::get<4>(*row) <= toMillis(now) && !(std::get<5>(*row) == proof.kiosk_fingerprint && sitsOrSat(tx, std::get<1>(*row), now)))
    return fail(ErrorCode::Forbidden, "kiosk_certificate_over", "This kiosk's certificate has ended.");
  Caller caller;
  std::tie(caller.kiosk_id, caller.seat_id, caller.site_id, std::ignore, std::ignore, std::ignore) = *row;
  caller.certificate = proof.kiosk_fingerprint;
  return caller;
}

Result<Caller> bookingCaller(Tx& tx, const Proof& proof, Instant now) {
  Caller caller;
  caller.token_hash = sha256Hex(proof.booking_token);
  auto row = tx.one<std::string, std::int64_t>(
      "select candidate_id, expires_ms from booking_session where token_hash = :a", caller.token_hash);
  if (proof.booking_token.empty() || !row || std::get<1>(*row) <= toMillis(now))
    return fail(ErrorCode::Unauthenticated, "session_expired", "The booking session is unknown or over.");
  caller.candidate_id = std::get<0>(*row);
  caller.session_expires = fromMillis(std::get<1>(*row));
  return caller;
}

Result<Caller> staffCaller(Tx& tx, Scope scope, const Proof& proof, Instant now) {
  Caller caller;
  caller.token_hash = sha256Hex(proof.staff_token);
  auto row = tx.one<std::string, std::string, std::string, std::string, std::int64_t, std::int64_t>(
      "select account.id, account.name, account.display, account.role, account.disabled, staff_session.expires_ms "
      "from staff_session join account on account.id = staff_session.account_id where token_hash = :a",
      caller.token_hash);
  if (proof.staff_token.empty() || !row || std::get<4>(*row) != 0 || std::get<5>(*row) <= toMillis(now))
    return fail(ErrorCode::Unauthenticated, "not_signed_in", "The staff session is unknown or over.");
  caller.account_id = std::get<0>(*row);
  caller.account_name = std::get<1>(*row);
  caller.display = std::get<2>(*row);
  caller.role = std::get<3>(*row);
  caller.session_expires = fromMillis(std::get<5>(*row));
  const bool runs_it_all = scope == Scope::Editor && caller.role == toText(Scope::Administrator);
  const bool may_view = scope == Scope::Viewer && (caller.role == toText(Scope::Reviewer) || caller.role == toText(Scope::Administrator));
  if (scope != Scope::Staff && caller.role != toText(scope) && !runs_it_all && !may_view)
    return fail(ErrorCode::Forbidden, "not_allowed", "This role may not use the route.");
  return caller;
}

}  // namespace

const char* toText(Scope scope) {
  switch (scope) {
    case Scope::Public: return "public";
    case Scope::Booking: return "booking";
    case Scope::Staff: return "staff";
    case Scope::Administrator: return "administrator";
    case Scope::Editor: return "editor";
    case Scope::Reviewer: return "reviewer";
    case Scope::Viewer: return "viewer";
    case Scope::Authority: return "authority";
    case Scope::Kiosk: return "kiosk";
  }
  return "";
}

Result<Caller> authenticate(Tx& tx, Scope scope, const Proof& proof, Instant now) {
  switch (scope) {
    case Scope::Public: return Caller{};
    case Scope::Kiosk: return kioskCaller(tx, proof, now);
    case Scope::Booking: return bookingCaller(tx, proof, now);
    default: return staffCaller(tx, scope, proof, now);
  }
}

}  // namespace invigil::server
