// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTemporaryDir>
#include <QtTest>

#include "app.hpp"
#include "banking/banking.hpp"
#include "fake_clock.hpp"
#include "invigil/api/contract.hpp"
#include "papers/blueprints.hpp"
#include "registration/registration.hpp"
#include "reservation/reservations.hpp"
#include "sites/sites.hpp"

namespace invigil::server {

/// Keeps what would have gone to a phone.
class FakePhone final : public PhoneGateway {
 public:
  Status send(const std::string& phone, const std::string& zh, const std::string&) override {
    sent.emplace_back(phone, zh);
    return {};
  }
  std::vector<std::pair<std::string, std::string>> sent;
};

inline TimeZone zone(const std::string& name) { return *TimeZone::create(name); }
inline Instant shanghai(int month, int day, int hour, int minute = 0) {
  return zone("Asia/Shanghai").toInstant(2026, month, day, hour, minute);
}

inline Json everyDay(int open, int close) {
  Json hours = Json::array();
  for (int weekday = 1; weekday <= 7; ++weekday)
    hours.push_back({{"weekday", weekday}, {"open_minute", open}, {"close_minute", close}});
  return hours;
}

/// The booking features over a database in a temporary folder. Every call and reply is held against openapi.yaml.
/// It is Monday, 2 March 2026, 09:00 in Shanghai.
struct Hall {
  QTemporaryDir dir;
  std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>(shanghai(3, 2, 9));
  App app;
  FakePhone* phone = nullptr;
  Routes routes;
  Caller admin;

  Hall() {
    app.clock = clock;
    app.store = std::move(*store::Store::open(dir.filePath("hall.db").toStdString()));
    app.sealer = std::make_unique<Sealer>(Bytes(32, 7));
    auto fake = std::make_unique<FakePhone>();
    phone = fake.get();
    app.phone = std::move(fake);
    for (Routes part : {siteRoutes(), registrationRoutes(), reservationRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    admin.account_id = "admin-1";
    const auto loaded = loadBlueprints(app, INVIGIL_SOURCE_DIR "/question-bank/blueprints");
    if (!loaded) qFatal("no blueprints: %s", loaded.error().detail.c_str());
  }

  template <class T>
  Result<T> write(std::function<Result<T>(Tx&)> fn) {
    return app.store->writeNow<T>(std::move(fn));
  }
  std::int64_t count(const std::string& sql) {
    return *app.store->readNow<std::int64_t>(
        [&](Tx& tx) -> Result<std::int64_t> { return tx.value<std::int64_t>(sql).value_or(0); });
  }

  Result<Reply> run(const std::string& verb, const std::string& path, const Call& call) {
    static const std::map<std::string, Verb> verbs = {
        {"get", Verb::Get}, {"post", Verb::Post}, {"put", Verb::Put}, {"delete", Verb::Delete}};
    const auto route = std::find_if(routes.begin(), routes.end(),
                                    [&](const Route& one) { return one.verb == verbs.at(verb) && one.path == path; });
    if (route == routes.end()) qFatal("no route %s %s", verb.c_str(), path.c_str());
    if (route->kind == Route::Kind::Task) return route->task(app, call);
    const std::function<Result<Reply>(Tx&)> work = [&](Tx& tx) { return route->in_transaction(app, tx, call); };
    return route->kind == Route::Kind::Read ? app.store->readNow<Reply>(work) : app.store->writeNow<Reply>(work);
  }

  /// The same with `call.now` from the clock, request and reply checked against the contract.
  Result<Reply> send(const std::string& verb, const std::string& path, Call call) {
    call.now = clock->now();
    if (call.remote.empty()) call.remote = "192.0.2.1";
    const auto* operation = api::Contract::instance().find(verb, path);
    if (operation == nullptr) qFatal("not in openapi.yaml: %s %s", verb.c_str(), path.c_str());
    if (!operation->request.empty())
      if (auto fits = api::Contract::instance().check(operation->request, call.body); !fits)
        qFatal("request of %s: %s %s", path.c_str(), fits.error().where.c_str(), fits.error().detail.c_str());
    auto reply = run(verb, path, call);
    if (reply)
      if (auto fits = api::Contract::instance().check(operation->reply, reply->body); !fits)
        qFatal("reply of %s: %s %s", path.c_str(), fits.error().where.c_str(), fits.error().detail.c_str());
    return reply;
  }
  Result<Reply> post(const std::string& path, const Json& body, const Caller& caller = {}, const std::string& id = "") {
    Call call;
    call.body = body;
    call.caller = caller;
    call.id = id;
    return send("post", "/api/v1" + path, call);
  }
  Result<Reply> get(const std::string& path, std::map<std::string, std::string> query = {},
                    const std::string& id = "") {
    Call call;
    call.query = std::move(query);
    call.caller = admin;
    call.id = id;
    return send("get", "/api/v1" + path, call);
  }

  std::string addSite(const std::string& zone_name, const Json& hours, const Json& policy = defaultPolicy()) {
    auto made = post("/admin/sites",
                     {{"name", wording("一号考点", "Site one")},
                      {"address", wording("一号路", "1 Road")},
                      {"time_zone", zone_name},
                      {"hours", hours},
                      {"policy", policy},
                      {"disabled", false}},
                     admin);
    if (!made) qFatal("no site: %s", made.error().reason.c_str());
    return made->body.at("id");
  }
  std::string addSeat(const std::string& site_id, const std::string& label) {
    auto made = post("/admin/sites/{id}/seats", {{"room", "A"}, {"label", label}, {"disabled", false}}, admin, site_id);
    if (!made) qFatal("no seat: %s", made.error().reason.c_str());
    return made->body.at("id");
  }

  /// A candidate with one eligibility and what a booking needs of both.
  struct Person {
    Caller caller;
    std::string eligibility_id;
  };
  Person addPerson(const std::string& name, const std::string& id_number, const std::string& blueprint = kElectrician) {
    auto made = post("/admin/candidates",
                     {{"name", name},
                      {"id_type", "resident_id"},
                      {"id_number", id_number},
                      {"phone", "13812345678"},
                      {"blueprint_id", blueprint},
                      {"training_done", true}},
                     admin);
    if (!made) qFatal("no candidate: %s", made.error().reason.c_str());
    Person person;
    person.caller.candidate_id = made->body.at("id");
    for (const Json& one : made->body.at("eligibilities"))
      if (one.at("blueprint_id") == blueprint) person.eligibility_id = one.at("id");
    return person;
  }
  Result<Reply> reserve(const Person& person, const std::string& site_id, Instant start) {
    return post("/booking/reservations",
                {{"eligibility_id", person.eligibility_id}, {"site_id", site_id}, {"start_ms", toMillis(start)}},
                person.caller);
  }

  static constexpr const char* kElectrician = "special-operations-low-voltage";
};

/// The reason of a failure, "" for a success.
template <class T>
std::string reason(const Result<T>& result) {
  return result ? std::string() : result.error().reason;
}

}  // namespace invigil::server
