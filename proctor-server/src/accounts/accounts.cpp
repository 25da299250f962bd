// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "accounts/accounts.hpp"

namespace invigil::server {
namespace {

constexpr const char* kColumns = "select id, name, display, role, disabled, locked_until_ms, last_login_ms from account ";
using Row = std::tuple<std::string, std::string, std::string, std::string, std::int64_t, std::optional<std::int64_t>,
                       std::optional<std::int64_t>>;

Json accountJson(const Row& row) {
  const auto& [id, name, display, role, disabled, locked, last] = row;
  return {{"id", id}, {"name", name}, {"display", display}, {"role", role}, {"disabled", disabled != 0},
          {"locked_until_ms", millis(locked)}, {"last_login_ms", millis(last)}};
}

std::vector<Row> rowsWhere(Tx& tx, const std::string& where, const std::string& value) {
  return tx.all<std::string, std::string, std::string, std::string, std::int64_t, std::optional<std::int64_t>,
                std::optional<std::int64_t>>(kColumns + where, value);
}

Result<Json> accountById(Tx& tx, const std::string& id) {
  auto rows = rowsWhere(tx, "where id = :a", id);
  if (rows.empty()) return fail(ErrorCode::NotFound, "no_such_account", "", "id");
  return accountJson(rows.front());
}

bool nameIsFine(const std::string& name) {
  return name.size() >= 3 && name.size() <= 40 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
}

Result<Reply> listAccounts(App&, Tx& tx, const Call&) {
  Json list = Json::array();
  for (const Row& row : rowsWhere(tx, "where name <> :a order by name", "")) list.push_back(accountJson(row));
  return Reply{{{"accounts", list}}};
}

Result<Reply> accountMade(App& app, const std::string& name, const std::string& password) {
  INVIGIL_TRY(account, app.store->readNow<Json>([&](Tx& tx) -> Result<Json> {
    auto rows = rowsWhere(tx, "where name = :a", name);
    if (rows.empty()) return fail(ErrorCode::NotFound, "no_such_account");
    return accountJson(rows.front());
  }));
  return Reply{{{"account", account}, {"password", password}}};
}

Result<Reply> makeAccount(App& app, const Call& call) {
  INVIGIL_TRY(password, setNewPassword(app, call.text("name"), call.text("display"), call.text("role"), true, call.caller.account_id));
  return accountMade(app, call.text("name"), password);
}

Result<Reply> resetAccount(App& app, const Call& call) {
  INVIGIL_TRY(name, app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
    auto found = tx.value<std::string>("select name from account where id = :a", call.id);
    if (!found) return fail(ErrorCode::NotFound, "no_such_account");
    return *found;
  }));
  INVIGIL_TRY(password, setNewPassword(app, name, "", "", false, call.caller.account_id));
  return accountMade(app, name, password);
}

Result<Reply> changeAccount(App&, Tx& tx, const Call& call) {
  const bool disabled = call.body.at("disabled").get<bool>();
  tx.exec("update account set disabled = :a where id = :b", disabled ? 1 : 0, call.id);
  if (tx.value<std::int64_t>("select count(*) from account where role = 'administrator' and disabled = 0").value_or(0) == 0)
    return fail(ErrorCode::Conflict, "last_administrator");
  if (disabled) tx.exec("delete from staff_session where account_id = :a", call.id);
  audit(tx, call.now, call.caller.account_id, disabled ? "account_disabled" : "account_enabled", call.id);
  INVIGIL_TRY(account, accountById(tx, call.id));
  return Reply{account};
}

}  // namespace

Result<std::string> setNewPassword(App& app, const std::string& name, const std::string& display, const std::string& role,
                                   bool fresh, const std::string& actor) {
  if (!nameIsFine(name)) return fail(ErrorCode::InvalidInput, "account_name_wrong", "", "name");
  const std::string password = newPassword(), hash = hashPassword(password);
  const Instant now = app.clock->now();
  INVIGIL_CHECK(app.store->writeNow<void>([&](Tx& tx) -> Status {
    if (fresh) {
      const auto made = tx.exec(
          "insert into account(id, name, display, role, password_hash) values (:a, :b, :c, :d, :e) on conflict do nothing",
          newId(), name, display, role, hash);
      if (made == 0) return fail(ErrorCode::Conflict, "account_exists", "", "name");
    } else if (tx.exec("update account set password_hash = :a, failures = 0, locked_until_ms = null where name = :b", hash,
                       name) == 0) {
      return fail(ErrorCode::NotFound, "no_such_account", "There is no account of that name.", "name");
    }
    tx.exec("delete from staff_session where account_id = (select id from account where name = :a)", name);
    audit(tx, now, actor, fresh ? "account_made" : "account_reset",
          tx.value<std::string>("select id from account where name = :a", name).value_or(""));
    return {};
  }));
  return password;
}

Routes accountRoutes() {
  const std::string base = "/api/v1/admin/accounts";
  return {readRoute(Verb::Get, base, Scope::Administrator, listAccounts),
          taskRoute(Verb::Post, base, Scope::Administrator, makeAccount),
          taskRoute(Verb::Post, base + "/{id}/reset", Scope::Administrator, resetAccount),
          writeRoute(Verb::Put, base + "/{id}", Scope::Administrator, changeAccount)};
}

}  // namespace invigil::server
