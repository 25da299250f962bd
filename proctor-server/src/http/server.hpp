// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "app.hpp"

namespace invigil::server {

/// HTTPS for people (public port) and kiosks (mutual TLS on the kiosk port). Beast stays inside its source file.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  /// Binds both ports on every local address, or on loopback only. Errors: Unavailable cannot_listen, NotFound
  /// no_such_folder, Corrupt bad_key.
  static Result<std::unique_ptr<HttpServer>> create(App& app, bool loopback_only);
  virtual int publicPort() const = 0;
  virtual int kioskPort() const = 0;
  /// Serves until stop(); runs `every_second` on a worker thread about once a second.
  virtual void run(int threads, std::function<void()> every_second) = 0;
  /// From any thread or a signal handler's watcher.
  virtual void stop() = 0;
};

}  // namespace invigil::server
