// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "tls_identity.hpp"

#include <arpa/inet.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>

#include "app.hpp"

namespace invigil::server {
namespace {

constexpr std::chrono::hours kDay{24};
constexpr std::size_t kFileMax = 1 << 16;
const std::vector<std::string> kLocal{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};

auto badKey(const std::string& what) { return fail(ErrorCode::Corrupt, "bad_key", what); }

/// Whether TLS takes them, before anybody is told that all is well.
Status tryOut(const std::string& certificate, const std::string& key) {
  struct End {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  const std::unique_ptr<SSL_CTX, End> trial(SSL_CTX_new(TLS_server_method()));
  return loadInto(trial.get(), certificate, key);
}

/// One of the two files. A link to what is not there (a disk that is not mounted) is no place where one may be made.
/// Errors: NotFound; Corrupt bad_key; Unavailable.
Result<std::string> readPart(const std::string& path) {
  auto text = readFile(path, kFileMax);
  std::error_code ignored;
  if (!text && text.error().code == ErrorCode::NotFound && std::filesystem::is_symlink(path, ignored))
    return badKey("'" + path + "' points to nothing. Put there what it is to point to; or remove server.key and server.pem, to have both from this hall's CA.");
  return text;
}

/// Both files as they are, together or not. Empty where there is no certificate. Errors: Corrupt bad_key, Unavailable.
Result<std::optional<TlsIdentity>> readTls(const std::string& folder, const Authority& authority) {
  const std::string path = folder + "/server.pem";
  auto certificate = readPart(path);
  if (!certificate && certificate.error().code == ErrorCode::NotFound) return std::optional<TlsIdentity>();
  if (!certificate) return fail(certificate.error());
  const auto facts = Authority::facts(*certificate);
  if (!facts) return badKey("'" + path + "' is no PEM certificate.");
  TlsIdentity identity;
  identity.folder = folder;
  identity.begins = facts->begins;
  identity.ends = facts->ends;
  identity.names = facts->names;
  // Made by hand in the old way, perhaps.
  if (const auto meant = subjectName(facts->subject); meant && identity.names.empty()) identity.names.push_back(*meant);
  identity.own = authority.hasSigned(*certificate);
  identity.certificate = std::move(*certificate);
  auto key = readPart(folder + "/server.key");
  if (!key && key.error().code != ErrorCode::NotFound) return fail(key.error());
  identity.key = key.value_or("");
  if (isKeyOf(identity.key, identity.certificate)) INVIGIL_CHECK(tryOut(identity.certificate, identity.key));
  return std::optional<TlsIdentity>(std::move(identity));
}

std::vector<std::string> withLocal(std::vector<std::string> names) {
  for (const std::string& name : kLocal) names.push_back(name);
  std::vector<std::string> once;
  for (std::string& name : names)
    if (std::find(once.begin(), once.end(), name) == once.end()) once.push_back(std::move(name));
  return once;
}

bool sameNames(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

bool ofEarlierCa(const TlsIdentity& identity) {
  const auto facts = Authority::facts(identity.certificate);
  return facts && isHallCa(facts->issuer);
}

/// Whether it is to be made (anew).
bool isDue(const std::optional<TlsIdentity>& have, const Authority& authority, const TlsWish& wish, Instant now) {
  if (!have) return true;
  if (!have->own) return wish.ca_is_new && ofEarlierCa(*have);
  if (!isKeyOf(have->key, have->certificate)) return true;
  if (!wish.names.empty() && !sameNames(have->names, withLocal(wish.names))) return true;
  // Made while the clock was ahead. A time from before the CA is no time: such a clock is wrong now.
  if (now < have->begins && now >= authority.begins) return true;
  // Towards the CA's own end each new one would last hardly longer.
  return wantsRenewal(have->begins, have->ends, now) && authority.serverEnds(now) - have->ends > kDay;
}

Result<TlsIdentity> make(const std::string& folder, const Authority& authority, const std::vector<std::string>& names, Instant now) {
  auto key = readPart(folder + "/server.key");
  if (!key && key.error().code != ErrorCode::NotFound) return fail(key.error());
  // It may be the operator's own.
  if (key && !isKey(*key))
    return badKey("'" + folder + "/server.key' is no PEM key, or it has a pass phrase. Put the right one there; or remove server.key and server.pem, to have both from this hall's CA.");
  const std::string pem = key ? *key : newKeyPem();
  INVIGIL_TRY(certificate, authority.signServer(pem, names, now));
  INVIGIL_CHECK(tryOut(certificate, pem));
  // The key first: one that its certificate does not belong to is mended at the next start.
  if (!key) INVIGIL_CHECK(writeFileDurably(folder + "/server.key", pem, 0600));
  INVIGIL_CHECK(writeFileDurably(folder + "/server.pem", certificate));
  INVIGIL_TRY(made, readTls(folder, authority));
  if (!made) return badKey("'" + folder + "/server.pem' is gone.");
  made->made = true;
  return std::move(*made);
}

std::string dateOf(Instant t) { return formatUtc(t).substr(0, 10); }

/// One line for each that comes to its end.
void tellOfEnds(const Json& health, const TlsIdentity& tls) {
  static const std::pair<const char*, const char*> whose[]{{"ca", "the hall's own CA"}, {"server", "the server's certificate"}, {"kiosks", "a kiosk's certificate"}};
  for (const auto& [name, words] : whose) {
    const Json& one = health.at(name);
    if (one.at("level") == "ok") continue;
    const bool foreign = std::string_view(name) == "server" && !tls.own;
    std::fprintf(stderr, "invigil-server: %s: %s ends in %lld days%s; see docs/operating/running.md\n", one.at("level").get<std::string>().c_str(), words,
                 one.at("days_left").get<long long>(), foreign ? " and is not from the hall's CA, so this server cannot renew it" : "");
  }
}

}  // namespace

Result<std::string> subjectName(const std::string& host) {
  const auto bad = [&] {
    return fail(ErrorCode::InvalidInput, "bad_host", "'" + host + "' is no host: a name such as hall.example (other scripts as xn--…), or an address such as 192.0.2.7, without https:// and port.");
  };
  unsigned char address[sizeof(in6_addr)];
  char readable[INET6_ADDRSTRLEN];
  for (const int family : {AF_INET, AF_INET6})
    if (::inet_pton(family, host.c_str(), address) == 1 && ::inet_ntop(family, address, readable, sizeof readable)) return std::string("IP:") + readable;
  std::string name = host;
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (name.empty() || name.size() > 253 || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") != std::string::npos) return bad();
  if (name.find_first_not_of("0123456789.") == std::string::npos) return bad();  // an address with a mistake in it
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('.', at), name.size());
    if (end == at || end - at > 63 || name[at] == '-' || name[end - 1] == '-') return bad();
    at = end + 1;
  }
  return "DNS:" + name;
}

Result<TlsIdentity> openTls(const std::string& folder, const Authority& authority, const TlsWish& wish, Instant now) {
  INVIGIL_TRY(have, readTls(folder, authority));
  if (!have && wish.running) return badKey("'" + folder + "/server.pem' is gone; the one from before is still in use.");
  const bool usable = have && isKeyOf(have->key, have->certificate), due = isDue(have, authority, wish, now);
  if (!usable && (wish.running || !due))
    return badKey("'" + folder + "/server.key' is not the key of 'server.pem' beside it, or it has a pass phrase" +
                  (wish.running ? "; the two from before are still in use." : "."));
  if (!due) return std::move(*have);
  std::vector<std::string> names = wish.names;
  if (names.empty() && have) names = have->names;
  names = withLocal(std::move(names));
  auto made = make(folder, authority, names, now);
  if (made && have)
    std::copy_if(have->names.begin(), have->names.end(), std::back_inserter(made->dropped),
                 [&](const std::string& name) { return std::find(made->names.begin(), made->names.end(), name) == made->names.end(); });
  if (made || !usable) return made;
  have->trouble = made.error().detail.empty() ? made.error().reason : made.error().detail;
  return std::move(*have);
}

Status tendTls(App& app, Instant now) {
  const auto before = app.tls.current();
  if (!before) return {};
  const auto told = [&] { return !app.limits.allow("housekeeping/tls-trouble", 1, std::chrono::hours(1), now); };
  TlsWish wish;
  wish.running = true;
  auto seen = openTls(before->folder, app.authority, wish, now);
  if (seen && !seen->trouble.empty() && !told())
    std::fprintf(stderr, "invigil-server: the server's certificate is due and could not be made anew: %s\n", seen->trouble.c_str());
  if (seen && (seen->certificate != before->certificate || seen->key != before->key)) {
    const std::string ends = dateOf(seen->ends), what = seen->made ? "server_certificate_made" : "server_certificate_taken";
    app.tls.put(std::move(*seen));
    std::fprintf(stderr, "invigil-server: the server shows another certificate from now on, good until %s\n", ends.c_str());
    INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
      audit(tx, now, "server", what, "server", ends);
      return {};
    }));
  }
  // Also where the files are no good: what is shown comes to its end all the same.
  if (app.limits.allow("housekeeping/certificates", 1, kDay, now)) {
    INVIGIL_TRY(health, app.store->readNow<Json>([&](Tx& tx) -> Result<Json> { return certificateHealth(app, tx, now); }));
    tellOfEnds(health, *app.tls.current());
  }
  if (!seen && !told()) return fail(seen.error());
  return {};
}

Json certificateHealth(const App& app, Tx& tx, Instant now) {
  const auto left = [&](Instant begins, Instant ends) -> Json {
    return {{"days_left", std::chrono::floor<std::chrono::days>(ends - now).count()}, {"level", lifeLevel(begins, ends, now)}};
  };
  const auto tls = app.tls.current();
  const auto first = tx.one<std::int64_t, std::int64_t>(
      "select issued_ms, ends_ms from kiosk join kiosk_certificate on kiosk_certificate.fingerprint = kiosk.certificate "
      "where kiosk.revoked = 0 order by ends_ms limit 1");
  return {{"ca", left(app.authority.begins, app.authority.ends)},
          {"server", tls ? left(tls->begins, tls->ends) : left({}, {})},
          {"kiosks", first ? left(fromMillis(std::get<0>(*first)), fromMillis(std::get<1>(*first))) : Json{{"days_left", nullptr}, {"level", "ok"}}}};
}

}  // namespace invigil::server
