// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "exam_hall.hpp"
#include "open_app.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// A hall whose keys lie in a folder, as the real server's do.
struct KeyHall : ExamHall {
  std::string folder = dir.filePath("keys").toStdString();

  explicit KeyHall(int papers = 0) : ExamHall(defaultPolicy(), papers) {
    app.config.data_dir = dir.path().toStdString();
    std::filesystem::create_directory(folder);
    put("photo.key", toHex(Bytes(32, 7)));  // what the hall has sealed with
    put("credential.key", app.signing_key->privatePem());
  }
  std::string path(const std::string& name) const { return folder + "/" + name; }
  void put(const std::string& name, const std::string& text) {
    if (!writeFileDurably(path(name), text, 0600)) qFatal("no %s", name.c_str());
  }
  std::string content(const std::string& name) { return readFile(path(name), 1 << 16).value_or(""); }
  Status open(LostKeys lost = LostKeys::Refuse) { return openKeys(app, folder, lost); }
  void mustOpen(LostKeys lost = LostKeys::Refuse) {
    if (const Status opened = open(lost); !opened) qFatal("refused: %s", opened.error().detail.c_str());
  }
  /// Somebody passes; the text of the pass.
  std::string pass() {
    const Visit visit = come(addPerson("王小明", kFirst));
    const Json sitting = admitted(visit);
    answerRight(visit, sitting, 90);
    clock->advance(minutes(40));
    return must(submit(visit, sitting))["credential"]["text"];
  }
  std::string verified(const std::string& text) { return reason(credential::verify(text, app.trust, clock->now())); }
};

}  // namespace

class KeysTest : public QObject {
  Q_OBJECT

 private slots:
  void aNewFolderGetsItsKeysAndKeepsThem() {
    QTemporaryDir dir;
    Config config;
    config.data_dir = dir.filePath("data").toStdString();
    std::string trust, photo;
    for (int start = 0; start < 2; ++start) {
      auto app = openApp(config);
      QVERIFY2(app.has_value(), app ? "" : app.error().detail.c_str());
      const std::string seen = (*app)->trust.toJson(), key = readFile(config.data_dir + "/keys/photo.key", 100).value_or("");
      QVERIFY(!key.empty());
      if (start == 0) trust = seen, photo = key;
      QCOMPARE(seen, trust);
      QCOMPARE(key, photo);
    }
    // Nothing hangs on them yet: an interrupted first start is simply repeated.
    std::filesystem::remove_all(config.data_dir + "/keys");
    QVERIFY(openApp(config).has_value());
  }

  void aLostPhotoKeyIsNotReplacedInSilence() {
    KeyHall hall;
    hall.givePhoto(hall.addPerson("王小明", kFirst));
    hall.mustOpen();
    std::filesystem::remove(hall.path("photo.key"));
    const Status refused = hall.open();
    QCOMPARE(reason(refused), std::string("key_missing"));
    for (const char* said : {"photo.key", "reference photos", "--new-keys"}) QVERIFY2(refused.error().detail.find(said) != std::string::npos, said);
    QVERIFY(!std::filesystem::exists(hall.path("photo.key")));
    // Nor is another one taken, and the right one is good again.
    hall.put("photo.key", toHex(Bytes(32, 8)));
    QCOMPARE(reason(hall.open()), std::string("key_other"));
    hall.put("photo.key", toHex(Bytes(32, 7)) + "\n");
    hall.mustOpen();
  }

  /// Each of them alone makes it needed.
  void allThatThePhotoKeySealsHangsOnIt() {
    for (const char* row : {"recording(sitting_id, key, made_ms)", "incident_key(sitting_id, key, made_ms)"}) {
      KeyHall hall(10);
      const Json sitting = hall.admitted(hall.come(hall.addPerson("王小明", kFirst)));
      QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
        tx.exec("update paper_batch set seed = ''");
        tx.exec("update admission set capture = ''");
        tx.exec(std::string("insert into ") + row + " values (:a, :b, 0)", sitting["id"].get<std::string>(), hall.app.sealer->seal("a key"));
        return {};
      }).has_value());
      hall.put("photo.key", toHex(Bytes(32, 8)));
      QCOMPARE(reason(hall.open()), std::string("key_other"));
      hall.put("photo.key", toHex(Bytes(32, 7)));
      hall.mustOpen();
    }
  }

  void whoGoesOnWithoutItIsAskedOnce() {
    KeyHall hall(10);
    hall.givePhoto(hall.addPerson("王小明", kFirst));
    hall.mustOpen();
    QCOMPARE(hall.count("select count(*) from paper_batch where state = 'sealed'"), 1);
    std::filesystem::remove(hall.path("photo.key"));
    hall.mustOpen(LostKeys::Replace);
    QVERIFY(hall.content("photo.key") != toHex(Bytes(32, 7)));
    hall.mustOpen();
    QCOMPARE(hall.count("select count(*) from audit where action = 'key_taken' and detail = 'photo'"), 2);
    // Papers that nobody can open are not handed to anybody; the server seals new ones by itself.
    QCOMPARE(hall.count("select count(*) from paper_batch where state = 'sealed'"), 0);
    hall.sealPapers(ExamHall::kElectrician, 10);
    hall.admitted(hall.come(hall.addPerson("李大力", kSecond)));
  }

  void passesOfAnEarlierKeyGoOnVerifying() {
    KeyHall hall(10);
    hall.mustOpen();
    const std::string old = hall.pass();
    QCOMPARE(hall.verified(old), std::string());
    std::filesystem::remove(hall.path("credential.key"));
    QCOMPARE(reason(hall.open()), std::string("key_missing"));
    hall.put("credential.key", credential::SigningKey::generate().privatePem());
    QCOMPARE(reason(hall.open()), std::string("key_other"));
    hall.mustOpen(LostKeys::Replace);
    hall.mustOpen();
    QCOMPARE(hall.verified(old), std::string());
    QCOMPARE(Json::parse(hall.app.trust.toJson())["keys"].size(), std::size_t{2});
    // So do those of a centre that has another name now.
    hall.app.config.centre = "Renamed";
    hall.mustOpen();
    QCOMPARE(hall.verified(old), std::string());
    QCOMPARE(Json::parse(hall.app.trust.toJson())["keys"].size(), std::size_t{3});
  }

  /// A database from before keys were noted: its own keys are told from others by what they open and have signed.
  void dataOfAnOlderProgramKnowItsKeysByWhatTheyOpen() {
    KeyHall hall(10);
    const std::string pass = hall.pass(), own = hall.content("credential.key");
    hall.put("photo.key", toHex(Bytes(32, 8)));
    QCOMPARE(reason(hall.open()), std::string("key_other"));
    hall.put("photo.key", toHex(Bytes(32, 7)));
    hall.put("credential.key", credential::SigningKey::generate().privatePem());
    QCOMPARE(reason(hall.open()), std::string("key_other"));
    QCOMPARE(hall.count("select count(*) from key_used"), 0);
    hall.put("credential.key", own);
    hall.put("issuers.json", R"(["Earlier name", "Test"])");
    hall.mustOpen();
    QCOMPARE(hall.verified(pass), std::string());
    QCOMPARE(hall.count("select count(*) from key_used where name = 'credential'"), 2);
  }

  void enrolledKiosksKeepTheirCa() {
    KeyHall hall;
    hall.mustOpen();
    QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("insert into kiosk(id, seat_id, fingerprint, enrolled_ms) values ('k', :a, 'f', 0)", hall.seat_a);
      return {};
    }).has_value());
    hall.mustOpen();
    std::filesystem::remove(hall.path("ca.pem"));
    QCOMPARE(reason(hall.open()), std::string("key_missing"));
    hall.mustOpen(LostKeys::Replace);
    hall.mustOpen();
  }
};

QTEST_GUILESS_MAIN(KeysTest)
#include "test_keys.moc"
