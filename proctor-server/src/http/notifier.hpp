// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace invigil::server {

/// Wakes long polls by topic. A change between reading the state and waiting is not missed: the reader notes epoch()
/// before it reads. Thread-safe.
class Notifier {
 public:
  using Timer = boost::asio::steady_timer;
  std::uint64_t epoch() const { return epoch_.load(); }
  void notify(const std::string& topic);
  /// Returns when `topic` changed after `since`, or `limit` has passed.
  boost::asio::awaitable<void> wait(std::string topic, std::uint64_t since, std::chrono::milliseconds limit);

 private:
  std::atomic<std::uint64_t> epoch_{1};
  std::mutex mutex_;
  std::uint64_t forgotten_ = 0;  ///< changes up to here are no longer in changed_
  std::unordered_map<std::string, std::uint64_t> changed_;
  std::multimap<std::string, std::shared_ptr<Timer>> waiting_;
};

}  // namespace invigil::server
