// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/notifier.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace invigil::server {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

void Notifier::notify(const std::string& topic) {
  std::lock_guard lock(mutex_);
  if (changed_.size() > 10000) {
    changed_.clear();
    forgotten_ = epoch_.load();
  }
  changed_[topic] = ++epoch_;
  auto [first, last] = waiting_.equal_range(topic);
  for (auto it = first; it != last; ++it)
    asio::post(it->second->get_executor(), [timer = it->second] { timer->cancel(); });
}

awaitable<void> Notifier::wait(std::string topic, std::uint64_t since, std::chrono::milliseconds limit) {
  auto timer = std::make_shared<Timer>(co_await asio::this_coro::executor, limit);
  std::multimap<std::string, std::shared_ptr<Timer>>::iterator place;
  {
    std::lock_guard lock(mutex_);
    if (since < forgotten_) co_return;  // perhaps changed: looking once too often does no harm
    if (auto found = changed_.find(topic); found != changed_.end() && found->second > since) co_return;
    place = waiting_.emplace(topic, timer);
  }
  boost::system::error_code ignored;
  co_await timer->async_wait(asio::redirect_error(use_awaitable, ignored));
  std::lock_guard lock(mutex_);
  waiting_.erase(place);
}

}  // namespace invigil::server
