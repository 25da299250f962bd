// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>
#include <thread>

#include "store/migrations.hpp"
#include "store/store.hpp"

using namespace invigil;
using namespace invigil::store;

class StoreTest : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;
  std::unique_ptr<Store> store_;

  std::string path(const char* name) const { return folder_.filePath(name).toStdString(); }
  Status put(const std::string& key, std::int64_t ord) {
    return store_->writeNow<void>([=](Tx& tx) -> Status {
      tx.exec("insert into blueprint(id, ord, content) values (:a, :b, :c)", key, ord, "{}");
      return {};
    });
  }
  std::int64_t count() {
    return *store_->readNow<std::int64_t>(
        [](Tx& tx) -> Result<std::int64_t> { return tx.value<std::int64_t>("select count(*) from blueprint").value(); });
  }

 private slots:
  void init() {
    QFile::remove(folder_.filePath("s.db"));
    QFile::remove(folder_.filePath("s.db-wal"));
    QFile::remove(folder_.filePath("s.db-shm"));
    auto store = Store::open(path("s.db"));
    QVERIFY2(store.has_value(), store ? "" : store.error().detail.c_str());
    store_ = std::move(*store);
  }
  void cleanup() { store_.reset(); }

  void valuesComeBackAsTheyWentIn() {
    const std::string odd = "quote ' and \" and 中文 and :a";
    QVERIFY(store_->writeNow<void>([&](Tx& tx) -> Status {
      tx.exec("insert into account(id, name, display, role, password_hash, locked_until_ms) values (:a, :b, :c, :d, :e, :f)", "1",
              odd, "", "administrator", "x", std::optional<std::int64_t>{});
      tx.exec("insert into account(id, name, display, role, password_hash, locked_until_ms) values (:a, :b, :c, :d, :e, :f)", "2",
              "two", "", "reviewer", "x", std::int64_t{1} << 52);
      return {};
    }));
    auto rows = store_->readNow<int>([&](Tx& tx) -> Result<int> {
      auto one = tx.one<std::string, std::optional<std::int64_t>>("select name, locked_until_ms from account where id = :a", "1");
      if (!one || std::get<0>(*one) != odd || std::get<1>(*one)) return 1;
      auto two = tx.value<std::int64_t>("select locked_until_ms from account where name = :a", "two");
      return two == std::int64_t{1} << 52 && !tx.value<std::string>("select id from account where id = 'none'") ? 0 : 2;
    });
    QCOMPARE(*rows, 0);
  }

  void refusedWorkLeavesNothing() {
    Status refused = store_->writeNow<void>([](Tx& tx) -> Status {
      tx.exec("insert into blueprint(id, ord, content) values ('half', 1, '{}')");
      return fail(ErrorCode::Conflict, "no");
    });
    QCOMPARE(refused.error().reason, std::string("no"));
    QCOMPARE(count(), 0);
  }

  void oneBadWorkDoesNotHarmItsGroup() {
    std::atomic<int> good{0}, bad{0};
    std::atomic<int> left{200};
    for (int i = 0; i < 200; ++i)
      store_->write(
          [i](Tx& tx) -> Outcome {
            tx.exec("insert into blueprint(id, ord, content) values (:a, 1, '{}')", i % 10 == 0 ? "same" : std::to_string(i));
            return std::any{};
          },
          [&](Outcome outcome) {
            (outcome ? good : bad) += 1;
            left -= 1;
          });
    QTRY_COMPARE_WITH_TIMEOUT(left.load(), 0, 20000);
    QCOMPARE(good.load(), 181);  // 180 of their own, and the first "same"
    QCOMPARE(bad.load(), 19);
    QCOMPARE(count(), 181);
  }

  void waitingWritesShareACommit() {
    std::atomic<int> left{1000};
    for (int i = 0; i < 1000; ++i)
      store_->write(
          [i](Tx& tx) -> Outcome {
            tx.exec("insert into blueprint(id, ord, content) values (:a, 1, '{}')", std::to_string(i));
            return std::any{};
          },
          [&](Outcome) { left -= 1; });
    QTRY_COMPARE_WITH_TIMEOUT(left.load(), 0, 20000);
    const auto [writes, commits] = store_->counters();
    QCOMPARE(writes, 1000);
    QVERIFY2(commits < 500, qPrintable(QString("%1 commits").arg(commits)));
  }

  void failuresDoNotTellBoundValues() {
    QVERIFY(put("secret-value", 1));
    Status again = put("secret-value", 1);
    QCOMPARE(again.error().reason, std::string("store_failed"));
    QVERIFY(again.error().detail.find("secret-value") == std::string::npos);
  }

  void aReaderCannotWrite() {
    Status refused = store_->readNow<void>([](Tx& tx) -> Status {
      tx.exec("insert into blueprint(id, ord, content) values ('x', 1, '{}')");
      return {};
    });
    QVERIFY(!refused);
    QCOMPARE(count(), 0);
  }

  void topicsAreToldAfterTheCommitOnly() {
    std::vector<std::string> told;
    store_->onNotify([&](const std::string& topic) { told.push_back(topic + std::to_string(0)); });
    QVERIFY(!store_->writeNow<void>([](Tx& tx) -> Status {
      tx.notify("never");
      return fail(ErrorCode::Conflict, "no");
    }));
    QVERIFY(store_->writeNow<void>([](Tx& tx) -> Status {
      tx.notify("topic");
      return {};
    }));
    store_.reset();  // drains the writer: the listener has run
    QCOMPARE(told, std::vector<std::string>{"topic0"});
  }

  void anotherStartFindsEverything() {
    QVERIFY(put("kept", 7));
    store_.reset();
    auto again = Store::open(path("s.db"));
    QVERIFY(again.has_value());
    store_ = std::move(*again);
    QCOMPARE(count(), 1);
  }

  void aNewerStoreIsRefused() {
    QVERIFY(store_->writeNow<void>([](Tx& tx) -> Status {
      tx.exec("insert into schema_migration(number, checksum) values (9999, 'x')");
      return {};
    }));
    store_.reset();
    auto again = Store::open(path("s.db"));
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().reason, std::string("store_is_newer"));
  }

  void aChangedMigrationIsRefused() {
    QVERIFY(store_->writeNow<void>([](Tx& tx) -> Status {
      tx.exec("update schema_migration set checksum = 'other' where number = 1");
      return {};
    }));
    store_.reset();
    auto again = Store::open(path("s.db"));
    QVERIFY(!again.has_value());
    QCOMPARE(again.error().reason, std::string("migration_changed"));
  }

  void aFileThatIsNoDatabaseIsRefused() {
    QFile file(folder_.filePath("junk.db"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(8192, 'j'));
    file.close();
    auto opened = Store::open(path("junk.db"));
    QVERIFY(!opened.has_value());
    QCOMPARE(opened.error().reason, std::string("cannot_open_store"));
  }
};

QTEST_GUILESS_MAIN(StoreTest)
#include "test_store.moc"
