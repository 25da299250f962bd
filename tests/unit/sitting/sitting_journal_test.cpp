// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <rapidcheck.h>

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include "invigil/base/typed.hpp"
#include "invigil/sitting/journal.hpp"

using namespace invigil;
using namespace invigil::sitting;

namespace {

const std::vector<Response> kWritten{
    {1, 1, {0}, false}, {2, 1, {1, 3}, true}, {1, 2, {1}, false}, {300, 70000, {0, 1, 2, 3, 4, 5, 6, 7}, true}};

Journal opened(const QTemporaryDir& dir, Recovered& recovered, const std::string& id = "abc") {
  auto journal = Journal::open(dir.path().toStdString(), id, recovered);
  if (!journal) qFatal("%s", journal.error().detail.c_str());
  return std::move(*journal);
}

QByteArray content(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read");
  return file.readAll();
}

void put(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(bytes) != bytes.size()) qFatal("cannot write");
}

}  // namespace

class SittingJournalTest : public QObject {
  Q_OBJECT
 private slots:
  void whatWasWrittenIsReadBack() {
    QTemporaryDir dir;
    Recovered recovered;
    {
      Journal journal = opened(dir, recovered);
      for (const Response& response : kWritten) QVERIFY(journal.append(response));
      QVERIFY(journal.appendHandIn(true));
    }
    opened(dir, recovered);
    QCOMPARE(recovered.bytes_dropped, std::size_t{0});
    QCOMPARE(recovered.responses.size(), std::size_t{3});
    QVERIFY(recovered.responses[0] == kWritten[2]);
    QVERIFY(recovered.responses[1] == kWritten[1]);
    QVERIFY(recovered.responses[2] == kWritten[3]);
    QVERIFY(recovered.handed_in && recovered.by_deadline);
  }

  void theTimeOnTheScreenIsKeptAndTearingItOffCostsNoAnswer() {
    QTemporaryDir dir;
    Recovered recovered;
    QString path;
    qsizetype plain = 0;
    {
      Journal journal = opened(dir, recovered);
      path = QString::fromStdString(journal.path());
      QVERIFY(journal.append({1, 1, {0}, false, 4'000}));
      QVERIFY(journal.append({2, 1, {1}, false}));  // as a kiosk that does not count wrote it
      plain = content(path).size();
      QVERIFY(journal.append({1, 2, {1}, false, 61'500}));
    }
    opened(dir, recovered);
    QVERIFY(recovered.responses[0] == (Response{1, 2, {1}, false, 61'500}));
    QVERIFY(recovered.responses[1] == (Response{2, 1, {1}, false, 0}));
    const QByteArray whole = content(path);
    const qsizetype answer = 8 + 9 + 1;
    for (qsizetype cut = plain + answer; cut < whole.size(); ++cut) {
      put(path, whole.left(cut));
      opened(dir, recovered);
      QVERIFY(recovered.responses[0] == (Response{1, 2, {1}, false, 4'000}));
      QCOMPARE(recovered.bytes_dropped, static_cast<std::size_t>(cut - plain - answer));
    }
  }

  void tornAtEveryByteItKeepsEveryWholeRecordAndTakesNewOnes() {
    QTemporaryDir dir;
    Recovered recovered;
    std::vector<qsizetype> ends;
    QString path;
    {
      Journal journal = opened(dir, recovered);
      path = QString::fromStdString(journal.path());
      ends.push_back(content(path).size());
      for (const Response& response : kWritten) {
        QVERIFY(journal.append(response));
        ends.push_back(content(path).size());
      }
    }
    const QByteArray whole = content(path);
    for (qsizetype cut = 0; cut <= whole.size(); ++cut) {
      put(path, whole.left(cut));
      std::size_t records = 0;
      qsizetype kept = 0;
      for (std::size_t i = 0; i < ends.size(); ++i)
        if (ends[i] <= cut) records = i, kept = ends[i];
      {
        Journal journal = opened(dir, recovered);
        QCOMPARE(recovered.bytes_dropped, static_cast<std::size_t>(cut - kept));
        QCOMPARE(recovered.responses.size(), records == 0 ? 0u : records == 1 ? 1u : records <= 3 ? 2u : 3u);
        QVERIFY(journal.append({7, 9, {2}, false}));
      }
      opened(dir, recovered);
      QCOMPARE(recovered.bytes_dropped, std::size_t{0});
      QVERIFY(std::any_of(recovered.responses.begin(), recovered.responses.end(),
                          [](const Response& r) { return r == Response{7, 9, {2}, false}; }));
    }
  }

  void aDamagedByteNeverGivesAnAnswerThatWasNotWritten() {
    QTemporaryDir dir;
    Recovered recovered;
    QString path;
    {
      Journal journal = opened(dir, recovered);
      path = QString::fromStdString(journal.path());
      for (const Response& response : kWritten) QVERIFY(journal.append(response));
    }
    const QByteArray whole = content(path);
    for (qsizetype at = 0; at < whole.size(); ++at) {
      QByteArray bad = whole;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      put(path, bad);
      auto journal = Journal::open(dir.path().toStdString(), "abc", recovered);
      if (!journal) continue;
      QVERIFY(recovered.bytes_dropped > 0);
      for (const Response& response : recovered.responses)
        QVERIFY(std::find(kWritten.begin(), kWritten.end(), response) != kWritten.end());
    }
  }

  void whatWasTypedIsReadBackAndWhatCannotBeTypedIsDamage() {
    QTemporaryDir dir;
    Recovered recovered;
    Response longest{2, 1, {}, true};
    for (std::size_t i = 0; i < kTypedCharactersMax; ++i) longest.text += "≤";
    Response number{1, 3, {}, false};
    number.text = "-1.5e3";
    const Response emptied{1, 4, {}, false};
    QString path;
    {
      Journal journal = opened(dir, recovered);
      path = QString::fromStdString(journal.path());
      QVERIFY(journal.append(number));
      QVERIFY(journal.append(longest));
    }
    opened(dir, recovered);
    QCOMPARE(recovered.bytes_dropped, std::size_t{0});
    QVERIFY(recovered.responses == (std::vector<Response>{number, longest}));
    QVERIFY(opened(dir, recovered).append(emptied));
    opened(dir, recovered);
    QVERIFY(recovered.responses.front() == emptied);
    Response foreign{3, 1, {}, false};
    foreign.text = "接地";
    QVERIFY(opened(dir, recovered).append(foreign));
    opened(dir, recovered);
    QVERIFY(recovered.bytes_dropped > 0);
    QCOMPARE(recovered.responses.size(), std::size_t{2});
  }

  void anotherSittingsJournalIsNotTaken() {
    QTemporaryDir dir;
    Recovered recovered;
    const QString path = QString::fromStdString(opened(dir, recovered, "one").path());
    QVERIFY(QFile::rename(path, dir.path() + "/sitting-two.journal"));
    const auto two = Journal::open(dir.path().toStdString(), "two", recovered);
    QVERIFY(!two);
    QCOMPARE(two.error().reason, std::string{"journal_of_another_sitting"});
    QVERIFY(!Journal::open(dir.path().toStdString(), "../escape", recovered));
  }

  void removingLeavesNothing() {
    QTemporaryDir dir;
    Recovered recovered;
    opened(dir, recovered, "left-behind");
    Journal journal = opened(dir, recovered, "mine");
    Journal::removeOthers(dir.path().toStdString(), "mine");
    QCOMPARE(QDir(dir.path()).entryList({"*.journal"}).size(), 1);
    QVERIFY(journal.remove());
    QCOMPARE(QDir(dir.path()).entryList({"*.journal"}).size(), 0);
  }

  void aFolderThatIsNotThereIsAnError() {
    Recovered recovered;
    const auto journal = Journal::open("/nonexistent/place", "abc", recovered);
    QVERIFY(!journal);
    QCOMPARE(journal.error().reason, std::string{"cannot_write"});
  }

  void anyAnswersSurviveAnyCut() {
    QVERIFY(rc::check("prefix property", [] {
      QTemporaryDir dir;
      Recovered recovered;
      const auto count = *rc::gen::inRange(1, 12);
      QString path;
      std::vector<Response> written;
      {
        Journal journal = opened(dir, recovered);
        path = QString::fromStdString(journal.path());
        for (int i = 1; i <= count; ++i) {
          const auto mask = *rc::gen::inRange(0, 256);
          Response r{i, *rc::gen::inRange(1, 100000), {}, mask % 2 == 1};
          for (int o = 0; o < 8; ++o)
            if (mask >> o & 1) r.chosen.push_back(o);
          RC_ASSERT(journal.append(r).has_value());
          written.push_back(r);
        }
      }
      const QByteArray whole = content(path);
      put(path, whole.left(*rc::gen::inRange<qsizetype>(0, whole.size() + 1)));
      opened(dir, recovered);
      RC_ASSERT(recovered.responses.size() <= written.size());
      for (std::size_t i = 0; i < recovered.responses.size(); ++i) RC_ASSERT(recovered.responses[i] == written[i]);
    }));
  }
};

QTEST_GUILESS_MAIN(SittingJournalTest)
#include "sitting_journal_test.moc"
