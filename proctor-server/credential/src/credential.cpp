// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/credential/credential.hpp"

#include <algorithm>

#include "base45.hpp"
#include "cbor.hpp"
#include "claims.hpp"
#include "cose.hpp"
#include "ecdsa.hpp"

namespace invigil::credential {
namespace {

constexpr std::string_view kFirst = "INV1:", kSecond = "INV2:";
constexpr std::size_t kTextMax = 4296;  // of the largest QR code, alphanumeric
constexpr minutes kClockAllowance{5};
constexpr std::chrono::hours kChina{8};

std::string_view asText(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

Instant endOfDay(Instant t) {
  return std::chrono::floor<std::chrono::days>(t + kChina) + std::chrono::days{1} - kChina - seconds{1};
}

std::string dayOf(Instant t) {
  const std::string there = formatUtc(t + kChina);
  return there.substr(0, there.find('T'));
}

std::string issue(const TheoryPass& pass, const SigningKey& key) {
  Sign1 message;
  message.kid = key.kid();
  message.protected_header = protectedHeader(message.kid);
  message.payload = writeClaims(pass);
  message.signature = key.sign(asText(sigStructure(message.protected_header, {}, message.payload)));
  return std::string(isSecondForm(pass) ? kSecond : kFirst) + toBase45(writeSign1(message));
}

Result<TheoryPass> verify(std::string_view text, const TrustList& trust, Instant now) {
  INVIGIL_TRY(pass, readSigned(text, trust));
  INVIGIL_CHECK(inTime(pass, now));
  return pass;
}

Result<TheoryPass> readSigned(std::string_view text, const TrustList& trust) {
  const bool second = text.starts_with(kSecond);
  if ((!second && !text.starts_with(kFirst)) || text.size() > kTextMax)
    return fail(
        ErrorCode::InvalidInput, "not_a_credential",
        "This is not an Invigil credential: its text must start with INV1: or INV2: and come from the QR code unchanged.");
  const auto bytes = fromBase45(text.substr(kFirst.size()));
  if (!bytes) return malformed("it holds a character or group that no credential has");
  INVIGIL_TRY(message, readSign1(*bytes));
  const Bytes to_be_signed = sigStructure(message.protected_header, {}, message.payload);
  bool known = false;
  std::vector<std::string_view> signers;
  for (const TrustList::Key& candidate : trust.keys_) {
    if (candidate.kid != message.kid) continue;
    known = true;
    const auto key = publicKeyFromPem(candidate.pem);
    if (key && verifyRaw(key->get(), to_be_signed, message.signature)) signers.push_back(candidate.issuer);
  }
  if (!known)
    return fail(ErrorCode::NotFound, "unknown_issuer",
                "The credential is signed with a key (" + toHex(message.kid) + ") that is not in the trust list.");
  // A second form of a good signature, (r, n-s), needs no key to make; one credential must have one text.
  if (signers.empty() || !isLowS(message.signature))
    return fail(ErrorCode::Corrupt, "bad_signature",
                "The signature does not fit: the credential was altered or forged.");
  INVIGIL_TRY(pass, readClaims(message.payload, second));
  if (std::find(signers.begin(), signers.end(), pass.issuer) == signers.end())
    return fail(ErrorCode::Corrupt, "issuer_mismatch",
                "The credential names another issuer than the trust list does for its key.");
  return pass;
}

Status inTime(const TheoryPass& pass, Instant now) {
  if (pass.issued_at > now + kClockAllowance)
    return fail(
        ErrorCode::Conflict, "issued_in_future",
        "The credential is issued at " + formatUtc(pass.issued_at) + ", which is in the future: check the clock.");
  if (std::chrono::floor<seconds>(now) > endOfDay(pass.expires_at))
    return fail(ErrorCode::Conflict, "expired",
                "The signature is good, but the credential expired with " + dayOf(pass.expires_at) + " (UTC+8).");
  return {};
}

std::string pointsText(int points_x100) {
  std::string text = std::to_string(points_x100 / 100);
  const int rest = points_x100 % 100;
  if (rest != 0) text += "." + std::to_string(rest / 10);
  if (rest % 10 != 0) text += std::to_string(rest % 10);
  return text;
}

}  // namespace invigil::credential
