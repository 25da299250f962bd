// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/dispatcher.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

namespace invigil::server {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

namespace {
constexpr std::int64_t kWaitMax = 25000;
}

Dispatcher::Dispatcher(App& app, asio::thread_pool& workers) : app_(app), workers_(workers) {
  app_.store->onNotify([this](const std::string& topic) {
    notifier_.notify(topic);
    if (topic == "jobs") app_.job_bell.ring();
  });
}

Dispatcher::~Dispatcher() {
  app_.store->onNotify({});
  // What the store still works on answers into the event loop, which goes next.
  while (in_flight_.load() > 0) std::this_thread::sleep_for(milliseconds(1));
}

awaitable<Result<Reply>> Dispatcher::run(Router::Match match, Proof proof, std::string remote, std::string query,
                                         std::string body) {
  auto shared_proof = std::make_shared<Proof>(std::move(proof));
  auto call = std::make_shared<Call>();
  call->now = app_.clock->now();
  call->remote = std::move(remote);
  Status read = readCall(match, query, std::move(body), *call);
  if (!read) {
    // Who may not call learns nothing about the body either.
    auto allowed = co_await authenticated(*match.route, shared_proof, call);
    co_return fail(allowed ? read.error() : allowed.error());
  }
  const auto until = std::chrono::steady_clock::now() + milliseconds(call->number("wait_ms", 0, 0, kWaitMax));
  for (;;) {
    const std::uint64_t epoch = notifier_.epoch();
    call->now = app_.clock->now();
    Result<Reply> reply = co_await invoke(*match.route, shared_proof, call);
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (!reply || reply->wait_for.empty() || left.count() <= 0) co_return reply;
    co_await notifier_.wait(reply->wait_for, epoch, left);
  }
}

awaitable<Result<Reply>> Dispatcher::invoke(const Route& route, SharedProof proof, SharedCall call) {
  if (route.kind == Route::Kind::Task) {
    auto allowed = co_await authenticated(route, proof, call);
    if (!allowed) co_return fail(allowed.error());
    co_return co_await onWorker(route, call);
  }
  store::Work work = [this, &route, proof, call](Tx& tx) -> store::Outcome {
    INVIGIL_TRY(caller, authenticate(tx, route.scope, *proof, call->now));
    call->caller = std::move(caller);
    INVIGIL_TRY(reply, route.in_transaction(app_, tx, *call));
    return std::any(std::move(reply));
  };
  store::Outcome outcome = co_await inStore(route.kind == Route::Kind::Write, std::move(work));
  if (!outcome) co_return fail(outcome.error());
  co_return std::any_cast<Reply>(std::move(*outcome));
}

awaitable<Status> Dispatcher::admits(const Route& route, Proof proof) {
  auto shared_proof = std::make_shared<Proof>(std::move(proof));
  auto call = std::make_shared<Call>();
  call->now = app_.clock->now();
  co_return co_await authenticated(route, shared_proof, call);
}

awaitable<Status> Dispatcher::authenticated(const Route& route, SharedProof proof, SharedCall call) {
  store::Work work = [&route, proof, call](Tx& tx) -> store::Outcome {
    INVIGIL_TRY(caller, authenticate(tx, route.scope, *proof, call->now));
    call->caller = std::move(caller);
    return std::any{};
  };
  store::Outcome outcome = co_await inStore(false, std::move(work));
  if (!outcome) co_return fail(outcome.error());
  co_return Status{};
}

// Both bridges carry the outcome in shared memory and complete with no value: GCC 12 miscounts move-only results
// and lambdas written inside a co_await expression.
awaitable<store::Outcome> Dispatcher::inStore(bool write, store::Work work) {
  auto result = std::make_shared<store::Outcome>();
  auto start = [this, write, work = std::move(work), result](auto handler) mutable {
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    ++in_flight_;
    store::Done done = [this, held, result](store::Outcome outcome) mutable {
      *result = std::move(outcome);
      {
        auto mine = std::move(held);  // nothing of the coroutine may stay behind on the store's thread
        auto executor = asio::get_associated_executor(*mine);
        asio::post(executor, [mine = std::move(mine)] { (*mine)(); });
      }
      result.reset();
      --in_flight_;
    };
    if (write) app_.store->write(std::move(work), std::move(done));
    else app_.store->read(std::move(work), std::move(done));
  };
  co_await asio::async_initiate<decltype(use_awaitable), void()>(std::move(start), use_awaitable);
  co_return std::move(*result);
}

awaitable<Result<Reply>> Dispatcher::onWorker(const Route& route, SharedCall call) {
  auto result = std::make_shared<Result<Reply>>();
  auto start = [this, &route, call, result](auto handler) mutable {
    auto held = std::make_shared<decltype(handler)>(std::move(handler));
    asio::post(workers_, [this, &route, call, result, held] {
      try {
        *result = route.task(app_, *call);
      } catch (const std::exception&) {  // thrown into the pool it would end the server; its words may hold input
        *result = fail(ErrorCode::Internal, "internal", "A task threw an exception.");
      }
      auto executor = asio::get_associated_executor(*held);
      asio::post(executor, [held] { (*held)(); });
    });
  };
  co_await asio::async_initiate<decltype(use_awaitable), void()>(std::move(start), use_awaitable);
  co_return std::move(*result);
}

}  // namespace invigil::server
