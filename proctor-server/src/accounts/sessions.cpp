// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "accounts/accounts.hpp"
#include "invigil/base/random.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kSession{8 * 3600 * 1000};
constexpr milliseconds kLockout{15 * 60 * 1000};
constexpr int kFailuresMax = 5;

std::string cookie(const std::string& token, std::int64_t seconds_left) {
  return "iv_staff=" + token + "; Path=/; Max-Age=" + std::to_string(seconds_left) + "; HttpOnly; Secure; SameSite=Strict";
}

Json me(App& app, const Caller& caller) {
  return {{"name", caller.account_name}, {"display", caller.display}, {"role", caller.role},
          {"expires_ms", toMillis(caller.session_expires)}, {"demo", app.config.demo}};
}

struct Found {
  std::string id, hash;
  bool usable = false, locked = false;
};

Result<Found> lookUp(App& app, const Call& call) {
  return app.store->readNow<Found>([&](Tx& tx) -> Result<Found> {
    auto row = tx.one<std::string, std::string, std::int64_t, std::optional<std::int64_t>>(
        "select id, password_hash, disabled, locked_until_ms from account where name = :a", call.text("name"));
    Found found;
    if (!row) return found;
    found.id = std::get<0>(*row);
    found.hash = std::get<1>(*row);
    found.usable = std::get<2>(*row) == 0;
    found.locked = std::get<3>(*row).value_or(0) > toMillis(call.now);
    return found;
  });
}

Status countFailure(App& app, const Call& call, const std::string& account_id) {
  return app.store->writeNow<void>([&](Tx& tx) -> Status {
    tx.exec("update account set failures = failures + 1 where id = :a", account_id);
    tx.exec("update account set locked_until_ms = :a, failures = 0 where id = :b and failures >= :c",
            toMillis(call.now + kLockout), account_id, kFailuresMax);
    audit(tx, call.now, account_id, "login_failed", account_id);
    return {};
  });
}

Result<Reply> login(App& app, const Call& call) {
  if (!app.limits.allow("login/" + call.remote, 30, milliseconds(600000), call.now))
    return fail(ErrorCode::TooMany, "too_many_requests");
  INVIGIL_TRY(found, lookUp(app, call));
  // An unknown name locks as a known one does; else the lock would tell which names exist.
  if (found.id.empty() && !app.limits.allow("nobody/" + sha256Hex(call.text("name")), kFailuresMax, kLockout, call.now))
    found.locked = true;
  if (found.locked) return fail(ErrorCode::TooMany, "account_locked");
  // An unknown name costs as much time as a known one.
  static const std::string kNobody = hashPassword("nobody");
  const bool right = passwordMatches(call.text("password"), found.id.empty() ? kNobody : found.hash);
  if (found.id.empty() || !found.usable || !right) {
    if (!found.id.empty()) INVIGIL_CHECK(countFailure(app, call, found.id));
    return fail(ErrorCode::Unauthenticated, "wrong_login");
  }
  const std::string token = randomHex(32);
  const Instant expires = call.now + kSession;
  INVIGIL_TRY(caller, app.store->writeNow<Caller>([&](Tx& tx) -> Result<Caller> {
    tx.exec("delete from staff_session where expires_ms < :a", toMillis(call.now));
    tx.exec("insert into staff_session(token_hash, account_id, expires_ms) values (:a, :b, :c)", sha256Hex(token), found.id,
            toMillis(expires));
    tx.exec("update account set failures = 0, locked_until_ms = null, last_login_ms = :a where id = :b", toMillis(call.now),
            found.id);
    audit(tx, call.now, found.id, "login", found.id);
    auto row = tx.one<std::string, std::string, std::string>("select name, display, role from account where id = :a", found.id);
    Caller signed_in;
    std::tie(signed_in.account_name, signed_in.display, signed_in.role) = *row;
    signed_in.session_expires = expires;
    return signed_in;
  }));
  Reply reply(me(app, caller));
  reply.cookie = cookie(token, kSession.count() / 1000);
  return reply;
}

Result<Reply> logout(App&, Tx& tx, const Call& call) {
  tx.exec("delete from staff_session where token_hash = :a", call.caller.token_hash);
  Reply reply(Json{{"ok", true}});
  reply.cookie = cookie("", 0);
  return reply;
}

Result<Reply> changePassword(App& app, const Call& call) {
  const std::string fresh = call.text("new");
  if (codePoints(fresh) < 12 || fresh.find(call.caller.account_name) != std::string::npos)
    return fail(ErrorCode::InvalidInput, "weak_password", "", "new");
  if (!app.limits.allow("password/" + call.caller.account_id, 10, milliseconds(600000), call.now))
    return fail(ErrorCode::TooMany, "too_many_requests");
  INVIGIL_TRY(hash, app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
    return tx.value<std::string>("select password_hash from account where id = :a", call.caller.account_id).value_or("");
  }));
  if (!passwordMatches(call.text("old"), hash)) {
    INVIGIL_CHECK(countFailure(app, call, call.caller.account_id));
    return fail(ErrorCode::InvalidInput, "wrong_login", "", "old");
  }
  const std::string fresh_hash = hashPassword(fresh);
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    tx.exec("update account set password_hash = :a where id = :b", fresh_hash, call.caller.account_id);
    tx.exec("delete from staff_session where account_id = :a and token_hash <> :b", call.caller.account_id,
            call.caller.token_hash);
    audit(tx, call.now, call.caller.account_id, "password_changed", call.caller.account_id);
    return {};
  }));
  return Reply{Json{{"ok", true}}};
}

}  // namespace

Routes sessionRoutes() {
  return {taskRoute(Verb::Post, "/api/v1/staff/login", Scope::Public, login),
          writeRoute(Verb::Post, "/api/v1/staff/logout", Scope::Staff, logout),
          readRoute(Verb::Get, "/api/v1/staff/me", Scope::Staff,
                    [](App& app, Tx&, const Call& call) -> Result<Reply> { return Reply{me(app, call.caller)}; }),
          taskRoute(Verb::Post, "/api/v1/staff/password", Scope::Staff, changePassword)};
}

}  // namespace invigil::server
