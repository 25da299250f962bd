// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <limits>

#include "base45.hpp"
#include "cbor.hpp"
#include "properties.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::credential;

class CodecTest : public QObject {
  Q_OBJECT
 private slots:
  // RFC 9285 sections 4.3 and 4.4.
  void base45OfRfc9285() {
    const std::pair<std::string, std::string> vectors[] = {
        {"AB", "BB8"}, {"Hello!!", "%69 VD92EX0"}, {"base-45", "UJCLQE7W581"}, {"ietf!", "QED8WEX0"}, {"", ""}};
    for (const auto& [plain, coded] : vectors) {
      const Bytes bytes(plain.begin(), plain.end());
      QCOMPARE(toBase45(bytes), coded);
      QCOMPARE(*fromBase45(coded), bytes);
    }
    for (const char* bad : {"GGW", ":::", "A", "AAAA", "::", "ab", "BB8\n", "B,8"}) QVERIFY2(!fromBase45(bad), bad);
  }

  void base45KnownAnswers() {
    SHARED_FILE_OR_SKIP(path, QStringLiteral("corpora/vectors/kat/base45_rfc9285.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject vectors = QJsonDocument::fromJson(file.readAll()).object();
    QCOMPARE(vectors["encode"].toArray().size(), 4);
    for (const QJsonValue& pair : vectors["encode"].toArray()) {
      const std::string plain = pair[0].toString().toStdString();
      QCOMPARE(toBase45(Bytes(plain.begin(), plain.end())), pair[1].toString().toStdString());
    }
    for (const QJsonValue& bad : vectors["reject_values"].toArray())
      QVERIFY2(!fromBase45(bad.toString().toStdString()), qPrintable(bad.toString()));
  }

  void base45HasOneTextForEachValue() {
    test::checkProperty("encode and decode are inverse both ways", [](const Bytes& bytes) {
      RC_ASSERT(*fromBase45(toBase45(bytes)) == bytes);
      const std::string text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("09AZ $%*+-./:")));
      if (const auto back = fromBase45(text)) RC_ASSERT(toBase45(*back) == text);
    });
  }

  // RFC 8949 appendix A.
  void cborOfRfc8949() {
    const std::pair<std::int64_t, const char*> integers[] = {{0, "00"},
                                                             {23, "17"},
                                                             {24, "1818"},
                                                             {255, "18ff"},
                                                             {256, "190100"},
                                                             {1000000, "1a000f4240"},
                                                             {1000000000000, "1b000000e8d4a51000"},
                                                             {-1, "20"},
                                                             {-100, "3863"},
                                                             {-1000, "3903e7"}};
    for (const auto& [value, hex] : integers) {
      QCOMPARE(toHex(CborWriter().integer(value).out()), std::string(hex));
      QCOMPARE(*CborReader(*fromHex(hex)).integer(), value);
    }
    QCOMPARE(toHex(CborWriter().text("水").out()), std::string("63e6b0b4"));
    QCOMPARE(toHex(CborWriter().bytes(Bytes{1, 2, 3, 4}).out()), std::string("4401020304"));
    QCOMPARE(toHex(CborWriter().tag(18).array(2).map(0).boolean(true).out()), std::string("d282a0f5"));
  }

  void integersRoundTrip() {
    test::checkProperty("read(write(n)) == n", [](std::int64_t n) {
      const Bytes bytes = CborWriter().integer(n).out();
      CborReader reader(bytes);
      RC_ASSERT(*reader.integer() == n);
      RC_ASSERT(reader.end().has_value());
    });
  }

  void everyOtherFormOfANumberIsRefused() {
    for (const char* hex : {"1800", "1817", "190017", "1900ff", "1a0000ffff", "1b00000000ffffffff",
                            "1bffffffffffffffff", "3800", "18", "1901", "1c", "1f", "00 "})
      if (const auto bytes = fromHex(hex)) QVERIFY2(!CborReader(*bytes).integer(), hex);
  }

  void lengthsAreChecked() {
    for (const char* hex : {"5f", "5f4101ff", "5801", "4201", "5a7fffffff00", "5bffffffffffffffff", "6161"})
      QVERIFY2(!CborReader(*fromHex(hex)).bytes(0, 1000), hex);
    for (const char* hex : {"7f6161ff", "61ff", "62c3", "4161", "7801"})
      QVERIFY2(!CborReader(*fromHex(hex)).text(1000), hex);
    QVERIFY(!CborReader(*fromHex("43010203")).bytes(0, 2));
    QVERIFY(!CborReader(*fromHex("43010203")).bytes(4, 8));
    QVERIFY(!CborReader(*fromHex("9f")).array(0));
    QVERIFY(!CborReader(*fromHex("bf")).map(0));
    QVERIFY(!CborReader(*fromHex("f6")).boolean());
    QVERIFY(!CborReader(*fromHex("f815")).boolean());
    QVERIFY(!CborReader({}).integer());
    QVERIFY(!CborReader(Bytes{0}).end());
  }
};

QTEST_APPLESS_MAIN(CodecTest)
#include "test_codec.moc"
