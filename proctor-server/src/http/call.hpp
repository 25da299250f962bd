// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "invigil/base/clock.hpp"
#include "invigil/base/result.hpp"
#include "store/store.hpp"

namespace invigil::server {

using Json = nlohmann::json;
using store::Tx;
struct App;

/// Who may call a route (x-scope in openapi.yaml).
enum class Scope { Public, Booking, Staff, Administrator, Editor, Reviewer, Viewer, Authority, Kiosk };

/// Who is calling, as proved by a cookie or a client certificate.
struct Caller {
  std::string account_id, account_name, display, role;  ///< staff scopes
  std::string candidate_id;                             ///< Booking
  std::string kiosk_id, seat_id, site_id;               ///< Kiosk
  std::string certificate;                              ///< Kiosk: the fingerprint of the one it shows
  std::string token_hash;                               ///< of the session cookie
  Instant session_expires{};
};

/// One request, already checked: the body fits its schema in openapi.yaml, the caller has the scope.
struct Call {
  std::string id;                            ///< {id} of the path
  std::map<std::string, std::string> query;  ///< only names that openapi.yaml lists
  Json body;                                 ///< null for routes without a JSON body
  std::string bytes;                         ///< body of routes with a binary one
  Caller caller;
  std::string remote;  ///< address of the peer, for rate limits only; never logged
  Instant now{};

  std::string text(const char* member) const { return body.at(member).get<std::string>(); }
  /// Query value or "".
  std::string q(const std::string& name) const {
    auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  }
  /// Query number, clamped; `fallback` when absent or not a number.
  std::int64_t number(const std::string& name, std::int64_t fallback, std::int64_t low, std::int64_t high) const;
};

/// What goes back. JSON unless `bytes` is set.
struct Reply {
  Json body = Json::object();
  std::string bytes, content_type;
  std::optional<std::string> cookie;  ///< whole Set-Cookie value
  /// Long poll: when set, and the call carries wait_ms, the framework waits for this topic (Tx::notify) or the end of
  /// the wait, then runs the handler again.
  std::string wait_for;

  Reply() = default;
  Reply(Json json) : body(std::move(json)) {}
};

/// Runs inside one transaction on a store thread: no slow work, no waiting. Rejections undo everything.
using TxHandler = std::function<Result<Reply>(App&, Tx&, const Call&)>;
/// Runs on a worker thread, for slow work (hashing, pictures); opens its own transactions with app.store->…Now().
using TaskHandler = std::function<Result<Reply>(App&, const Call&)>;

enum class Verb { Get, Post, Put, Delete };

/// One row of the route table: the limit list, the permission list and the API index in one.
struct Route {
  Verb verb;
  std::string path;  ///< as in openapi.yaml, "{id}" for the one variable part
  Scope scope;
  std::size_t body_bytes_max;
  std::chrono::milliseconds deadline;
  enum class Kind { Read, Write, Task } kind;
  TxHandler in_transaction;  ///< Read, Write
  TaskHandler task;          ///< Task
};

constexpr std::size_t kSmallBody = 64 << 10;
constexpr std::chrono::milliseconds kDeadline{15000};
/// Time to send a request: a photo over a slow phone line needs more than a line of text.
constexpr std::chrono::milliseconds bodyDeadline(std::size_t bytes_max) {
  return kDeadline + std::chrono::seconds(bytes_max >> 17);  // 128 KiB a second
}

inline Route readRoute(Verb verb, std::string path, Scope scope, TxHandler fn) {
  return {verb, std::move(path), scope, kSmallBody, kDeadline, Route::Kind::Read, std::move(fn), {}};
}
inline Route writeRoute(Verb verb, std::string path, Scope scope, TxHandler fn, std::size_t bytes = kSmallBody) {
  return {verb, std::move(path), scope, bytes, bodyDeadline(bytes), Route::Kind::Write, std::move(fn), {}};
}
inline Route taskRoute(Verb verb, std::string path, Scope scope, TaskHandler fn, std::size_t bytes = kSmallBody) {
  return {verb, std::move(path), scope, bytes, bodyDeadline(bytes), Route::Kind::Task, {}, std::move(fn)};
}
using Routes = std::vector<Route>;

}  // namespace invigil::server
