// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <openssl/bn.h>

#include <QtTest>

#include "base45.hpp"
#include "cbor.hpp"
#include "claims.hpp"
#include "cose.hpp"
#include "properties.hpp"
#include "sample_pass.hpp"

using namespace invigil;
using namespace invigil::credential;
using test::kIssuer;
using test::samplePass;
using test::soonAfter;

namespace {

std::string textOf(const Bytes& cose) { return "INV1:" + toBase45(cose); }
Bytes coseOf(const std::string& text) { return *fromBase45(text.substr(5)); }

/// A credential with any payload, header and unprotected part, signed with `key`.
std::string forge(const SigningKey& key, const Bytes& header, const Bytes& payload) {
  const Bytes tbs = sigStructure(header, {}, payload);
  Sign1 message;
  message.protected_header = header;
  message.payload = payload;
  message.signature = key.sign(std::string_view(reinterpret_cast<const char*>(tbs.data()), tbs.size()));
  return textOf(writeSign1(message));
}

Bytes highS(const Bytes& signature) {
  BIGNUM *n = nullptr, *s = BN_bin2bn(signature.data() + 32, 32, nullptr);
  BN_hex2bn(&n, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
  BN_sub(s, n, s);
  Bytes other(signature.begin(), signature.begin() + 32);
  other.resize(64);
  BN_bn2binpad(s, other.data() + 32, 32);
  BN_free(n);
  BN_free(s);
  return other;
}

}  // namespace

class PassTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    trust_ = TrustList();
    trust_.add(kIssuer, key_);
  }

  void saysWhatWasIssued() {
    const TheoryPass pass = samplePass();
    const auto back = verify(issue(pass, key_), trust_, soonAfter(pass));
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QCOMPARE(back->id, pass.id);
    QCOMPARE(back->issuer, pass.issuer);
    QCOMPARE(back->name, pass.name);
    QCOMPARE(back->id_digest, pass.id_digest);
    QCOMPARE(back->blueprint, pass.blueprint);
    QCOMPARE(back->title_zh, pass.title_zh);
    QCOMPARE(back->title_en, pass.title_en);
    QCOMPARE(back->role, pass.role);
    QCOMPARE(back->category, pass.category);
    QCOMPARE(back->points_x100, 9200);
    QCOMPARE(back->points_max_x100, 10000);
    QCOMPARE(back->replaces, std::string());
    QCOMPARE(toMillis(back->sat_at), toMillis(pass.sat_at));
    QCOMPARE(toMillis(back->issued_at), toMillis(pass.issued_at));
    QCOMPARE(toMillis(back->expires_at), toMillis(pass.expires_at));
    QVERIFY(back->not_a_work_permit);
  }

  void theQrTextIsShort() {
    const std::string text = issue(samplePass(), key_);
    qInfo("QR text: %zu characters", text.size());
    QVERIFY2(text.size() <= 480, qPrintable(QString::number(text.size())));
  }

  void thePayloadIsDeterministic() { QCOMPARE(writeClaims(samplePass()), writeClaims(samplePass())); }

  void everySingleBitMutationFails() {
    const TheoryPass pass = samplePass();
    const Bytes cose = coseOf(issue(pass, key_));
    int refused = 0;
    for (std::size_t bit = 0; bit < cose.size() * 8; ++bit) {
      Bytes mutant = cose;
      mutant[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      QVERIFY2(!verify(textOf(mutant), trust_, soonAfter(pass)), qPrintable(QString::number(bit)));
      ++refused;
    }
    QVERIFY(refused > 2000);
  }

  void everyChangedCharacterFails() {
    const TheoryPass pass = samplePass();
    const std::string text = issue(pass, key_);
    for (std::size_t i = 0; i < text.size(); ++i)
      for (char c : {'0', 'Z', ':', 'a', '\0'}) {
        if (text[i] == c) continue;
        std::string changed = text;
        changed[i] = c;
        QVERIFY2(!verify(changed, trust_, soonAfter(pass)), qPrintable(QString::number(i)));
      }
  }

  void everyCutAndEveryTailFails() {
    const TheoryPass pass = samplePass();
    const std::string text = issue(pass, key_);
    for (std::size_t length = 0; length < text.size(); ++length)
      QVERIFY(!verify(std::string_view(text).substr(0, length), trust_, soonAfter(pass)));
    for (const char* tail : {"0", "00", "000", " ", "\n"}) QVERIFY(!verify(text + tail, trust_, soonAfter(pass)));
    Bytes longer = coseOf(text);
    longer.push_back(0);
    QCOMPARE(verify(textOf(longer), trust_, soonAfter(pass)).error().reason, std::string("malformed_credential"));
  }

  void theOtherFormOfTheSignatureFails() {
    const TheoryPass pass = samplePass();
    Sign1 message = *readSign1(coseOf(issue(pass, key_)));
    message.signature = highS(message.signature);
    QCOMPARE(verify(textOf(writeSign1(message)), trust_, soonAfter(pass)).error().reason, std::string("bad_signature"));
  }

  void otherTextIsNotACredential() {
    for (const std::string& text : {std::string(), std::string("INV1"), std::string("inv1:00"), std::string("HC1:NCF"),
                                    " " + issue(samplePass(), key_), "INV1:" + std::string(5000, '0')})
      QCOMPARE(verify(text, trust_, soonAfter(samplePass())).error().reason, std::string("not_a_credential"));
  }

  void unknownKeysAreNotTrusted() {
    const SigningKey other = SigningKey::generate();
    const auto result = verify(issue(samplePass(), other), trust_, soonAfter(samplePass()));
    QCOMPARE(result.error().code, ErrorCode::NotFound);
    QCOMPARE(result.error().reason, std::string("unknown_issuer"));
    QCOMPARE(verify(issue(samplePass(), key_), TrustList(), soonAfter(samplePass())).error().reason,
             std::string("unknown_issuer"));
  }

  // The kid is only a hint: a foreign key under a trusted kid must fail on the signature.
  void aBorrowedKidDoesNotHelp() {
    const SigningKey other = SigningKey::generate();
    const std::string text = forge(other, protectedHeader(key_.kid()), writeClaims(samplePass()));
    QCOMPARE(verify(text, trust_, soonAfter(samplePass())).error().reason, std::string("bad_signature"));
  }

  void aTrustedKeySpeaksOnlyForItsIssuer() {
    TheoryPass pass = samplePass();
    pass.issuer = "另一家考试中心";
    QCOMPARE(verify(issue(pass, key_), trust_, soonAfter(pass)).error().reason, std::string("issuer_mismatch"));
    trust_.add(pass.issuer, key_);
    QVERIFY(verify(issue(pass, key_), trust_, soonAfter(pass)).has_value());
    QVERIFY(verify(issue(samplePass(), key_), trust_, soonAfter(pass)).has_value());
  }

  void timesAreChecked() {
    const TheoryPass pass = samplePass();
    const std::string text = issue(pass, key_);
    QVERIFY(verify(text, trust_, pass.issued_at - minutes(5)).has_value());
    QCOMPARE(verify(text, trust_, pass.issued_at - minutes(5) - seconds(1)).error().reason,
             std::string("issued_in_future"));
    // The sample ends at 14:31 in China, as passes once did: people were told the date alone.
    const Instant midnight = fromMillis(1826985600000);
    QCOMPARE(formatUtc(midnight), std::string("2027-11-23T16:00:00Z"));
    QVERIFY(verify(text, trust_, pass.expires_at).has_value());
    QVERIFY(verify(text, trust_, midnight - milliseconds(1)).has_value());
    const auto expired = verify(text, trust_, midnight);
    QCOMPARE(expired.error().code, ErrorCode::Conflict);
    QCOMPARE(expired.error().reason, std::string("expired"));
    QVERIFY2(expired.error().detail.find("2027-11-23 ") != std::string::npos, expired.error().detail.c_str());
  }

  void whatAnExpiredPassSaysCanBeReadButIsNoVerdict() {
    const TheoryPass pass = samplePass();
    const std::string text = issue(pass, key_);
    const auto read = readSigned(text, trust_);
    QVERIFY(read.has_value());
    QCOMPARE(read->id, pass.id);
    const Instant late = pass.expires_at + std::chrono::hours(24 * 400);
    QCOMPARE(verify(text, trust_, late).error().reason, std::string("expired"));
    QCOMPARE(inTime(*read, late).error().reason, std::string("expired"));
    QVERIFY(inTime(*read, soonAfter(pass)).has_value());
    std::string changed = text;
    changed.back() = changed.back() == '0' ? '1' : '0';
    QVERIFY(!readSigned(changed, trust_).has_value());
    QCOMPARE(readSigned(text, TrustList()).error().reason, std::string("unknown_issuer"));
  }

  void theDayOfAPassIsThatOfChina() {
    const auto at = [](std::int64_t s) { return fromMillis(s * 1000); };
    const std::int64_t midnight = 1826985600;  // between 23 and 24 November 2027 there
    for (const std::int64_t second : {midnight - 86400, midnight - 1}) {
      QCOMPARE(toMillis(endOfDay(at(second))), (midnight - 1) * 1000);
      QCOMPARE(dayOf(at(second)), std::string("2027-11-23"));
    }
    QCOMPARE(toMillis(endOfDay(at(midnight) - milliseconds(1))), (midnight - 1) * 1000);
    QCOMPARE(dayOf(at(midnight)), std::string("2027-11-24"));
    QCOMPARE(toMillis(endOfDay(at(midnight))), (midnight + 86400 - 1) * 1000);
  }

  void wellSignedNonsenseIsMalformed() {
    const Bytes good = writeClaims(samplePass()), header = protectedHeader(key_.kid());
    const auto reason = [&](const Bytes& head, const Bytes& payload) {
      const auto pass = verify(forge(key_, head, payload), trust_, soonAfter(samplePass()));
      return pass ? std::string("accepted") : pass.error().reason;
    };
    QCOMPARE(reason(header, good), std::string("accepted"));
    Bytes tail = good, permit = good, repeated = good, counted = good;
    tail.push_back(0);
    permit.back() = 0xF4;
    repeated[repeated.size() - 2] = 14;
    counted[0] = 0xAE;
    for (const Bytes& payload : {tail, permit, repeated, counted, Bytes{0xA0}, Bytes{0xF6}})
      QCOMPARE(reason(header, payload), std::string("malformed_credential"));
    const Bytes kid = key_.kid();
    const Bytes headers[] = {
        CborWriter().map(2).integer(1).integer(-8).integer(4).bytes(kid).out(),
        CborWriter().map(1).integer(1).integer(-7).out(),
        CborWriter().map(2).integer(4).bytes(kid).integer(1).integer(-7).out(),
        CborWriter().map(3).integer(1).integer(-7).integer(4).bytes(kid).integer(4).bytes(kid).out()};
    for (const Bytes& head : headers) QCOMPARE(reason(head, good), std::string("malformed_credential"));
  }

  void halfPointsAndReplacementsTakeTheSecondForm() {
    for (int which = 0; which < 3; ++which) {
      TheoryPass pass = samplePass();
      if (which == 0) pass.points_x100 = 7950;
      if (which == 1) pass.points_max_x100 = 9975;
      if (which == 2) pass.replaces = "ABCDEFGHJKMN";
      const std::string text = issue(pass, key_);
      QVERIFY(text.starts_with("INV2:"));
      const auto back = verify(text, trust_, soonAfter(pass));
      QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
      QCOMPARE(back->points_x100, pass.points_x100);
      QCOMPARE(back->points_max_x100, pass.points_max_x100);
      QCOMPARE(back->replaces, pass.replaces);
      QCOMPARE(verify("INV1:" + text.substr(5), trust_, soonAfter(pass)).error().reason, std::string("malformed_credential"));
    }
    QCOMPARE(pointsText(7950), std::string("79.5"));
    QCOMPARE(pointsText(7905), std::string("79.05"));
    QCOMPARE(pointsText(8000), std::string("80"));
  }

  void noPassHasTwoForms() {
    const std::string first = issue(samplePass(), key_);
    QVERIFY(first.starts_with("INV1:"));
    QCOMPARE(verify("INV2:" + first.substr(5), trust_, soonAfter(samplePass())).error().reason, std::string("malformed_credential"));
    // Signed by the centre's own key, but saying in the second form what the first one says.
    TheoryPass pass = samplePass();
    pass.replaces = "X";
    Bytes payload = writeClaims(pass);
    payload.pop_back();
    payload.back() = 0x60;  // the empty text
    QCOMPARE(readClaims(payload, true).error().reason, std::string("malformed_credential"));
  }

  void claimsOutOfRangeAreMalformed() {
    for (int which = 0; which < 4; ++which) {
      TheoryPass pass = samplePass();
      if (which == 0) pass.points_x100 = 10100;
      if (which == 1) pass.points_x100 = -100;
      if (which == 2) pass.expires_at = pass.issued_at;
      if (which == 3) pass.name.clear();
      QCOMPARE(readClaims(writeClaims(pass), false).error().reason, std::string("malformed_credential"));
    }
  }

  void garbageNeverPasses() {
    test::checkProperty("random bytes and random text are refused",
                        [this](const Bytes& bytes, const std::string& text) {
                          RC_ASSERT(!verify(textOf(bytes), trust_, soonAfter(samplePass())));
                          RC_ASSERT(!verify(text, trust_, soonAfter(samplePass())));
                        });
  }

  void trustListsRoundTripAndSayWhatIsWrong() {
    const auto back = TrustList::parse(trust_.toJson());
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QVERIFY(verify(issue(samplePass(), key_), *back, soonAfter(samplePass())).has_value());
    const QString good = QString::fromStdString(trust_.toJson());
    const std::tuple<QString, QString, const char*> wrong[] = {{"invigil-trust", "other", "format"},
                                                               {"\"version\": 1", "\"version\": 2", "version"},
                                                               {"\"keys\"", "\"key\"", "keys"},
                                                               {"BEGIN PUBLIC", "BEGIN PRIVATE", "keys[0].pem"},
                                                               {"\"kid\": \"", "\"kid\": \"00", "keys[0].kid"},
                                                               {kIssuer, "", "keys[0].issuer"}};
    for (const auto& [what, with, where] : wrong) {
      QVERIFY(good.contains(what));
      const auto bad = TrustList::parse(QString(good).replace(what, with).toStdString());
      QCOMPARE(bad.error().reason, std::string("bad_trust_list"));
      QCOMPARE(bad.error().where, std::string(where));
    }
    QVERIFY(!TrustList::parse(""));
    QVERIFY(!TrustList::parse("[]"));
  }

 private:
  SigningKey key_ = SigningKey::generate();
  TrustList trust_;
};

QTEST_APPLESS_MAIN(PassTest)
#include "test_pass.moc"
