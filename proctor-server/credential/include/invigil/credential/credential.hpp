// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/base/result.hpp"
#include "invigil/base/text.hpp"

namespace invigil::credential {

/// What a theory pass says. All text UTF-8. Carries no ID number and no picture.
struct TheoryPass {
  std::string id;            ///< number of the pass: 12 of the look-alike-free alphabet, shown as XXXX-XXXX-XXXX
  std::string issuer;        ///< short name of the examination centre
  std::string name;          ///< the candidate's name
  Bytes id_digest;  ///< 16 bytes: SHA-256(salt | id_type | ":" | id_number) truncated; the salt stays with the issuer
  std::string blueprint;     ///< blueprint id
  std::string title_zh, title_en;  ///< blueprint title, for people who read the certificate offline
  std::string role;          ///< special_operations, principal, manager
  std::string category;      ///< catalogue number, may be empty
  int points_x100 = 0, points_max_x100 = 10000;  ///< hundredths of points
  std::string replaces;      ///< number of the pass that this one stands for after a regrade; mostly empty
  Instant sat_at;            ///< end of the sitting; the three instants are signed in whole seconds
  Instant issued_at;
  Instant expires_at;        ///< 12 months after the sitting, also of a pass that a regrade made; counts to the end of that day
  /// Always true, signed with the rest: "a theory pass, not a permission to work".
  bool not_a_work_permit = true;
};

/// The last second of the day on which `t` falls in China (UTC+8, no summer time). People read a date on a pass, so it
/// counts through the whole of the day of its expires_at; passes of before that rule end in the middle of one.
Instant endOfDay(Instant t);
/// That day, "2027-11-23".
std::string dayOf(Instant t);

/// One P-256 signing key. Move-only; the private part never leaves OpenSSL but by privatePem().
class SigningKey {
 public:
  static SigningKey generate();
  /// Errors: Corrupt bad_key.
  static Result<SigningKey> fromPem(const std::string& pem);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();
  std::string privatePem() const;
  std::string publicPem() const;
  /// First 8 bytes of SHA-256 of the DER SubjectPublicKeyInfo.
  Bytes kid() const;
  /// Raw r||s, 64 bytes, low-S, over SHA-256(message).
  Bytes sign(std::string_view message) const;

 private:
  struct Impl;
  explicit SigningKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// The text of the QR code: "INV1:" + Base45(COSE_Sign1), or "INV2:" where points are not whole or the pass replaces
/// another: no pass has two forms. Deterministic CBOR, ES256, kid in the protected header.
/// The caller sees to a known role, an id_digest of 16 bytes (both asserted), well-formed text of at most 800 bytes
/// each, and points in 0..points_max and at most 1000 whole ones. The same pass gives another text each time: ECDSA draws a nonce.
/// Thread-safe. Source: docs/adr/0005-credential.md, RFC 9052, RFC 8949 4.2, RFC 9285.
std::string issue(const TheoryPass& pass, const SigningKey& key);

/// Hundredths as people write them: 7950 -> "79.5".
std::string pointsText(int points_x100);

/// Public keys that a verifier accepts, as trust.json:
/// {"format":"invigil-trust","version":1,"keys":[{"kid","issuer","pem"}]}.
class TrustList {
 public:
  /// Errors: InvalidInput bad_trust_list (where names the member).
  static Result<TrustList> parse(std::string_view json);
  /// One key may stand under several names, e.g. before and after a centre was renamed.
  void add(const std::string& issuer, const SigningKey& key);
  std::string toJson() const;

 private:
  friend Result<TheoryPass> readSigned(std::string_view, const TrustList&);
  struct Key { Bytes kid; std::string issuer, pem; };
  std::vector<Key> keys_;
};

/// Checks the text and returns what it says. Strict: size limit, one CBOR item, no trailing bytes, deterministic
/// encoding, no duplicate map keys, tag 18 only, ES256 only, empty unprotected header, 64-byte low-S signature, every
/// key with an equal kid is tried, times (issued in the future by more than 5 minutes, expired: past endOfDay).
/// The issuer that the pass names must be the one that the trust list names for the key.
/// Errors: InvalidInput not_a_credential; Corrupt malformed_credential, bad_signature, issuer_mismatch; NotFound
/// unknown_issuer; Conflict expired (the signature is good), issued_in_future.
/// Thread-safe; no I/O.
Result<TheoryPass> verify(std::string_view text, const TrustList& trust, Instant now);
/// The first part of verify(): what a text with a good signature says, whatever the time is. No verdict by itself: inTime() is the
/// other part. Errors: as verify(), but for the times. Thread-safe; no I/O.
Result<TheoryPass> readSigned(std::string_view text, const TrustList& trust);
/// Errors: Conflict expired, issued_in_future.
Status inTime(const TheoryPass& pass, Instant now);

}  // namespace invigil::credential
