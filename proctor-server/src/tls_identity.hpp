// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "authority.hpp"
#include "http/call.hpp"

namespace invigil::server {

/// What the server shows at both ports: server.pem and server.key of the keys folder.
struct TlsIdentity {
  std::string certificate, key;    ///< PEM; the chain follows the certificate
  Instant begins{}, ends{};
  std::vector<std::string> names;  ///< as in CertificateFacts
  std::string folder;              ///< where both files lie
  bool own = false;                ///< signed by the hall's CA: this server makes it anew. Another one is never touched
  bool made = false;               ///< by the openTls() that returned it
  std::vector<std::string> dropped;  ///< where made: names that the one before had
  std::string trouble;             ///< why it was not made anew although it is time; empty = all is well
};

/// The one of this moment. Thread-safe.
class TlsShelf {
 public:
  /// Null before openKeys().
  std::shared_ptr<const TlsIdentity> current() const {
    std::lock_guard lock(mutex_);
    return current_;
  }
  void put(TlsIdentity identity) {
    auto next = std::make_shared<const TlsIdentity>(std::move(identity));
    std::lock_guard lock(mutex_);
    current_ = std::move(next);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TlsIdentity> current_;
};

/// A host as certificates name it: "DNS:hall.example", "IP:192.0.2.7". Errors: InvalidInput bad_host.
Result<std::string> subjectName(const std::string& host);

struct TlsWish {
  std::vector<std::string> names;  ///< of subjectName(), beside localhost; empty = those that it has
  bool ca_is_new = false;          ///< what an earlier CA of this hall has signed is worth nothing any more
  bool running = false;            ///< the server runs: whoever changes the files may be half done, so what does not fit is left alone
};

/// Reads the two files. What the hall's CA has signed is made anew when it has other names than the wished ones, when less than
/// a third of its life is left or, at a start, when it does not belong to its key; the key stays, so that one rename does it. A key
/// is made only where there is none. Where that fails and what is there can be used, it is used (`trouble`).
/// Errors: Corrupt bad_key, bad_ca; Unavailable.
Result<TlsIdentity> openTls(const std::string& folder, const Authority& authority, const TlsWish& wish, Instant now);

/// Looks at the files again: makes anew what is due, takes what somebody else has put there, and tells the log once a day of what
/// comes to its end. Nothing before openKeys(). Errors: as openTls() and the store; at most once an hour.
Status tendTls(App& app, Instant now);

/// What is left of the certificates: `certificates` of Health in openapi.yaml.
Json certificateHealth(const App& app, Tx& tx, Instant now);

}  // namespace invigil::server
