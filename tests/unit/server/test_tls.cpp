// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <QTemporaryFile>
#include <cstdio>
#include <filesystem>
#include <functional>

#include "exam_hall.hpp"
#include "http/authenticate.hpp"
#include "keys.hpp"
#include "old_store.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

constexpr std::chrono::hours kDay{24};

/// A certificate request for a key that nobody keeps.
std::string request() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509_REQ* made = X509_REQ_new();
  X509_REQ_set_pubkey(made, key);
  X509_REQ_sign(made, key, EVP_sha256());
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509_REQ(out, made);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free_all(out);
  X509_REQ_free(made);
  EVP_PKEY_free(key);
  return text;
}

/// What is told on stderr meanwhile.
std::string said(const std::function<void()>& work) {
  QTemporaryFile file;
  if (!file.open()) qFatal("no file");
  std::fflush(stderr);
  const int terminal = ::dup(STDERR_FILENO);
  ::dup2(file.handle(), STDERR_FILENO);
  work();
  std::fflush(stderr);
  ::dup2(terminal, STDERR_FILENO);
  ::close(terminal);
  return readFile(file.fileName().toStdString(), 1 << 20).value_or("");
}

/// A hall with its keys in a folder, at a time that the test says.
struct TlsHall : ExamHall {
  std::string folder = dir.filePath("keys").toStdString();

  TlsHall() : ExamHall(defaultPolicy(), 0) { app.config.data_dir = dir.path().toStdString(); }
  Status open(std::vector<std::string> hosts = {}) {
    app.config.hosts = std::move(hosts);
    return openKeys(app, folder, LostKeys::Refuse);
  }
  void mustOpen(std::vector<std::string> hosts = {}) {
    if (const Status opened = open(std::move(hosts)); !opened) qFatal("refused: %s", opened.error().detail.c_str());
  }
  void put(const std::string& name, const std::string& text) {
    if (!writeFileDurably(folder + "/" + name, text, 0600)) qFatal("no %s", name.c_str());
  }
  std::string file(const std::string& name) const { return readFile(folder + "/" + name, 1 << 16).value_or(""); }
  TlsIdentity shown() const { return *app.tls.current(); }
  Status tend() { return tendTls(app, clock->now()); }
  Json health() {
    return *app.store->readNow<Json>([&](Tx& tx) -> Result<Json> { return certificateHealth(app, tx, clock->now()); });
  }
  /// What another CA made for a name: certificate and key.
  std::pair<std::string, std::string> foreign() {
    const auto other = Authority::open(dir.filePath("other").toStdString(), clock->now());
    const std::string key = newKeyPem();
    return {*other->signServer(key, {"DNS:public.example"}, clock->now()), key};
  }

  /// A certificate for server.key that somebody has made with the hall's CA by hand, for 90 days: its common name, and DNS names
  /// where there are any.
  std::string byHand(const std::string& common, const std::vector<std::string>& names) const {
    const std::string ca_pem = file("ca.pem"), ca_key_pem = file("ca.key"), key_pem = file("server.key");
    const auto bio = [](const std::string& text) { return BIO_new_mem_buf(text.data(), static_cast<int>(text.size())); };
    BIO *ca_in = bio(ca_pem), *ca_key_in = bio(ca_key_pem), *key_in = bio(key_pem), *out = BIO_new(BIO_s_mem());
    X509 *ca = PEM_read_bio_X509(ca_in, nullptr, nullptr, nullptr), *made = X509_new();
    EVP_PKEY *ca_key = PEM_read_bio_PrivateKey(ca_key_in, nullptr, nullptr, nullptr), *key = PEM_read_bio_PrivateKey(key_in, nullptr, nullptr, nullptr);
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
    ASN1_TIME_set(X509_getm_notBefore(made), toMillis(clock->now()) / 1000);
    ASN1_TIME_set(X509_getm_notAfter(made), toMillis(clock->now() + 90 * kDay) / 1000);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1, 0);
    X509_set_issuer_name(made, X509_get_subject_name(ca));
    X509_set_pubkey(made, key);
    if (!names.empty()) {
      GENERAL_NAMES* all = sk_GENERAL_NAME_new_null();
      for (const std::string& name : names) {
        ASN1_IA5STRING* text = ASN1_IA5STRING_new();
        ASN1_STRING_set(text, name.data(), static_cast<int>(name.size()));
        GENERAL_NAME* one = GENERAL_NAME_new();
        GENERAL_NAME_set0_value(one, GEN_DNS, text);
        sk_GENERAL_NAME_push(all, one);
      }
      X509_add1_ext_i2d(made, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT);
      GENERAL_NAMES_free(all);
    }
    X509_sign(made, ca_key, EVP_sha256());
    PEM_write_bio_X509(out, made);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    for (BIO* one : {ca_in, ca_key_in, key_in, out}) BIO_free_all(one);
    for (X509* one : {ca, made}) X509_free(one);
    for (EVP_PKEY* one : {ca_key, key}) EVP_PKEY_free(one);
    return pem;
  }

  // --- kiosks

  std::string enrol(const std::string& seat) {
    const std::string code = must(post("/admin/seats/{id}/enrolment", nullptr, admin, seat))["code"];
    return must(post("/kiosks/enrol", {{"code", code}, {"csr_pem", request()}}))["certificate_pem"];
  }
  /// Who comes with that certificate.
  Result<Caller> caller(const std::string& pem) {
    Proof proof;
    proof.kiosk_port = proof.certificate_offered = true;
    proof.kiosk_fingerprint = *Authority::fingerprint(pem);
    return app.store->readNow<Caller>([&](Tx& tx) { return authenticate(tx, Scope::Kiosk, proof, clock->now()); });
  }
  Result<Reply> renew(const std::string& pem) {
    INVIGIL_TRY(who, caller(pem));
    return post("/kiosk/certificate", {{"csr_pem", request()}}, who);
  }
  /// The sign of life that a kiosk gives every few seconds.
  Status alive(const std::string& pem) {
    INVIGIL_TRY(who, caller(pem));
    Call call;
    call.caller = who;
    if (const auto answer = send("get", "/api/v1/kiosk/state", call); !answer) return fail(answer.error());
    return {};
  }
};

using Names = std::vector<std::string>;
const Names kLocal{"DNS:localhost", "IP:127.0.0.1", "IP:::1"};
Names withLocal(Names names) {
  names.insert(names.end(), kLocal.begin(), kLocal.end());
  return names;
}

}  // namespace

class TlsTest : public QObject {
  Q_OBJECT

 private slots:
  void hostsAreNamesOrAddresses() {
    QCOMPARE(*subjectName("Hall.Example"), std::string("DNS:hall.example"));
    QCOMPARE(*subjectName("xn--fiq228c.example"), std::string("DNS:xn--fiq228c.example"));
    QCOMPARE(*subjectName("192.0.2.7"), std::string("IP:192.0.2.7"));
    QCOMPARE(*subjectName("2001:DB8:0::7"), std::string("IP:2001:db8::7"));
    for (const char* wrong : {"", " ", "a b", "https://hall.example", "hall.example:8443", "hall..example", ".example", "hall.example.", "-hall", "hall-",
                              "192.0.2.777", "192.0.2", "fe80::1%eth0", "考场.example", "a,DNS:b", "*.example", "a_b"})
      QCOMPARE(reason(subjectName(wrong)), std::string("bad_host"));
    QCOMPARE(reason(subjectName(std::string(64, 'a') + ".example")), std::string("bad_host"));
  }

  void theCertificateIsForTheNamesThatWereGiven() {
    TlsHall hall;
    hall.mustOpen();
    QCOMPARE(hall.shown().names, kLocal);
    const std::string key = hall.file("server.key"), first = hall.file("server.pem");
    hall.mustOpen({"DNS:hall.example", "IP:192.0.2.7"});
    QCOMPARE(hall.shown().names, withLocal({"DNS:hall.example", "IP:192.0.2.7"}));
    QVERIFY(hall.shown().own && hall.shown().made);
    QVERIFY(hall.file("server.pem") != first);
    QCOMPARE(hall.file("server.key"), key);
    QVERIFY(isKeyOf(hall.shown().key, hall.shown().certificate));
    QVERIFY(hall.shown().certificate.ends_with(hall.app.authority.ca_certificate));
    // Apple refuses more than 825 days, and it begins a day before it is made.
    QCOMPARE((hall.shown().ends - hall.shown().begins) / kDay, 820);
    QCOMPARE((hall.shown().ends - hall.clock->now()) / kDay, 819);
    // The same ones, and none at all, change nothing.
    const std::string second = hall.file("server.pem");
    for (const Names& names : {Names{"IP:192.0.2.7", "DNS:hall.example"}, Names{}}) {
      hall.mustOpen(names);
      QVERIFY(!hall.shown().made);
      QCOMPARE(hall.file("server.pem"), second);
    }
    hall.mustOpen({"DNS:new.example"});
    QCOMPARE(hall.shown().names, withLocal({"DNS:new.example"}));
    QCOMPARE(hall.shown().dropped, (Names{"DNS:hall.example", "IP:192.0.2.7"}));
    QCOMPARE(hall.count("select count(*) from audit where action = 'server_certificate_made'"), 3);
  }

  void itIsMadeAnewWhenAThirdOfItsLifeIsLeft() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const TlsIdentity first = hall.shown();
    const auto third = (first.ends - first.begins) / 3;
    hall.clock->set(first.ends - third - minutes(1));
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, first.certificate);
    hall.clock->advance(minutes(2));
    QVERIFY(hall.tend().has_value());
    const TlsIdentity next = hall.shown();
    QVERIFY(next.certificate != first.certificate && next.ends > first.ends + 500 * kDay);
    QCOMPARE(next.names, first.names);
    QCOMPARE(next.key, first.key);
    QCOMPARE(hall.file("server.pem"), next.certificate);
    QCOMPARE(hall.count("select count(*) from audit where action = 'server_certificate_made'"), 2);
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, next.certificate);
    // At a start too, also when it was off until long after.
    hall.clock->set(next.ends + 30 * kDay);
    hall.mustOpen();
    QVERIFY(hall.shown().made && hall.shown().ends > hall.clock->now());
    QCOMPARE(hall.shown().names, first.names);
  }

  void whatIsMissingOrWrongAtATryLeavesTheOldOneInUse() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const TlsIdentity first = hall.shown();
    hall.clock->set(first.ends - 10 * kDay);
    std::filesystem::create_directory(hall.folder + "/server.pem.new");  // nothing can be written
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, first.certificate);
    hall.mustOpen();
    QVERIFY(!hall.shown().trouble.empty());
    std::filesystem::remove(hall.folder + "/server.pem.new");
    QVERIFY(hall.tend().has_value());
    QVERIFY(hall.shown().ends > first.ends);
    // A key of another CA would sign what nobody believes.
    const TlsIdentity second = hall.shown();
    hall.put("ca.key", newKeyPem());
    hall.clock->set(second.ends - 10 * kDay);
    hall.mustOpen();
    QVERIFY(!hall.shown().trouble.empty());
    QCOMPARE(hall.shown().certificate, second.certificate);
  }

  void aPowerCutBetweenKeyAndCertificateIsMended() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    hall.put("server.key", newKeyPem());
    hall.mustOpen();
    QVERIFY(hall.shown().made && isKeyOf(hall.file("server.key"), hall.file("server.pem")));
    QCOMPARE(hall.shown().names, withLocal({"DNS:hall.example"}));
    // The key of a first start that got no further.
    std::filesystem::remove(hall.folder + "/server.pem");
    const std::string key = hall.file("server.key");
    hall.mustOpen();
    QCOMPARE(hall.file("server.key"), key);
    QVERIFY(isKeyOf(key, hall.file("server.pem")));
  }

  void aCertificateFromElsewhereIsUsedAndNeverTouched() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const auto [certificate, key] = hall.foreign();
    hall.put("server.pem", certificate);
    // Its key comes a moment later: what was shown is shown on, and the log says why.
    QCOMPARE(reason(hall.tend()), std::string("bad_key"));
    QVERIFY(hall.tend().has_value());
    QVERIFY(hall.shown().own);
    hall.put("server.key", key);
    QVERIFY(hall.tend().has_value());
    QVERIFY(!hall.shown().own);
    QCOMPARE(hall.shown().certificate, certificate);
    QCOMPARE(hall.count("select count(*) from audit where action = 'server_certificate_taken'"), 1);
    hall.mustOpen({"DNS:hall.example"});
    QCOMPARE(hall.file("server.pem"), certificate);
    hall.clock->set(hall.shown().ends + kDay);
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.file("server.pem"), certificate);
    QCOMPARE(hall.health()["server"], (Json{{"days_left", -1}, {"level", "due"}}));
    // Gone for a moment, as in an exchange: nothing is made in its place.
    std::filesystem::remove(hall.folder + "/server.pem");
    (void)hall.tend();
    QVERIFY(!std::filesystem::exists(hall.folder + "/server.pem"));
    // At a start without its key it is not replaced in silence.
    hall.put("server.pem", certificate);
    std::filesystem::remove(hall.folder + "/server.key");
    QCOMPARE(reason(hall.open()), std::string("bad_key"));
  }

  /// Whoever puts a certificate from elsewhere there begins with its key.
  void whileItRunsTheOperatorsFilesAreLeftAlone() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const TlsIdentity own = hall.shown();
    const auto [certificate, key] = hall.foreign();
    hall.put("server.key", key);
    QCOMPARE(reason(hall.tend()), std::string("bad_key"));
    // Also when it is time for another one, and where what he has put there is not ready.
    hall.clock->set(own.ends - 30 * kDay);
    (void)hall.tend();
    hall.put("server.key", key.substr(0, key.size() / 2));
    (void)hall.tend();
    QCOMPARE(hall.file("server.key"), key.substr(0, key.size() / 2));
    QCOMPARE(hall.file("server.pem"), own.certificate);
    QCOMPARE(hall.shown().certificate, own.certificate);
    QCOMPARE(hall.shown().key, own.key);
    hall.put("server.key", key);
    hall.put("server.pem", certificate);
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, certificate);
    QCOMPARE(hall.file("server.key"), key);
  }

  void aKeyThatIsThereIsNeverReplaced() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const std::string own = hall.file("server.pem");
    for (const char* text : {"nonsense", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"}) {
      hall.put("server.key", text);
      const Status refused = hall.open();
      QCOMPARE(reason(refused), std::string("bad_key"));
      QVERIFY(refused.error().detail.find("remove server.key and server.pem") != std::string::npos);
      QCOMPARE(hall.file("server.key"), std::string(text));
      QCOMPARE(hall.file("server.pem"), own);
    }
    // One that cannot be read at all may be anything.
    std::filesystem::remove(hall.folder + "/server.key");
    std::filesystem::create_directory(hall.folder + "/server.key");
    QCOMPARE(reason(hall.open()), std::string("cannot_read"));
    QCOMPARE(hall.file("server.pem"), own);
    std::filesystem::remove(hall.folder + "/server.key");
    hall.mustOpen();
    QVERIFY(hall.shown().made && isKeyOf(hall.file("server.key"), hall.file("server.pem")));
  }

  /// The disk that it points to is not mounted.
  void aLinkThatPointsToNothingIsNotReplaced() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    for (const char* name : {"server.pem", "server.key"}) {
      const std::string path = hall.folder + "/" + name, text = hall.file(name), elsewhere = hall.dir.filePath("elsewhere").toStdString();
      std::filesystem::remove(path);
      std::filesystem::create_symlink(elsewhere, path);
      const Status refused = hall.open();
      QCOMPARE(reason(refused), std::string("bad_key"));
      QVERIFY(refused.error().detail.find("points to nothing") != std::string::npos);
      QVERIFY(std::filesystem::is_symlink(path));
      QVERIFY(writeFileDurably(elsewhere, text, 0600).has_value());
      hall.mustOpen();
      QVERIFY(!hall.shown().made && std::filesystem::is_symlink(path));
      std::filesystem::remove(elsewhere);
      std::filesystem::remove(path);
      hall.put(name, text);
    }
  }

  /// Health speaks of what is shown.
  void whatTlsDoesNotTakeIsNotTaken() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    const TlsIdentity own = hall.shown();
    const auto [certificate, key] = hall.foreign();
    hall.put("server.key", key);
    hall.put("server.pem", certificate + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    QVERIFY(isKeyOf(hall.file("server.key"), hall.file("server.pem")));
    QCOMPARE(reason(hall.tend()), std::string("bad_key"));
    QCOMPARE(hall.shown().certificate, own.certificate);
    QCOMPARE(hall.count("select count(*) from audit where action = 'server_certificate_taken'"), 0);
    QCOMPARE(reason(hall.open()), std::string("bad_key"));
    hall.put("server.pem", certificate);
    QVERIFY(hall.tend().has_value());
    QVERIFY(!hall.shown().own);
  }

  void theEndIsToldAlsoWhereTheFilesAreNoGood() {
    TlsHall hall;
    hall.mustOpen();
    hall.put("server.key", newKeyPem());
    hall.clock->set(hall.shown().ends - 30 * kDay);
    const std::string told = said([&] { QCOMPARE(reason(hall.tend()), std::string("bad_key")); });
    QVERIFY2(told.find("due: the server's certificate ends in 30 days") != std::string::npos, told.c_str());
  }

  void namesOfACertificateThatWasMadeByHandAreKept() {
    struct Hand {
      std::string common;
      Names names, kept;
    };
    const Hand hands[]{{"hall.example", {}, {"DNS:hall.example"}},
                       {"192.0.2.7", {}, {"IP:192.0.2.7"}},
                       {"old.example", {"", "hall.example"}, {"DNS:hall.example"}},
                       {"Some hall", {}, {}}};
    for (const auto& [common, names, kept] : hands) {
      TlsHall hall;
      hall.mustOpen();
      hall.put("server.pem", hall.byHand(common, names));
      hall.mustOpen();
      QVERIFY(hall.shown().own && !hall.shown().made);
      QCOMPARE(hall.shown().names, kept);
      hall.clock->advance(70 * kDay);
      QVERIFY(hall.tend().has_value());
      QVERIFY(hall.shown().made);
      QCOMPARE(hall.shown().names, withLocal(kept));
    }
  }

  void aNewCaSignsTheServerAnew() {
    TlsHall hall;
    hall.mustOpen({"DNS:hall.example"});
    for (const char* name : {"ca.pem", "ca.key"}) std::filesystem::remove(hall.folder + "/" + name);
    hall.mustOpen();
    QVERIFY(hall.shown().own && hall.app.authority.hasSigned(hall.file("server.pem")));
    QCOMPARE(hall.shown().names, withLocal({"DNS:hall.example"}));
  }

  void oneOfAnEarlierCaIsToldOfAtAStart() {
    TlsHall hall;
    const auto told = [&] {
      return said([&] { hall.mustOpen(); }).find("is from an earlier CA of this hall") != std::string::npos;
    };
    QVERIFY(!told());
    const auto [certificate, key] = hall.foreign();
    hall.put("server.key", key);
    hall.put("server.pem", certificate);
    QVERIFY(told());
    QCOMPARE(hall.file("server.pem"), certificate);
  }

  void aClockThatWasWrongIsMendedAndAnAbsurdOneIgnored() {
    TlsHall hall;
    const Instant now = hall.clock->now();
    hall.mustOpen();
    hall.clock->set(now + 600 * kDay);
    QVERIFY(hall.tend().has_value());
    const TlsIdentity ahead = hall.shown();
    hall.clock->set(fromMillis(0));
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, ahead.certificate);
    hall.clock->set(now + kDay);
    QVERIFY(hall.tend().has_value());
    QVERIFY(hall.shown().begins < hall.clock->now() && hall.shown().ends > hall.clock->now());
  }

  void nothingOutlivesTheCa() {
    TlsHall hall;
    hall.mustOpen();
    const Instant end = hall.app.authority.ends;
    hall.clock->set(end - 50 * kDay);
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().ends, end);
    const std::string last = hall.shown().certificate, kiosk = hall.enrol(hall.seat_a);
    QCOMPARE(Authority::facts(kiosk)->ends, end);
    QCOMPARE(hall.health()["ca"], (Json{{"days_left", 50}, {"level", "due"}}));
    // One after the other, each as good as over: that is not what a renewal is for.
    hall.clock->set(end - 5 * kDay);
    QVERIFY(hall.tend().has_value());
    QCOMPARE(hall.shown().certificate, last);
    QCOMPARE(reason(hall.renew(kiosk)), std::string("kiosk_certificate_good"));
    hall.clock->set(end);
    QCOMPARE(reason(hall.app.authority.signKiosk(request(), "k", end)), std::string("ca_over"));
    QVERIFY(hall.tend().has_value());
  }

  void healthSaysWhatIsLeft() {
    TlsHall hall;
    hall.mustOpen();
    QCOMPARE(hall.health(), (Json{{"ca", {{"days_left", 3650}, {"level", "ok"}}},
                                  {"server", {{"days_left", 819}, {"level", "ok"}}},
                                  {"kiosks", {{"days_left", nullptr}, {"level", "ok"}}}}));
    hall.enrol(hall.seat_a);
    hall.clock->advance(100 * kDay);
    hall.enrol(hall.seat_b);
    QCOMPARE(hall.health()["kiosks"], (Json{{"days_left", 630}, {"level", "ok"}}));
    hall.clock->advance(450 * kDay);
    QCOMPARE(hall.health()["kiosks"], (Json{{"days_left", 180}, {"level", "near"}}));
    hall.clock->advance(125 * kDay);
    QCOMPARE(hall.health()["kiosks"]["level"], Json("due"));
    // Out of service: nobody waits for it.
    hall.must(hall.post("/admin/seats/{id}/revoke", nullptr, hall.admin, hall.seat_a));
    QCOMPARE(hall.health()["kiosks"], (Json{{"days_left", 155}, {"level", "near"}}));
  }

  void aKioskRenewsItsCertificateAndGoesOn() {
    TlsHall hall;
    hall.mustOpen();
    const std::string first = hall.enrol(hall.seat_a);
    QVERIFY(hall.alive(first).has_value());
    QCOMPARE(reason(hall.renew(first)), std::string("kiosk_certificate_good"));
    hall.clock->advance(500 * kDay);
    const std::string second = hall.must(hall.renew(first))["certificate_pem"];
    QCOMPARE(hall.caller(second)->kiosk_id, hall.caller(first)->kiosk_id);
    QVERIFY(hall.alive(second).has_value());
    QCOMPARE(hall.count("select count(*) from audit where action = 'kiosk_certificate_renewed'"), 1);
    QCOMPARE(hall.health()["kiosks"]["days_left"], Json(730));
    // A request that was under way.
    QVERIFY(hall.alive(first).has_value());
    QCOMPARE(hall.count("select count(*) from audit where action = 'kiosk_certificate_went_back'"), 0);
    hall.clock->advance(minutes(2));
    // The old one serves on, but whoever kept a copy of it does not renew it for ever.
    for (int poll = 0; poll < 2; ++poll) QVERIFY(hall.alive(first).has_value());
    QCOMPARE(reason(hall.renew(first)), std::string("kiosk_certificate_replaced"));
    // It is noted once, and is not what the hall knows the kiosk by.
    QCOMPARE(hall.count("select count(*) from audit where action = 'kiosk_certificate_went_back'"), 1);
    QCOMPARE(hall.health()["kiosks"]["days_left"], Json(729));
    hall.clock->advance(230 * kDay);
    QCOMPARE(reason(hall.caller(first)), std::string("kiosk_certificate_over"));
    QCOMPARE(reason(hall.renew(first)), std::string("kiosk_certificate_over"));
    QVERIFY(hall.alive(second).has_value());
    // And on, for as long as the CA lives.
    hall.clock->advance(270 * kDay);
    const std::string third = hall.must(hall.renew(second))["certificate_pem"];
    hall.clock->advance(231 * kDay);
    QVERIFY(hall.alive(third).has_value());
    QCOMPARE(reason(hall.caller(second)), std::string("kiosk_certificate_over"));
  }

  /// A kiosk asks when less than a third is left.
  void nobodyIsLongBeforeTheKiosk() {
    TlsHall hall;
    hall.mustOpen();
    const std::string first = hall.enrol(hall.seat_a);
    hall.clock->advance(430 * kDay);
    QCOMPARE(reason(hall.renew(first)), std::string("kiosk_certificate_good"));
    hall.clock->advance(10 * kDay);
    hall.must(hall.renew(first));
  }

  void theEndOfItsCertificateCutsNoExam() {
    TlsHall hall;
    hall.mustOpen();
    hall.sealPapers(ExamHall::kElectrician, 10);
    const TlsHall::Visit visit = hall.come(hall.addPerson("王小明", kFirst));
    const Json sitting = hall.admitted(visit);
    const std::string here = hall.enrol(visit.kiosk.seat_id), elsewhere = hall.enrol(visit.kiosk.seat_id == hall.seat_a ? hall.seat_b : hall.seat_a);
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update kiosk_certificate set ends_ms = :a", toMillis(hall.clock->now()));
      return {};
    }).has_value());
    QVERIFY(hall.caller(here).has_value());
    QCOMPARE(reason(hall.caller(elsewhere)), std::string("kiosk_certificate_over"));
    hall.clock->advance(minutes(40));
    hall.must(hall.submit(visit, sitting));
    // The kiosk hears how it went, also where it was away for a while.
    hall.clock->advance(minutes(29));
    QVERIFY(hall.caller(here).has_value());
    QCOMPARE(reason(hall.caller(elsewhere)), std::string("kiosk_certificate_over"));
    hall.clock->advance(minutes(2));
    QCOMPARE(reason(hall.caller(here)), std::string("kiosk_certificate_over"));
  }

  void anExamOpensNoDoorForACertificateThatWasRenewed() {
    TlsHall hall;
    hall.mustOpen();
    hall.sealPapers(ExamHall::kElectrician, 10);
    const TlsHall::Visit visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.admitted(visit);
    const std::string first = hall.enrol(visit.kiosk.seat_id);
    const Instant now = hall.clock->now();
    const auto lasts = [&](Instant begins, Instant ends) {
      return hall.write<void>([&](Tx& tx) -> Status {
        tx.exec("update kiosk_certificate set issued_ms = :a, ends_ms = :b where fingerprint = :c", toMillis(begins), toMillis(ends), *Authority::fingerprint(first));
        return {};
      }).has_value();
    };
    QVERIFY(lasts(now - 700 * kDay, now + 30 * kDay));
    const std::string second = hall.must(hall.renew(first))["certificate_pem"];
    QVERIFY(hall.alive(second).has_value());
    QVERIFY(lasts(now - 700 * kDay, now));
    QCOMPARE(reason(hall.caller(first)), std::string("kiosk_certificate_over"));
    QVERIFY(hall.caller(second).has_value());
  }

  void aCertificateThatNeverArrivedIsWorthNothing() {
    TlsHall hall;
    hall.mustOpen();
    const std::string first = hall.enrol(hall.seat_a);
    hall.clock->advance(600 * kDay);
    const std::string lost = hall.must(hall.renew(first))["certificate_pem"];
    hall.clock->advance(std::chrono::hours(1));
    const std::string second = hall.must(hall.renew(first))["certificate_pem"];
    QCOMPARE(reason(hall.caller(lost)), std::string("kiosk_unknown"));
    QVERIFY(hall.alive(second).has_value());
  }

  void whoIsOutOfServiceRenewsNothing() {
    TlsHall hall;
    hall.mustOpen();
    const std::string first = hall.enrol(hall.seat_a);
    hall.clock->advance(600 * kDay);
    const Caller before = *hall.caller(first);
    hall.must(hall.post("/admin/seats/{id}/revoke", nullptr, hall.admin, hall.seat_a));
    QCOMPARE(reason(hall.renew(first)), std::string("kiosk_revoked"));
    // Also when it was let in a moment before.
    QCOMPARE(reason(hall.post("/kiosk/certificate", {{"csr_pem", request()}}, before)), std::string("kiosk_revoked"));
    // So is a kiosk in whose place another one was enrolled.
    const std::string other = hall.enrol(hall.seat_b);
    hall.clock->advance(600 * kDay);
    hall.enrol(hall.seat_b);
    QCOMPARE(reason(hall.renew(other)), std::string("kiosk_revoked"));
    QCOMPARE(hall.count("select count(*) from audit where action = 'kiosk_certificate_renewed'"), 0);
  }

  void aBadRequestGetsNoCertificate() {
    TlsHall hall;
    hall.mustOpen();
    const std::string first = hall.enrol(hall.seat_a);
    hall.clock->advance(600 * kDay);
    QCOMPARE(reason(hall.post("/kiosk/certificate", {{"csr_pem", "nonsense"}}, *hall.caller(first))), std::string("bad_csr"));
    QCOMPARE(hall.count("select count(*) from kiosk_certificate"), 1);
  }

  void kiosksOfAnOlderProgramKeepTheirCertificate() {
    QTemporaryDir dir;
    const std::string file = dir.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + file);
      migrateTo(old, 25);
      old << "insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values ('k', 's', 'f', 1000)";
    }
    auto store = std::move(*store::Store::open(file));
    const auto ends = store->readNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> {
      return tx.value<std::int64_t>("select ends_ms from kiosk join kiosk_certificate on kiosk_certificate.fingerprint = kiosk.certificate").value_or(-1);
    });
    QCOMPARE(*ends, 1000 + std::int64_t{730} * 24 * 3600 * 1000);
  }
};

QTEST_GUILESS_MAIN(TlsTest)
#include "test_tls.moc"
