// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/base/result.hpp"

struct ssl_ctx_st;  // SSL_CTX of OpenSSL

namespace invigil::server {

/// What a certificate says about itself.
struct CertificateFacts {
  Instant begins{}, ends{};
  std::vector<std::string> names;  ///< "DNS:hall.example", "IP:192.0.2.7", in the order of the certificate
  std::string issuer, subject;     ///< their common names
};

/// Less than a third of its life is left.
bool wantsRenewal(Instant begins, Instant ends, Instant now);
/// In one word for a monitoring system: "ok"; "near" with less than a quarter of the life left, where the renewal at a third
/// ought to have been; "due" with less than a twelfth, or over.
const char* lifeLevel(Instant begins, Instant ends, Instant now);

/// The hall's own CA (ca.pem, ca.key in the keys folder): signs the certificates of the kiosks and of the server.
struct Authority {
  std::string ca_certificate, ca_key;  ///< PEM
  Instant begins{}, ends{};            ///< of the CA; nothing that it signs lasts longer
  bool made = false;                   ///< by this open()

  /// Makes what is missing. Errors: Unavailable, Corrupt bad_ca.
  static Result<Authority> open(const std::string& folder, Instant now);
  /// A client certificate for a kiosk, valid 2 years. Errors: InvalidInput bad_csr, Unavailable ca_over, Corrupt bad_ca.
  Result<std::string> signKiosk(const std::string& csr_pem, const std::string& kiosk_id, Instant now) const;
  /// The server's certificate for a key, valid 820 days in all, and the CA's behind it. @param names  as in CertificateFacts, at least one.
  /// Errors: Corrupt bad_key, bad_ca; Unavailable ca_over.
  Result<std::string> signServer(const std::string& key_pem, const std::vector<std::string>& names, Instant now) const;
  /// When a certificate of the server that was signed now would end.
  Instant serverEnds(Instant now) const;
  /// Whether the first certificate of a PEM text is signed by this CA.
  bool hasSigned(const std::string& certificate_pem) const;

  /// SHA-256 of the DER, hex. Errors: InvalidInput bad_certificate.
  static Result<std::string> fingerprint(const std::string& certificate_pem);
  /// Of the first certificate of a PEM text. Errors: InvalidInput bad_certificate.
  static Result<CertificateFacts> facts(const std::string& certificate_pem);
};

/// Whether a CA that names itself so was made by a program of this kind.
bool isHallCa(const std::string& issuer);
/// A new P-256 key.
std::string newKeyPem();
bool isKey(const std::string& key_pem);
bool isKeyOf(const std::string& key_pem, const std::string& certificate_pem);
/// Has TLS show a certificate with the chain behind it. Errors: Corrupt bad_key, also for what can be read and belongs together:
/// the key may be too short, the chain damaged.
Status loadInto(ssl_ctx_st* context, const std::string& certificate_pem, const std::string& key_pem);

}  // namespace invigil::server
