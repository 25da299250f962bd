// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "http/notifier.hpp"
#include "http/router.hpp"

namespace invigil::server {

/// Runs a matched route for a caller: checks the request against the contract, authenticates, calls the handler in the
/// store or on a worker, and repeats it for a long poll. Knows nothing of HTTP's bytes. Thread-safe.
class Dispatcher {
 public:
  Dispatcher(App& app, boost::asio::thread_pool& workers);
  ~Dispatcher();
  boost::asio::awaitable<Result<Reply>> run(Router::Match match, Proof proof, std::string remote, std::string query,
                                            std::string body);
  /// May this caller use the route at all? Asked before a large body is taken in. Errors: as authenticate.
  boost::asio::awaitable<Status> admits(const Route& route, Proof proof);

 private:
  using SharedProof = std::shared_ptr<Proof>;
  using SharedCall = std::shared_ptr<Call>;
  boost::asio::awaitable<Result<Reply>> invoke(const Route& route, SharedProof proof, SharedCall call);
  boost::asio::awaitable<Status> authenticated(const Route& route, SharedProof proof, SharedCall call);
  boost::asio::awaitable<store::Outcome> inStore(bool write, store::Work work);
  boost::asio::awaitable<Result<Reply>> onWorker(const Route& route, SharedCall call);

  App& app_;
  boost::asio::thread_pool& workers_;
  Notifier notifier_;
  std::atomic<int> in_flight_{0};  ///< asked of the store, not yet answered
};

}  // namespace invigil::server
