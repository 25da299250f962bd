// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

namespace invigil::server {

/// What a connection and a request bring along to prove who calls.
struct Proof {
  std::string staff_token, booking_token;  ///< cookies
  std::string kiosk_fingerprint;           ///< SHA-256 of a client certificate that the hall's CA has signed, over or not; empty = none
  bool kiosk_port = false;                 ///< came in at the port for kiosks
  bool certificate_offered = false;        ///< also one that does not verify
};

/// Errors: Unauthenticated not_signed_in, session_expired, kiosk_no_certificate; Forbidden not_allowed, kiosk_unknown,
/// kiosk_revoked, kiosk_certificate_over (not while an exam runs at its seat).
Result<Caller> authenticate(Tx& tx, Scope scope, const Proof& proof, Instant now);

/// "public", "booking" … as in x-scope.
const char* toText(Scope scope);

}  // namespace invigil::server
