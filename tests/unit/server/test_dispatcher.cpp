// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <thread>

#include "hall.hpp"
#include "http/dispatcher.hpp"

using namespace invigil;
using namespace invigil::server;
namespace asio = boost::asio;

namespace {

/// A dispatcher over a hall's store, its event loop in a thread of its own.
struct Desk {
  Hall hall;
  asio::thread_pool workers{1};
  asio::io_context io;
  std::unique_ptr<Dispatcher> dispatcher = std::make_unique<Dispatcher>(hall.app, workers);

  Router::Match match(const Route& route) {
    Router::Match match;
    match.route = &route;
    match.operation = api::Contract::instance().find("get", route.path);
    return match;
  }
  Result<Reply> run(const Route& route, const std::string& query = {}) {
    io.restart();
    auto reply = asio::co_spawn(io, dispatcher->run(match(route), Proof{}, "192.0.2.1", query, ""), asio::use_future);
    io.run();
    return reply.get();
  }
};

}  // namespace

class DispatcherTest : public QObject {
  Q_OBJECT

 private slots:
  void aTaskThatThrowsIsAnErrorAndNotTheEnd() {
    Desk desk;
    const Route route = taskRoute(Verb::Get, "/api/v1/health", Scope::Public,
                                  [](App&, const Call&) -> Result<Reply> { throw std::runtime_error("a person's name"); });
    const auto reply = desk.run(route);
    QCOMPARE(reason(reply), std::string("internal"));
    QVERIFY(reply.error().detail.find("name") == std::string::npos);
  }

  /// More topics than the notifier remembers change between the look and the wait: the waiter looks again.
  void aChangeAmongTenThousandOthersStillWakes() {
    Desk desk;
    Notifier notifier;
    const std::uint64_t epoch = notifier.epoch();
    notifier.notify("mine");
    for (int i = 0; i < 10100; ++i) notifier.notify("other/" + std::to_string(i));
    QElapsedTimer timer;
    timer.start();
    auto woken = asio::co_spawn(desk.io, notifier.wait("mine", epoch, milliseconds(10000)), asio::use_future);
    desk.io.run();
    woken.get();
    QVERIFY(timer.elapsed() < 5000);
  }

  /// Stopping while the store is at work: its answer must not reach an event loop that is gone.
  void stoppingWaitsForTheStore() {
    for (int round = 0; round < 20; ++round) {
      Hall hall;
      asio::thread_pool workers(1);
      auto io = std::make_unique<asio::io_context>();
      auto dispatcher = std::make_unique<Dispatcher>(hall.app, workers);
      std::atomic<bool> begun = false;
      const Route route = readRoute(Verb::Get, "/api/v1/health", Scope::Public, [&](App&, Tx&, const Call&) -> Result<Reply> {
        begun = true;
        std::this_thread::sleep_for(milliseconds(5));
        return Reply{};
      });
      Router::Match match;
      match.route = &route;
      match.operation = api::Contract::instance().find("get", route.path);
      auto reply = asio::co_spawn(*io, dispatcher->run(match, Proof{}, "192.0.2.1", "", ""), asio::use_future);
      while (!begun) io->run_for(milliseconds(1));
      dispatcher.reset();
      io.reset();
    }
  }
};

QTEST_GUILESS_MAIN(DispatcherTest)
#include "test_dispatcher.moc"
