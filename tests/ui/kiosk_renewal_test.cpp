// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <cerrno>
#include <memory>
#include <utility>

#include "fake_clock.hpp"
#include "invigil/base/text.hpp"
#include "renewal.hpp"

using namespace invigil;
using namespace invigil::kiosk;

namespace {
/// The disk does not say whether what was renamed lasts.
bool no_folder_is_synced = false;
}  // namespace

/// In place of the C library's.
extern "C" int fsync(int fd) {
  struct stat about {};
  if (no_folder_is_synced && ::fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace {

constexpr std::chrono::hours kDay{24};
const Instant kStart = fromMillis(1'795'000'000'000);

/// What a server would sign for a request: for its key, for 90 days.
QByteArray signedFor(const QByteArray& request_pem, Instant begins = kStart) {
  BIO* in = BIO_new_mem_buf(request_pem.constData(), static_cast<int>(request_pem.size()));
  X509_REQ* request = PEM_read_bio_X509_REQ(in, nullptr, nullptr, nullptr);
  EVP_PKEY* ca = EVP_EC_gen("P-256");
  X509* made = X509_new();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 7);
  ASN1_TIME_set(X509_getm_notBefore(made), toMillis(begins) / 1000);
  ASN1_TIME_set(X509_getm_notAfter(made), toMillis(begins + 90 * kDay) / 1000);
  X509_set_pubkey(made, X509_REQ_get0_pubkey(request));
  X509_sign(made, ca, EVP_sha256());
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(out, made);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  const QByteArray pem(data, size);
  BIO_free_all(in);
  BIO_free_all(out);
  X509_REQ_free(request);
  X509_free(made);
  EVP_PKEY_free(ca);
  return pem;
}

/// Keeps what was asked, and answers when the test says so.
class Line final : public Transport {
 public:
  void send(const QByteArray& verb, const QString& path, const QJsonObject& body, std::chrono::milliseconds, Done done) override {
    if (path == QLatin1String("/api/v1/kiosk/state")) {
      state_ = std::move(done);
      return;
    }
    QCOMPARE(verb + " " + path.toLatin1(), QByteArray("POST /api/v1/kiosk/certificate"));
    requests.append(body.value("csr_pem").toString().toLatin1());
    done_ = std::move(done);
  }
  void put(const QString&, const QByteArray&, std::chrono::milliseconds, Done) override { QFAIL("nothing is put"); }
  void fetch(const QString&, std::chrono::milliseconds, Fetched) override { QFAIL("nothing is fetched"); }
  void answer(int status, const QByteArray& certificate = {}, const QString& error_id = QStringLiteral("refused")) {
    Reply reply;
    reply.status = status;
    if (status != 200) reply.error_id = error_id;
    reply.body = QJsonObject{{"certificate_pem", QString::fromLatin1(certificate)}};
    std::exchange(done_, {})(reply);
  }
  /// To the question how the hall is.
  void answerState(const Reply& reply) { std::exchange(state_, {})(reply); }
  QByteArrayList requests;

 private:
  Done done_, state_;
};

/// An enrolled kiosk whose certificate began at kStart.
struct Seat {
  QTemporaryDir dir;
  FakeClock clock{kStart};
  Line line;
  HallModel hall{line, clock};
  Identity first;
  QList<Identity> used;
  std::unique_ptr<Renewal> renewal;

  Seat() {
    const auto key = makeKey();
    first = {key->key_pem, signedFor(key->request_pem), "CA", 8444};
    if (!saveIdentity(dir.path(), first)) qFatal("not saved");
    startAgain();
  }
  void startAgain() {
    renewal = std::make_unique<Renewal>(line, hall, clock, dir.path(), stored(), [this](const Identity& next) { used.append(next); });
  }
  /// With the certificate that a server signs at this moment.
  QByteArray renew() {
    renewal->look();
    const QByteArray next = signedFor(line.requests.last(), clock.now());
    line.answer(200, next);
    return next;
  }
  void hallSaysItIs(Instant now) {
    Reply reply;
    reply.status = 200;
    reply.body = QJsonObject{{"now_ms", static_cast<double>(toMillis(now))}};
    hall.start();
    line.answerState(reply);
  }
  void hallRefuses(const char* error_id) {
    Reply reply;
    reply.status = 403;
    reply.error_id = QLatin1String(error_id);
    hall.start();
    line.answerState(reply);
  }
  bool has(const char* name) const { return QFile::exists(dir.filePath(name)); }
  Identity stored() const { return *loadIdentity(dir.path()); }
  /// Nothing has changed, and what is stored works.
  bool isAsBefore() const { return used.isEmpty() && stored().key_pem == first.key_pem && stored().certificate_pem == first.certificate_pem; }
};

}  // namespace

class KioskRenewalTest : public QObject {
  Q_OBJECT

 private slots:
  void nothingIsAskedBeforeAThirdIsLeft() {
    Seat seat;
    for (int day = 0; day < 60; ++day) {
      seat.renewal->look();
      seat.clock.advance(kDay);
    }
    QVERIFY(seat.line.requests.isEmpty());
    seat.clock.advance(minutes(1));
    seat.renewal->look();
    seat.renewal->look();  // while the answer is awaited
    QCOMPARE(seat.line.requests.size(), 1);
  }

  void theNextPairIsOnTheDiskBeforeItIsUsed() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    seat.renewal->look();
    QVERIFY(seat.isAsBefore());
    const QByteArray next = signedFor(seat.line.requests.last());
    seat.line.answer(200, next);
    QCOMPARE(seat.used.size(), 1);
    QCOMPARE(seat.used.first().certificate_pem, next);
    QVERIFY(seat.used.first().key_pem != seat.first.key_pem);
    const Identity stored = seat.stored();
    QCOMPARE(stored.certificate_pem, next);
    QVERIFY(fits(stored.key_pem, stored.certificate_pem));
    QCOMPARE(stored.ca_pem, seat.first.ca_pem);
    QCOMPARE(stored.kiosk_port, 8444);
    QVERIFY(!(QFile::permissions(seat.dir.filePath("identity.pem")) & (QFile::ReadGroup | QFile::ReadOther)));
    // The private key is in no request.
    QVERIFY(!seat.line.requests.last().contains("PRIVATE"));
  }

  void theNextLookGoesByTheNewDates() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    seat.renew();
    for (int day = 0; day < 60; ++day) {
      seat.renewal->look();
      seat.clock.advance(kDay);
    }
    QCOMPARE(seat.line.requests.size(), 1);
    seat.clock.advance(minutes(1));
    const QByteArray third = seat.renew();
    QCOMPARE(seat.line.requests.size(), 2);
    QCOMPARE(seat.stored().certificate_pem, third);
  }

  void theHallsTimeCountsOnceItIsKnown() {
    Seat behind;
    behind.hallSaysItIs(kStart + 70 * kDay);
    behind.renewal->look();
    QCOMPARE(behind.line.requests.size(), 1);
    Seat ahead;
    ahead.clock.advance(70 * kDay);
    ahead.hallSaysItIs(kStart);
    ahead.renewal->look();
    QVERIFY(ahead.line.requests.isEmpty());
  }

  void withoutNetworkItIsTriedAgainSoon() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    for (const auto& [status, then] : {std::pair{0, minutes(5)}, std::pair{503, minutes(60)}, std::pair{0, minutes(5)}}) {
      seat.renewal->look();
      seat.line.answer(status);
      QVERIFY(seat.renewal->pause() == then);
    }
  }

  /// Its database was put back from a backup.
  void aServerThatForgotTheRenewalIsShownThePairFromBefore() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    seat.renew();
    QVERIFY(!(QFile::permissions(seat.dir.filePath("identity.before.pem")) & (QFile::ReadGroup | QFile::ReadOther)));
    seat.startAgain();
    seat.hallRefuses("kiosk_revoked");  // that is another matter
    QCOMPARE(seat.used.size(), 1);
    seat.hallRefuses("kiosk_unknown");
    QCOMPARE(seat.used.size(), 2);
    QCOMPARE(seat.used.last().key_pem, seat.first.key_pem);
    QCOMPARE(seat.used.last().certificate_pem, seat.first.certificate_pem);
    QCOMPARE(seat.line.requests.size(), 2);
    seat.hallRefuses("kiosk_unknown");  // an answer to an earlier question
    QCOMPARE(seat.used.size(), 2);
    const QByteArray third = signedFor(seat.line.requests.last(), seat.clock.now());
    seat.line.answer(200, third);
    QCOMPARE(seat.used.last().certificate_pem, third);
    QCOMPARE(seat.stored().certificate_pem, third);
    // The pair that the server knew is the one to go back to.
    QCOMPARE(loadBefore(seat.dir.path(), seat.stored())->certificate_pem, seat.first.certificate_pem);
  }

  void thePairFromBeforeIsGivenUpWhereItIsNoBetter() {
    Seat seat;
    seat.hallRefuses("kiosk_unknown");  // there is none yet
    QVERIFY(seat.isAsBefore() && seat.line.requests.isEmpty());
    seat.clock.advance(70 * kDay);
    const QByteArray second = seat.renew();
    seat.hallRefuses("kiosk_unknown");
    QCOMPARE(seat.used.last().certificate_pem, seat.first.certificate_pem);
    seat.line.answer(403, {}, "kiosk_unknown");
    QCOMPARE(seat.used.last().certificate_pem, second);
    QCOMPARE(seat.stored().certificate_pem, second);
    const auto shown = seat.used.size();
    seat.hallRefuses("kiosk_unknown");
    QCOMPARE(seat.used.size(), shown);
    // Nor is it taken along to another seat.
    QVERIFY(saveIdentity(seat.dir.path(), seat.first).has_value());
    QVERIFY(!seat.has("identity.before.pem"));
  }

  /// A copy of its disk, say.
  void whereAnotherHasRenewedThePairFromBeforeTheNewestIsTriedAgain() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    const QByteArray second = seat.renew();
    seat.hallRefuses("kiosk_unknown");
    seat.renewal->look();  // while the answer is awaited
    seat.line.answer(403, {}, "kiosk_certificate_replaced");
    QCOMPARE(seat.used.last().certificate_pem, seat.first.certificate_pem);
    const auto asked = seat.line.requests.size();
    seat.renewal->look();
    QCOMPARE(seat.used.last().certificate_pem, second);
    QCOMPARE(seat.line.requests.size(), asked);
    QCOMPARE(seat.stored().certificate_pem, second);
    seat.hallRefuses("kiosk_unknown");
    QCOMPARE(seat.used.last().certificate_pem, seat.first.certificate_pem);
  }

  void aRefusalOrALostAnswerChangesNothingAndIsTriedAgain() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    for (const int status : {0, 409, 503}) {
      seat.renewal->look();
      seat.line.answer(status);
      QVERIFY(seat.isAsBefore());
    }
    QCOMPARE(seat.line.requests.size(), 3);
    QCOMPARE(QSet<QByteArray>(seat.line.requests.begin(), seat.line.requests.end()).size(), 3);
  }

  void whatDoesNotBelongToTheKeyIsNotTaken() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    for (const QByteArray& wrong : {QByteArray(), QByteArray("nonsense"), signedFor(makeKey()->request_pem), seat.first.certificate_pem}) {
      seat.renewal->look();
      seat.line.answer(200, wrong);
      QVERIFY(seat.isAsBefore());
    }
  }

  void whatCannotBeSavedIsNotUsed() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    QVERIFY(QDir(seat.dir.path()).mkdir("identity.pem.new"));  // nothing can be written there
    seat.renewal->look();
    seat.line.answer(200, signedFor(seat.line.requests.last()));
    QVERIFY(seat.isAsBefore());
    QVERIFY(QDir(seat.dir.path()).rmdir("identity.pem.new"));
    seat.renewal->look();
    seat.line.answer(200, signedFor(seat.line.requests.last()));
    QCOMPARE(seat.used.size(), 1);
  }

  void whatThePowerMightTakeAwayAgainIsNotUsed() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    no_folder_is_synced = true;
    seat.renew();
    no_folder_is_synced = false;
    QVERIFY(seat.used.isEmpty());
    const QByteArray next = seat.renew();
    QCOMPARE(seat.used.size(), 1);
    QCOMPARE(seat.stored().certificate_pem, next);
  }

  /// A power cut while the new file is written leaves a piece of it beside the old one.
  void halfANewPairIsNoPair() {
    Seat seat;
    QVERIFY(writeFileDurably(seat.dir.filePath("identity.pem.new").toStdString(), "-----BEGIN EC PRIVATE").has_value());
    QVERIFY(seat.isAsBefore());
  }

  void theTwoFilesOfAnOlderKioskAreReadAndReplaced() {
    Seat seat;
    QVERIFY(QFile::remove(seat.dir.filePath("identity.pem")));
    QVERIFY(writeFileDurably(seat.dir.filePath("key.pem").toStdString(), seat.first.key_pem.toStdString(), 0600).has_value());
    QVERIFY(writeFileDurably(seat.dir.filePath("certificate.pem").toStdString(), seat.first.certificate_pem.toStdString()).has_value());
    QVERIFY(seat.isAsBefore());
    seat.clock.advance(70 * kDay);
    seat.renewal->look();
    seat.line.answer(200, signedFor(seat.line.requests.last()));
    QVERIFY(seat.has("identity.pem") && !seat.has("key.pem") && !seat.has("certificate.pem"));
    QVERIFY(seat.stored().certificate_pem != seat.first.certificate_pem);
  }

  /// An older program that was put back has enrolled; or the power went before its files were removed.
  void ofTwoPairsTheLaterCounts() {
    Seat seat;
    const auto key = makeKey();
    for (const int days : {1, -1}) {
      const QByteArray other = signedFor(key->request_pem, kStart + days * kDay);
      QVERIFY(writeFileDurably(seat.dir.filePath("key.pem").toStdString(), key->key_pem.toStdString(), 0600).has_value());
      QVERIFY(writeFileDurably(seat.dir.filePath("certificate.pem").toStdString(), other.toStdString()).has_value());
      QCOMPARE(seat.stored().certificate_pem, days > 0 ? other : seat.first.certificate_pem);
    }
    // Half of one is none.
    QVERIFY(QFile::remove(seat.dir.filePath("key.pem")));
    QVERIFY(seat.isAsBefore());
  }

  void aPairThatDoesNotFitIsSaidToBeBroken() {
    Seat seat;
    Identity mixed = seat.first;
    mixed.key_pem = makeKey()->key_pem;
    QVERIFY(saveIdentity(seat.dir.path(), mixed).has_value());
    QCOMPARE(loadIdentity(seat.dir.path()).error().reason, std::string("bad_identity"));
  }

  void anAnswerAfterTheEndIsNobodys() {
    Seat seat;
    seat.clock.advance(70 * kDay);
    seat.renewal->look();
    const QByteArray next = signedFor(seat.line.requests.last());
    seat.renewal.reset();
    seat.line.answer(200, next);
    QVERIFY(seat.isAsBefore());
  }
};

QTEST_GUILESS_MAIN(KioskRenewalTest)
#include "kiosk_renewal_test.moc"
