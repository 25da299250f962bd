// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "open_app.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "accounts/accounts.hpp"
#include "admission/admissions.hpp"
#include "invigil/base/random.hpp"
#include "papers/papers.hpp"
#include "proctoring/recording.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"
#include "reservation/reservations.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {
namespace {

/// No SMS provider is part of the product yet: the messages lie in the data folder, where an operator's script may
/// fetch them. A thread of its own writes them, so that the answer to a request takes as long whether a message goes
/// out or not.
class OutboxGateway final : public PhoneGateway {
 public:
  explicit OutboxGateway(std::string folder) : folder_(std::move(folder)), writer_([this](std::stop_token stop) { run(stop); }) {}
  ~OutboxGateway() override { writer_.request_stop(); }

  Status send(const std::string& phone, const std::string& zh, const std::string& en) override {
    {
      std::lock_guard lock(mutex_);
      messages_.push_back(Json{{"phone", phone}, {"zh", zh}, {"en", en}}.dump());
    }
    ready_.notify_one();
    return {};
  }

 private:
  void run(std::stop_token stop) {
    for (;;) {
      std::string message;
      {
        std::unique_lock lock(mutex_);
        if (!ready_.wait(lock, stop, [this] { return !messages_.empty(); })) return;
        message = std::move(messages_.front());
        messages_.pop_front();
      }
      std::error_code ignored;
      std::filesystem::create_directories(folder_, ignored);
      std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, ignored);
      if (Status written = writeFileDurably(folder_ + "/" + randomHex(8) + ".json", message, 0600); !written)
        std::fprintf(stderr, "invigil-server: outbox: %s\n", written.error().reason.c_str());
    }
  }

  std::string folder_;
  std::mutex mutex_;
  std::condition_variable_any ready_;
  std::deque<std::string> messages_;
  std::jthread writer_;
};

Result<std::string> keptKey(const std::string& path, const std::string& fresh) {
  if (!std::filesystem::exists(path)) INVIGIL_CHECK(writeFileDurably(path, fresh, 0600));
  return readFile(path, 1 << 16);
}

/// Every name this centre has ever signed under: passes issued before a renaming must go on verifying.
Status trustAllNames(App& app, const std::string& path) {
  std::vector<std::string> names;
  if (auto text = readFile(path, 1 << 16)) {
    auto list = Json::parse(*text, nullptr, false);
    if (!list.is_array()) return fail(ErrorCode::Corrupt, "bad_key", "'" + path + "' is damaged.");
    names = list.get<std::vector<std::string>>();
  }
  if (std::find(names.begin(), names.end(), app.config.centre) == names.end()) {
    names.push_back(app.config.centre);
    INVIGIL_CHECK(writeFileDurably(path, Json(names).dump()));
  }
  for (const std::string& name : names) app.trust.add(name, *app.signing_key);
  return {};
}

}  // namespace

Result<std::unique_ptr<App>> openApp(const Config& config) {
  auto app = std::make_unique<App>();
  app->config = config;
  if (app->config.recordings_dir.empty()) app->config.recordings_dir = config.data_dir + "/recordings";
  app->clock = std::make_shared<SystemClock>();
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error)
    return fail(ErrorCode::Unavailable, "cannot_open_store", "Cannot make the folder '" + config.data_dir + "': " + error.message() + ".");
  std::filesystem::permissions(config.data_dir, std::filesystem::perms::owner_all, error);
  std::filesystem::create_directories(app->config.recordings_dir, error);
  if (error)
    return fail(ErrorCode::Unavailable, "cannot_open_store", "Cannot make the folder '" + app->config.recordings_dir + "': " + error.message() + ".");
  std::filesystem::permissions(app->config.recordings_dir, std::filesystem::perms::owner_all, error);
  const std::string keys = config.data_dir + "/keys";
  INVIGIL_TRY(authority, Authority::open(keys));
  app->authority = std::move(authority);
  INVIGIL_TRY(signing_pem, keptKey(keys + "/credential.key", credential::SigningKey::generate().privatePem()));
  INVIGIL_TRY(signing, credential::SigningKey::fromPem(signing_pem));
  app->signing_key = std::make_unique<credential::SigningKey>(std::move(signing));
  INVIGIL_CHECK(trustAllNames(*app, keys + "/issuers.json"));
  INVIGIL_TRY(photo_hex, keptKey(keys + "/photo.key", randomHex(32)));
  INVIGIL_TRY(photo_key, fromHex(trim(photo_hex)));
  if (photo_key.size() != 32) return fail(ErrorCode::Corrupt, "bad_key", "'" + keys + "/photo.key' is damaged.");
  app->sealer = std::make_unique<Sealer>(std::move(photo_key));
  app->phone = std::make_unique<OutboxGateway>(config.data_dir + "/outbox");
  INVIGIL_TRY(store, store::Store::open(config.data_dir + "/invigil.db"));
  app->store = std::move(store);
  return app;
}

Result<std::string> firstAdministrator(App& app) {
  INVIGIL_TRY(count, app.store->readNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> {
    return tx.value<std::int64_t>("select count(*) from account where role = 'administrator'").value_or(0);
  }));
  if (count > 0) return std::string();
  return setNewPassword(app, "admin", "Administrator", "administrator", true);
}

void housekeeping(App& app) {
  const Instant now = app.clock->now();
  const auto tell = [](const Status& done) {
    if (!done) std::fprintf(stderr, "invigil-server: housekeeping: %s: %s\n", done.error().reason.c_str(), done.error().detail.c_str());
  };
  tell(finishOverdue(app, now));
  tell(keepPapersReady(app, now));
  tell(watchFaceData(app, now));
  const Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
    releaseNoShows(app, tx, now);
    endForgottenPauses(tx, now);
    if (app.limits.allow("housekeeping/photos", 1, std::chrono::hours(1), now)) {
      forgetPhotos(tx, now);
      forgetEvidence(tx, now);
      forgetCaptures(tx, now);
    }
    tx.exec("delete from booking_session where expires_ms < :a", toMillis(now));
    tx.exec("delete from phone_challenge where expires_ms < :a", toMillis(now));
    return {};
  });
  tell(done);
  if (app.limits.allow("housekeeping/recordings", 1, std::chrono::hours(1), now)) tell(forgetRecordings(app, now));
}

}  // namespace invigil::server
