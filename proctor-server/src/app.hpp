// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <unordered_map>

#include "http/call.hpp"
#include "invigil/base/clock.hpp"
#include "invigil/base/text.hpp"
#include "invigil/credential/credential.hpp"
#include "store/store.hpp"
#include "tls_identity.hpp"

namespace invigil::server {

struct Config {
  std::string data_dir;             ///< database, keys, outbox
  std::string web_dir;              ///< built pages; empty = none
  int public_port = 8443;           ///< 0 = any free one
  int kiosk_port = 8444;
  bool demo = false;                ///< phone codes are shown on the page
  std::string centre = "Invigil";   ///< issuer named in credentials
  std::string recordings_dir;       ///< sealed segments of recordings; empty = "recordings" in data_dir
  std::int64_t recordings_bytes_max = 0;  ///< of all recordings; 0 = what the disk bears
  std::vector<std::string> hosts;   ///< of subjectName(): what the server's certificate is for; empty = as it is
};

/// Looks at a reference photo. The server can be built without one.
class PhotoChecker {
 public:
  struct Verdict {
    bool accepted = true;
    std::vector<std::string> reasons;  ///< ids: no_face, several_faces, too_dark …
  };
  virtual ~PhotoChecker() = default;
  virtual std::string name() const = 0;
  /// Thread-safe; slow (up to a second). Errors: InvalidInput bad_image, TooLarge image_too_large.
  /// @param others  photos of the same person accepted before; another face is reason other_person
  virtual Result<Verdict> check(const std::string& image, const std::vector<std::string>& others) = 0;
};

/// Delivers the code to a phone. Errors: Unavailable.
class PhoneGateway {
 public:
  virtual ~PhoneGateway() = default;
  virtual Status send(const std::string& phone, const std::string& zh, const std::string& en) = 0;
};

/// Token buckets in memory by key; thread-safe. A restart forgets them, lockouts of accounts are in the database.
class RateLimiter {
 public:
  /// True and counted when fewer than `max` calls were allowed under `key` within the last `window`.
  bool allow(const std::string& key, int max, milliseconds window, Instant now);

 private:
  struct Bucket { Instant since; milliseconds window; int used; };
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

/// AES-256-GCM with the data folder's photo key: pictures at rest.
class Sealer {
 public:
  explicit Sealer(Bytes key) : key_(std::move(key)) {}
  std::string seal(std::string_view plain) const;                 ///< base64(nonce | ciphertext | tag)
  Result<std::string> open(const std::string& sealed) const;      ///< Errors: Corrupt cannot_open_sealed.

 private:
  Bytes key_;
};

/// Wakes the one thread that waits for it. A ring that comes first is not lost. Thread-safe.
class Bell {
 public:
  void ring();
  /// False when `stop` came first.
  bool wait(std::stop_token stop);

 private:
  std::mutex mutex_;
  std::condition_variable_any rung_;
  bool rang_ = false;
};

/// Everything the features share. Made once, then constant; members are thread-safe.
struct App {
  Config config;
  std::shared_ptr<Clock> clock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<credential::SigningKey> signing_key;
  credential::TrustList trust;
  Authority authority;
  TlsShelf tls;
  std::unique_ptr<Sealer> sealer;
  std::unique_ptr<PhotoChecker> photos;  ///< may be null
  std::unique_ptr<PhoneGateway> phone;
  RateLimiter limits;
  Bell job_bell;                         ///< rung after the commit of a new job
  /// When this process began to listen, woke up, or took over a leap of the machine's clock: what passed before has its grace.
  std::atomic<Instant> serving_since{Instant{}};
};

// --- small helpers that every feature uses -------------------------------------------------------------------------

inline Json wording(const std::string& zh, const std::string& en) { return {{"zh", zh}, {"en", en}}; }
inline Json millis(std::optional<std::int64_t> ms) { return ms ? Json(*ms) : Json(nullptr); }
std::string sha256Hex(std::string_view text);
/// Lower-case hex id of 16 characters.
std::string newId();
/// One row of the audit table. `subject` is an id; `detail` never holds a name, number or picture.
void audit(Tx& tx, Instant at, const std::string& actor, const std::string& action, const std::string& subject,
           const std::string& detail = {});

}  // namespace invigil::server
