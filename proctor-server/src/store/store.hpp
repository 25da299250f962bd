// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <soci/soci.h>

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "invigil/base/result.hpp"

namespace invigil::store {

namespace detail {
template <class T> struct Plain { using type = T; };
template <class T> struct Plain<std::optional<T>> : Plain<T> {};
template <> struct Plain<std::int64_t> { using type = long long; };
}  // namespace detail

/// One transaction as a feature sees it. SQL is portable, with named marks :a, :b, :c … in the order of the
/// arguments. Argument types: std::string, std::int64_t, double, std::optional of these; column types the same.
/// Database failures throw inside and become Error{Unavailable, "store_failed"} at the store's door; the transaction
/// is undone. Lives on one store thread.
class Tx {
 public:
  using Value = std::variant<std::string, std::int64_t>;

  Tx(soci::session& session, bool writable) : session_(session), writable_(writable) {}

  /// Runs a statement. @return rows inserted, changed or deleted. Use `on conflict do nothing` and the count where a
  /// constraint decides a race.
  template <class... Args>
  std::int64_t exec(const std::string& sql, const Args&... args) {
    soci::statement statement(session_);
    bindAll(statement, std::make_index_sequence<sizeof...(Args)>{}, args...);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
  }

  /// All rows: for (auto& [id, name] : tx.all<std::string, std::string>("select id, name from …")).
  template <class... Columns, class... Args>
  std::vector<std::tuple<Columns...>> all(const std::string& sql, const Args&... args) {
    return rows<Columns...>(sql, [&](soci::statement& statement) { bindAll(statement, std::index_sequence_for<Args...>{}, args...); });
  }

  /// Name of the mark of the argument at `index`: :a … :z, then :z26, :z27 …
  static std::string mark(std::size_t index) {
    return index < 26 ? std::string(1, static_cast<char>('a' + index)) : "z" + std::to_string(index);
  }

  /// The same for statements that were put together, with one mark for each value.
  template <class... Columns>
  std::vector<std::tuple<Columns...>> allBound(const std::string& sql, const std::vector<Value>& values) {
    return rows<Columns...>(sql, [&](soci::statement& statement) {
      bindValues(statement, values);
    });
  }
  std::int64_t execBound(const std::string& sql, const std::vector<Value>& values) {
    soci::statement statement(session_);
    bindValues(statement, values);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
    return statement.get_affected_rows();
  }

  /// The first row, if any.
  template <class... Columns, class... Args>
  std::optional<std::tuple<Columns...>> one(const std::string& sql, const Args&... args) {
    auto rows = all<Columns...>(sql, args...);
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
  }

  /// The first column of the first row.
  template <class Column, class... Args>
  std::optional<Column> value(const std::string& sql, const Args&... args) {
    auto row = one<Column>(sql, args...);
    if (!row) return std::nullopt;
    return std::move(std::get<0>(*row));
  }

  bool writable() const { return writable_; }
  /// Tells everybody who waits on `topic`, after the commit.
  void notify(std::string topic) { topics_.push_back(std::move(topic)); }
  std::vector<std::string> takeTopics() { return std::exchange(topics_, {}); }

 private:
  template <class... Columns, class Bind>
  std::vector<std::tuple<Columns...>> rows(const std::string& sql, Bind&& bind) {
    std::vector<soci::indicator> marks(sizeof...(Columns), soci::i_ok);
    auto buffers = std::tuple<typename detail::Plain<Columns>::type...>{};
    soci::statement statement(session_);
    intoAll(statement, buffers, marks, std::index_sequence_for<Columns...>{});
    bind(statement);
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    std::vector<std::tuple<Columns...>> rows;
    if (!statement.execute(true)) return rows;
    do {
      rows.push_back(convert<Columns...>(buffers, marks, std::index_sequence_for<Columns...>{}));
    } while (statement.fetch());
    return rows;
  }
  template <std::size_t... I, class... Args>
  void bindAll(soci::statement& statement, std::index_sequence<I...>, const Args&... args) {
    (bindOne(statement, mark(I), args), ...);
  }
  void bindValues(soci::statement& statement, const std::vector<Value>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      std::visit([&](const auto& one) { bindOne(statement, mark(i), one); }, values[i]);
  }
  template <class T>
  void bindOne(soci::statement& statement, const std::string& mark, const T& value) {
    if constexpr (requires { value.has_value(); }) {
      using Inner = typename T::value_type;
      keep(value ? *value : Inner{}, [&](auto& kept) {
        statement.exchange(soci::use(kept, value ? ok_ : null_, mark));
      });
    } else {
      keep(value, [&](auto& kept) { statement.exchange(soci::use(kept, mark)); });
    }
  }
  template <class T, class F>
  void keep(const T& value, F bind) {
    if constexpr (std::is_integral_v<T>) keepAs<long long>(static_cast<long long>(value), bind);
    else if constexpr (std::is_floating_point_v<T>) keepAs<double>(value, bind);
    else keepAs<std::string>(std::string(value), bind);
  }
  template <class T, class F>
  void keepAs(T value, F bind) {
    auto held = std::make_shared<T>(std::move(value));
    held_.push_back(held);
    bind(*held);
  }
  template <class Buffers, std::size_t... I>
  void intoAll(soci::statement& statement, Buffers& buffers, std::vector<soci::indicator>& marks, std::index_sequence<I...>) {
    (statement.exchange(soci::into(std::get<I>(buffers), marks[I])), ...);
  }
  template <class... Columns, class Buffers, std::size_t... I>
  static std::tuple<Columns...> convert(Buffers& buffers, const std::vector<soci::indicator>& marks,
                                        std::index_sequence<I...>) {
    return {pick<Columns>(std::get<I>(buffers), marks[I])...};
  }
  template <class Column, class Buffer>
  static Column pick(const Buffer& buffer, soci::indicator mark) {
    if constexpr (requires(Column c) { c.has_value(); }) {
      if (mark == soci::i_null) return std::nullopt;
      return Column(static_cast<typename Column::value_type>(buffer));
    } else {
      if (mark == soci::i_null) return Column{};
      return static_cast<Column>(buffer);
    }
  }

  soci::session& session_;
  bool writable_;
  soci::indicator ok_ = soci::i_ok, null_ = soci::i_null;
  std::vector<std::shared_ptr<void>> held_;
  std::vector<std::string> topics_;
};

/// What a transaction gives back; holds whatever the caller wants to carry out.
using Outcome = Result<std::any>;
using Work = std::function<Outcome(Tx&)>;
using Done = std::function<void(Outcome)>;

/// The one door to the database. SQLite in WAL mode with synchronous=FULL: one writer thread takes all that waits,
/// runs each piece of work in a savepoint, commits once, then answers all; readers run beside it on their own sessions.
/// Thread-safe.
class Store {
 public:
  /// Opens or makes the file, runs missing migrations.
  /// Errors: Unavailable cannot_open_store, Conflict store_is_newer, Corrupt migration_changed.
  static Result<std::unique_ptr<Store>> open(const std::string& path, int readers = 2);
  virtual ~Store() = default;

  /// Queues `work`; `done` runs on a store thread after the commit (or with the error and nothing changed).
  virtual void write(Work work, Done done) = 0;
  virtual void read(Work work, Done done) = 0;
  /// Called with each topic noted by Tx::notify, after its commit, on the writer thread.
  virtual void onNotify(std::function<void(const std::string&)> listener) = 0;
  /// Writes committed and commits done since the start: their ratio is the group size.
  virtual std::pair<std::int64_t, std::int64_t> counters() const = 0;

  /// The same, waiting for the outcome. Never from a store thread.
  template <class T>
  Result<T> writeNow(std::function<Result<T>(Tx&)> fn) { return wait<T>(&Store::write, std::move(fn)); }
  template <class T>
  Result<T> readNow(std::function<Result<T>(Tx&)> fn) { return wait<T>(&Store::read, std::move(fn)); }

 private:
  Outcome waitFor(void (Store::*door)(Work, Done), Work work);
  template <class T>
  Result<T> wait(void (Store::*door)(Work, Done), std::function<Result<T>(Tx&)> fn) {
    Outcome outcome = waitFor(door, [fn = std::move(fn)](Tx& tx) -> Outcome {
      Result<T> result = fn(tx);
      if (!result) return fail(std::move(result).error());
      if constexpr (std::is_void_v<T>) return std::any{};
      else return std::any(std::move(*result));
    });
    if (!outcome) return fail(std::move(outcome).error());
    if constexpr (std::is_void_v<T>) return {};
    else return std::any_cast<T>(std::move(*outcome));
  }
};

}  // namespace invigil::store
