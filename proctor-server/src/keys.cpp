// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "invigil/base/random.hpp"
#include "papers/batches.hpp"

namespace invigil::server {
namespace {

struct Kind {
  const char* name;     ///< in key_used
  const char* file;
  const char* use;      ///< what in the database hangs on it
  const char* without;  ///< what going on without it means
};
constexpr Kind kCa{"ca", "ca.pem", "the certificates of the enrolled kiosks", "every kiosk has to be enrolled anew"};
constexpr Kind kCredential{"credential", "credential.key", "the theory passes that were issued", "new passes are signed by a new key"};
constexpr Kind kPhoto{"photo", "photo.key", "reference photos, pictures of incidents, recordings and sealed papers",
                      "all of these stay closed for good"};

/// What the photo key has sealed.
struct Sealed {
  const char* table;
  const char* column;
  const char* when;
};
constexpr Sealed kSealed[]{{"reference_photo", "sealed", "taken_ms"}, {"recording", "key", "made_ms"}, {"incident_key", "key", "made_ms"},
                           {"paper_batch", "seed", "made_ms"}, {"evidence", "picture", "at_ms"}, {"admission", "capture", "created_ms"}};

/// What the database says about keys.
struct Known {
  std::set<std::pair<std::string, std::string>> used;  ///< name, id
  std::set<std::string> needed;                        ///< names of those that something hangs on
};

Result<Known> knownOf(Tx& tx) {
  Known known;
  for (auto& [name, id] : tx.all<std::string, std::string>("select distinct name, id from key_used")) known.used.emplace(name, id);
  const auto any = [&](const std::string& table, const std::string& where) {
    return tx.value<std::int64_t>("select count(*) from (select 1 from " + table + " where " + where + " limit 1) found").value_or(0) > 0;
  };
  if (any("kiosk", "revoked = 0")) known.needed.insert(kCa.name);
  if (any("certificate", "text <> ''")) known.needed.insert(kCredential.name);
  for (const Sealed& one : kSealed)
    if (any(one.table, std::string(one.column) + " <> ''")) {
      known.needed.insert(kPhoto.name);
      break;
    }
  return known;
}

/// Does it open anything of the newest? One row that has rotted says nothing about the key.
bool opensSomething(const Sealer& sealer, Tx& tx) {
  for (const Sealed& one : kSealed)
    for (auto& [sealed] : tx.all<std::string>(std::string("select ") + one.column + " from " + one.table + " where " + one.column +
                                              " <> '' order by " + one.when + " desc limit 3"))
      if (sealer.open(sealed)) return true;
  return false;
}

bool signedSomething(const credential::SigningKey& key, const std::string& centre, Tx& tx, Instant now) {
  credential::TrustList own;
  own.add(centre, key);
  // Of a renamed centre, expired or early: the signature is good all the same.
  static const std::set<std::string> good{"", "issuer_mismatch", "issued_in_future", "expired"};
  for (auto& [text] : tx.all<std::string>("select text from certificate order by issued_ms desc limit 5")) {
    const auto pass = credential::verify(text, own, now);
    if (good.contains(pass ? std::string() : pass.error().reason)) return true;
  }
  return false;
}

class KeyFolder {
 public:
  KeyFolder(App& app, std::string folder, LostKeys lost, Known known)
      : app_(app), folder_(std::move(folder)), lost_(lost), known_(std::move(known)) {}

  /// It is there, or may be made.
  Status expect(const Kind& kind) const {
    std::error_code error;
    const bool there = std::filesystem::exists(path(kind), error);
    // A folder that this user may not look into is not an empty one.
    if (error) return fail(ErrorCode::Unavailable, "bad_key", "Cannot look at '" + path(kind) + "': " + error.message() + ".");
    if (there || !known_.needed.contains(kind.name) || lost_ == LostKeys::Replace) return {};
    return fail(ErrorCode::Conflict, "key_missing", "'" + path(kind) + "' is missing. " + wayOut(kind));
  }
  Result<std::string> kept(const Kind& kind, const std::string& fresh) const {
    INVIGIL_CHECK(expect(kind));
    if (!std::filesystem::exists(path(kind))) INVIGIL_CHECK(writeFileDurably(path(kind), fresh, 0600));
    return readFile(path(kind), 1 << 16);
  }
  /// Is it another key than the one that the database hangs on? Then it is refused, unless the operator wants it so.
  /// @param fits  asked where the database has not met this key: it may come from a program that took no note of keys
  Result<bool> isAnother(const Kind& kind, const std::string& id, const std::function<bool(Tx&)>& fits) const {
    if (known_.used.contains({kind.name, id}) || !known_.needed.contains(kind.name)) return false;
    INVIGIL_TRY(good, app_.store->readNow<bool>([&](Tx& tx) -> Result<bool> { return fits(tx); }));
    if (good) return false;
    if (lost_ == LostKeys::Refuse)
      return fail(ErrorCode::Conflict, "key_other", "'" + path(kind) + "' is another key than the one that this database was kept with. " + wayOut(kind));
    std::fprintf(stderr, "invigil-server: '%s' is a new key: %s\n", path(kind).c_str(), kind.without);
    return true;
  }
  bool hasMet(const Kind& kind) const {
    return std::any_of(known_.used.begin(), known_.used.end(), [&](const auto& one) { return one.first == kind.name; });
  }

 private:
  std::string path(const Kind& kind) const { return folder_ + "/" + kind.file; }
  std::string wayOut(const Kind& kind) const {
    return std::string("What depends on it: ") + kind.use + ". Put the backup of '" + folder_ +
           "' back and start again. If it is lost for good: invigil-server init --data " + app_.config.data_dir + " --new-keys; then " + kind.without + ".";
  }

  App& app_;
  std::string folder_;
  LostKeys lost_;
  Known known_;
};

/// Every name this centre has signed under: passes issued before a renaming must go on verifying. The file is from the
/// time before key_used.
Result<std::vector<std::string>> namesOf(const App& app, const std::string& path) {
  std::vector<std::string> names;
  if (auto text = readFile(path, 1 << 16)) {
    auto list = Json::parse(*text, nullptr, false);
    const bool texts = list.is_array() && std::all_of(list.begin(), list.end(), [](const Json& one) { return one.is_string(); });
    if (!texts) return fail(ErrorCode::Corrupt, "bad_key", "'" + path + "' is damaged.");
    names = list.get<std::vector<std::string>>();
  }
  if (std::find(names.begin(), names.end(), app.config.centre) == names.end()) names.push_back(app.config.centre);
  return names;
}

/// Every public key that ever signed for this database.
Result<credential::TrustList> trustOf(Tx& tx) {
  Json list{{"format", "invigil-trust"}, {"version", 1}, {"keys", Json::array()}};
  for (auto& [kid, issuer, pem] : tx.all<std::string, std::string, std::string>(
           "select id, issuer, pem from key_used where name = :a order by since_ms, issuer", kCredential.name))
    list["keys"].push_back({{"kid", kid}, {"issuer", issuer}, {"pem", pem}});
  return credential::TrustList::parse(list.dump(-1, ' ', false, Json::error_handler_t::replace));
}

/// Nobody can take a paper of these any more; others are sealed as soon as the server runs.
Status withdrawClosedPapers(Tx& tx, Instant now) {
  for (auto& [id] : tx.all<std::string>("select id from paper_batch where state in ('sealed', 'in_use')")) {
    INVIGIL_TRY(row, batchById(tx, id));
    withdrawPapers(tx, row, nullptr, {}, "withdraw", "密钥已丢失 / the key is lost", "server", now);
  }
  return {};
}

}  // namespace

Status openKeys(App& app, const std::string& folder, LostKeys lost) {
  INVIGIL_TRY(known, app.store->readNow<Known>(knownOf));
  const KeyFolder keys(app, folder, lost, std::move(known));
  const Instant now = app.clock->now();

  // All are looked for before one is made: a refused start leaves the folder as it was.
  for (const Kind& kind : {kCa, kCredential, kPhoto}) INVIGIL_CHECK(keys.expect(kind));
  INVIGIL_TRY(authority, Authority::open(folder, now));
  INVIGIL_TRY(ca_id, Authority::fingerprint(authority.ca_certificate));
  // What a kiosk holds cannot be asked here: a database that has met no CA yet takes this one as its own.
  INVIGIL_TRY(ca_other, keys.isAnother(kCa, ca_id, [&](Tx&) { return !keys.hasMet(kCa); }));

  INVIGIL_TRY(signing_pem, keys.kept(kCredential, credential::SigningKey::generate().privatePem()));
  INVIGIL_TRY(signing, credential::SigningKey::fromPem(signing_pem));
  const std::string kid = toHex(signing.kid());
  INVIGIL_CHECK(keys.isAnother(kCredential, kid, [&](Tx& tx) { return signedSomething(signing, app.config.centre, tx, now); }).map([](auto&&) {}));
  INVIGIL_TRY(names, namesOf(app, folder + "/issuers.json"));

  INVIGIL_TRY(photo_hex, keys.kept(kPhoto, randomHex(32)));
  const auto photo_key = fromHex(trim(photo_hex));
  if (!photo_key || photo_key->size() != 32) return fail(ErrorCode::Corrupt, "bad_key", "'" + folder + "/photo.key' is damaged.");
  const std::string photo_id = sha256Hex("invigil photo key " + toHex(*photo_key)).substr(0, 16);
  auto sealer = std::make_unique<Sealer>(*photo_key);
  INVIGIL_TRY(papers_closed, keys.isAnother(kPhoto, photo_id, [&](Tx& tx) { return opensSomething(*sealer, tx); }));

  INVIGIL_TRY(tls, openTls(folder, authority, {app.config.hosts, authority.made || ca_other}, now));
  if (!tls.trouble.empty()) std::fprintf(stderr, "invigil-server: the server's certificate is due and could not be made anew: %s\n", tls.trouble.c_str());
  if (const auto facts = Authority::facts(tls.certificate); facts && !tls.own && isHallCa(facts->issuer))
    std::fprintf(stderr, "invigil-server: '%s/server.pem' is from an earlier CA of this hall: kiosks that trust the present one refuse this server. "
                 "Remove server.pem and start again with --host for each name, to have it from the present one\n", folder.c_str());

  INVIGIL_TRY(trust, app.store->writeNow<credential::TrustList>([&](Tx& tx) -> Result<credential::TrustList> {
    const auto note = [&](const Kind& kind, const std::string& id, const std::string& issuer, const std::string& pem) {
      if (tx.exec("insert into key_used(name, id, issuer, pem, since_ms) values (:a, :b, :c, :d, :e) on conflict do nothing", kind.name, id, issuer,
                  pem, toMillis(now)) == 1)
        audit(tx, now, "server", "key_taken", id, kind.name);
    };
    note(kCa, ca_id, "", "");
    for (const std::string& name : names) note(kCredential, kid, name, signing.publicPem());
    note(kPhoto, photo_id, "", "");
    if (tls.made) audit(tx, now, "server", "server_certificate_made", "server", formatUtc(tls.ends).substr(0, 10));
    if (papers_closed) INVIGIL_CHECK(withdrawClosedPapers(tx, now));
    return trustOf(tx);
  }));
  app.authority = std::move(authority);
  app.tls.put(std::move(tls));
  app.signing_key = std::make_unique<credential::SigningKey>(std::move(signing));
  app.trust = std::move(trust);
  app.sealer = std::move(sealer);
  return {};
}

}  // namespace invigil::server
