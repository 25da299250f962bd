// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>

#include "http/dispatcher.hpp"
#include "http/errors.hpp"
#include "http/static_files.hpp"
#include "invigil/api/contract.hpp"
#include "invigil/base/assert.hpp"
#include "invigil/base/text.hpp"

namespace invigil::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::awaitable;
using asio::use_awaitable;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t kHeaderMax = 16 << 10;
constexpr std::size_t kDrainMax = 32 << 20;
constexpr std::chrono::seconds kIdle{60};

using Stream = beast::ssl_stream<beast::tcp_stream>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

std::string cookieValue(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

/// A text that is not UTF-8 must not cost the whole answer.
std::string toUtf8(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

class Server final : public HttpServer {
 public:
  Server(App& app, StaticFiles files)
      : app_(app), files_(std::move(files)), router_(allRoutes()), public_acceptor_(io_), kiosk_acceptor_(io_), workers_(3), keeper_(1), dispatcher_(app, workers_) {}
  ~Server() override {
    keeper_.join();
    workers_.join();
  }

  Status listen(bool loopback_only) {
    shown_ = app_.tls.current();
    INVIGIL_ASSERT(shown_);
    INVIGIL_TRY(doors, openDoors(*shown_));
    doors_ = std::move(doors);
    INVIGIL_CHECK(bind(public_acceptor_, app_.config.public_port, loopback_only));
    INVIGIL_CHECK(bind(kiosk_acceptor_, app_.config.kiosk_port, loopback_only));
    app_.config.kiosk_port = kioskPort();
    return {};
  }

  int publicPort() const override { return public_acceptor_.local_endpoint().port(); }
  int kioskPort() const override { return kiosk_acceptor_.local_endpoint().port(); }

  void run(int threads, std::function<void()> every_second) override {
    asio::co_spawn(io_, accept(public_acceptor_, false), asio::detached);
    asio::co_spawn(io_, accept(kiosk_acceptor_, true), asio::detached);
    asio::co_spawn(io_, tick(std::move(every_second)), asio::detached);
    std::vector<std::thread> pool;
    for (int i = 1; i < threads; ++i) pool.emplace_back([this] { io_.run(); });
    io_.run();
    for (std::thread& thread : pool) thread.join();
  }
  void stop() override { io_.stop(); }

 private:
  /// TLS as it is for new connections; those that are open keep the doors they came in by.
  struct Doors {
    ssl::context people{ssl::context::tls_server}, kiosks{ssl::context::tls_server};
  };

  /// Errors: Corrupt bad_key.
  Result<std::shared_ptr<Doors>> openDoors(const TlsIdentity& identity) const {
    auto doors = std::make_shared<Doors>();
    for (ssl::context* tls : {&doors->people, &doors->kiosks}) {
      SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
      INVIGIL_CHECK(loadInto(tls->native_handle(), identity.certificate, identity.key));
    }
    // Any certificate may finish the handshake; an unknown one then gets an error that says so, not a dead line.
    ssl::context& kiosks = doors->kiosks;
    kiosks.add_certificate_authority(asio::buffer(app_.authority.ca_certificate));
    kiosks.set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_verify(kiosks.native_handle(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    // When one ends is asked of the database, by the hall's time: a leap of the machine's clock shuts no kiosk out.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(kiosks.native_handle()), X509_V_FLAG_NO_CHECK_TIME);
    // Sessions would resume without the certificate check being run again.
    SSL_CTX_set_session_cache_mode(kiosks.native_handle(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(kiosks.native_handle(), SSL_OP_NO_TICKET);
    return doors;
  }

  std::shared_ptr<Doors> doors() const {
    std::lock_guard lock(doors_mutex_);
    return doors_;
  }

  /// After each look of the housekeeping, on its thread.
  void showNewest() {
    auto newest = app_.tls.current();
    if (newest == shown_) return;
    shown_ = std::move(newest);
    auto doors = openDoors(*shown_);
    if (!doors) {
      std::fprintf(stderr, "invigil-server: goes on with the certificate from before: %s\n", doors.error().detail.c_str());
      return;
    }
    std::lock_guard lock(doors_mutex_);
    doors_ = std::move(*doors);
  }

  static Status bind(tcp::acceptor& acceptor, int port, bool loopback_only) {
    boost::system::error_code error;
    const auto address = loopback_only ? asio::ip::address(asio::ip::address_v4::loopback())
                                       : asio::ip::address(asio::ip::address_v6::any());
    const tcp::endpoint at(address, static_cast<std::uint16_t>(port));
    acceptor.open(at.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && !loopback_only) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(at, error);
    if (!error) acceptor.listen(512, error);
    if (error)
      return fail(ErrorCode::Unavailable, "cannot_listen",
                  "Cannot listen on port " + std::to_string(port) + ": " + error.message() + ". Choose another with --port.");
    return {};
  }

  awaitable<void> accept(tcp::acceptor& acceptor, bool kiosk_port) {
    auto quiet_until = std::chrono::steady_clock::now();
    const auto tell = [&](const std::string& what) {
      const auto now = std::chrono::steady_clock::now();
      if (now < quiet_until) return;
      quiet_until = now + std::chrono::minutes(1);
      std::fprintf(stderr, "invigil-server: port %d takes no connection for now: %s\n", acceptor.local_endpoint().port(), what.c_str());
    };
    for (;;) {
      boost::system::error_code error;
      tcp::socket socket = co_await acceptor.async_accept(asio::make_strand(io_), asio::redirect_error(use_awaitable, error));
      if (error) {  // out of descriptors, most likely: give the others a moment to close theirs
        tell(error.message());
        asio::steady_timer pause(io_, std::chrono::milliseconds(50));
        co_await pause.async_wait(asio::redirect_error(use_awaitable, error));
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      // Without memory for one more there is one less: an exception that left this loop would close the port for good.
      try {
        auto executor = socket.get_executor();
        auto by = doors();
        auto stream = std::make_unique<Stream>(beast::tcp_stream(std::move(socket)), kiosk_port ? by->kiosks : by->people);
        asio::co_spawn(executor, converse(std::move(by), std::move(stream), kiosk_port), asio::detached);
      } catch (const std::exception& refused) {
        tell(refused.what());
      }
    }
  }

  awaitable<void> tick(std::function<void()> work) {
    asio::steady_timer timer(io_);
    auto busy = std::make_shared<std::atomic<bool>>(false);
    for (;;) {
      timer.expires_after(std::chrono::seconds(1));
      boost::system::error_code ignored;
      co_await timer.async_wait(asio::redirect_error(use_awaitable, ignored));
      if (busy->exchange(true)) continue;
      asio::post(keeper_, [this, work, busy] {
        try {
          work();
          showNewest();
        } catch (const std::exception&) {
          std::fprintf(stderr, "invigil-server: housekeeping threw an exception\n");
        }
        busy->store(false);
      });
    }
  }

  /// One connection, request after request. @param by  outlives the stream: it is the first to come and the last to go
  awaitable<void> converse([[maybe_unused]] std::shared_ptr<Doors> by, std::unique_ptr<Stream> stream, bool kiosk_port) {
    boost::system::error_code error;
    auto token = asio::redirect_error(use_awaitable, error);
    auto& lowest = beast::get_lowest_layer(*stream);
    lowest.expires_after(std::chrono::seconds(10));
    co_await stream->async_handshake(ssl::stream_base::server, token);
    if (error) co_return;
    Proof proof;
    proof.kiosk_port = kiosk_port;
    readCertificate(*stream, proof);
    const auto peer = lowest.socket().remote_endpoint(error);
    const std::string remote = error ? "?" : peer.address().to_string();
    beast::flat_buffer buffer(kHeaderMax + (64 << 10));
    for (bool open = true; open;) {
      lowest.expires_after(kIdle);
      http::request_parser<http::string_body> parser;
      parser.header_limit(kHeaderMax);
      parser.body_limit(boost::none);
      co_await http::async_read_header(*stream, buffer, parser, token);
      if (error) break;
      Response response;
      bool whole = true;
      co_await answer(*stream, buffer, parser, proof, remote, response, whole);
      open = whole && parser.get().keep_alive();
      response.keep_alive(open);
      response.prepare_payload();
      lowest.expires_after(kIdle);
      co_await http::async_write(*stream, response, token);
      if (error) break;
      if (!whole) co_await drain(*stream);
    }
    lowest.expires_after(std::chrono::seconds(5));
    co_await stream->async_shutdown(token);
  }

  /// Lets a client that is still sending a refused body come to the point where it reads the answer.
  static awaitable<void> drain(Stream& stream) {
    boost::system::error_code error;
    std::vector<char> chunk(64 << 10);
    beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(10));
    for (std::size_t total = 0; total < kDrainMax && !error;)
      total += co_await stream.async_read_some(asio::buffer(chunk), asio::redirect_error(use_awaitable, error));
  }

  static void readCertificate(Stream& stream, Proof& proof) {
    X509* certificate = SSL_get1_peer_certificate(stream.native_handle());
    if (!certificate) return;
    proof.certificate_offered = true;
    unsigned char digest[32];
    unsigned size = 0;
    // The handshake lets every certificate through; only one that chains to our CA counts.
    if (SSL_get_verify_result(stream.native_handle()) == X509_V_OK && X509_digest(certificate, EVP_sha256(), digest, &size) == 1)
      proof.kiosk_fingerprint = toHex({digest, size});
    X509_free(certificate);
  }

  awaitable<void> answer(Stream& stream, beast::flat_buffer& buffer, http::request_parser<http::string_body>& parser,
                         const Proof& base, const std::string& remote, Response& response, bool& whole) {
    const auto& head = parser.get();
    const std::string target(head.target());
    const std::string path = target.substr(0, target.find('?'));
    if (!path.starts_with("/api/")) {
      whole = parser.is_done();
      servePage(head, path, base.kiosk_port, response);
      co_return;
    }
    const auto refuse = [&](ErrorCode code, const char* reason) { writeError(response, {code, reason, "", ""}); };
    Verb verb = Verb::Get;
    if (head.method() == http::verb::post) verb = Verb::Post;
    else if (head.method() == http::verb::put) verb = Verb::Put;
    else if (head.method() == http::verb::delete_) verb = Verb::Delete;
    else if (head.method() != http::verb::get) {
      whole = false;
      refuse(ErrorCode::InvalidInput, "wrong_method");
      co_return;
    }
    Router::Match match = router_.match(verb, path);
    // The kiosks' port serves kiosks only.
    if (base.kiosk_port && match.route && match.route->scope != Scope::Kiosk) match = {};
    const std::size_t limit = match.route ? match.route->body_bytes_max : kSmallBody;
    if (parser.content_length().value_or(0) > limit) {
      whole = false;
      refuse(ErrorCode::TooLarge, "body_too_large");
      co_return;
    }
    if (limit > kSmallBody) {
      // A stranger does not get to fill the memory.
      Proof proof = proofOf(base, head);
      Status allowed = co_await dispatcher_.admits(*match.route, std::move(proof));
      if (!allowed) {
        whole = false;
        writeError(response, allowed.error());
        co_return;
      }
    }
    boost::system::error_code error;
    if (beast::iequals(head[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on(http::status::continue_, 11);
      co_await http::async_write(stream, go_on, asio::redirect_error(use_awaitable, error));
    }
    parser.body_limit(limit);
    beast::get_lowest_layer(stream).expires_after(match.route ? match.route->deadline : kDeadline);
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(use_awaitable, error));
    if (error) {
      whole = false;
      refuse(error == http::error::body_limit ? ErrorCode::TooLarge : ErrorCode::InvalidInput,
             error == http::error::body_limit ? "body_too_large" : "wrong_shape");
      co_return;
    }
    if (!match.route) {
      refuse(match.path_known ? ErrorCode::InvalidInput : ErrorCode::NotFound, match.path_known ? "wrong_method" : "no_such_page");
      co_return;
    }
    co_await serve(match, parser.get(), target, base, remote, response);
  }

  static Proof proofOf(const Proof& base, const Request& request) {
    Proof proof = base;
    proof.staff_token = cookieValue(request[http::field::cookie], "iv_staff");
    proof.booking_token = cookieValue(request[http::field::cookie], "iv_booking");
    return proof;
  }

  awaitable<void> serve(const Router::Match& match, Request& request, const std::string& target, const Proof& base,
                        const std::string& remote, Response& response) {
    Proof proof = proofOf(base, request);
    if (match.route->verb != Verb::Get && match.route->scope != Scope::Kiosk && request["X-Invigil"] != "1") {
      writeError(response, {ErrorCode::Forbidden, "csrf_header_missing", "", ""});
      co_return;
    }
    const std::size_t mark = target.find('?');
    // Every argument has a name: GCC 12 destroys temporaries of a co_await expression twice.
    std::string query = mark == std::string::npos ? std::string() : target.substr(mark + 1);
    std::string body = std::move(request.body());
    std::string from = remote;
    Result<Reply> reply =
        co_await dispatcher_.run(match, std::move(proof), std::move(from), std::move(query), std::move(body));
    writeReply(response, match, reply);
  }

  static void harden(Response& response) {
    response.set(http::field::server, "invigil");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    response.set("X-Frame-Options", "DENY");
    response.set("Content-Security-Policy",
                 "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
                 "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");
  }

  static void writeError(Response& response, const Error& error) {
    harden(response);
    response.result(statusOf(error.code));
    response.set(http::field::content_type, "application/json; charset=utf-8");
    response.set(http::field::cache_control, "no-store");
    response.body() = toUtf8(errorJson(error));
  }

  void writeReply(Response& response, const Router::Match& match, const Result<Reply>& reply) {
    if (!reply) {
      if (statusOf(reply.error().code) >= 500)
        std::fprintf(stderr, "invigil-server: %s: %s: %s\n", match.route->path.c_str(), reply.error().reason.c_str(),
                     reply.error().detail.c_str());
      return writeError(response, reply.error());
    }
    if (!match.operation->binary_reply) {
      if (Status fits = api::Contract::instance().check(match.operation->reply, reply->body); !fits) {
        std::fprintf(stderr, "invigil-server: %s: reply breaks the contract at %s: %s\n", match.route->path.c_str(),
                     fits.error().where.c_str(), fits.error().detail.c_str());
        return writeError(response, {ErrorCode::Internal, "internal", "", ""});
      }
    }
    harden(response);
    response.result(http::status::ok);
    response.set(http::field::cache_control, "no-store");
    if (reply->cookie) response.set(http::field::set_cookie, *reply->cookie);
    if (match.operation->binary_reply) {
      response.set(http::field::content_type, reply->content_type);
      response.body() = reply->bytes;
    } else {
      response.set(http::field::content_type, "application/json; charset=utf-8");
      response.body() = toUtf8(reply->body);
    }
  }

  void servePage(const Request& request, const std::string& path, bool kiosk_port, Response& response) {
    const StaticFiles::File* file = kiosk_port ? nullptr : files_.find(path);
    if (!file) return writeError(response, {ErrorCode::NotFound, "no_such_page", "", ""});
    if (request.method() != http::verb::get && request.method() != http::verb::head)
      return writeError(response, {ErrorCode::InvalidInput, "wrong_method", "", ""});
    harden(response);
    response.set(http::field::content_type, file->content_type);
    response.set(http::field::etag, file->etag);
    response.set(http::field::cache_control, file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    response.set(http::field::vary, "Accept-Encoding");
    response.result(http::status::ok);
    if (request[http::field::if_none_match] == file->etag) {
      response.result(http::status::not_modified);
      return;
    }
    const bool packed = !file->gzip.empty() && request[http::field::accept_encoding].find("gzip") != std::string_view::npos;
    if (packed) response.set(http::field::content_encoding, "gzip");
    if (request.method() == http::verb::get) response.body() = packed ? file->gzip : file->content;
  }

  App& app_;
  StaticFiles files_;
  Router router_;
  asio::io_context io_;
  mutable std::mutex doors_mutex_;
  std::shared_ptr<Doors> doors_;
  std::shared_ptr<const TlsIdentity> shown_;  ///< by those doors; after listen() on the housekeeping's thread only
  tcp::acceptor public_acceptor_, kiosk_acceptor_;
  asio::thread_pool workers_, keeper_;  ///< housekeeping has its own thread: sittings end on time, whatever else is slow
  Dispatcher dispatcher_;
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::create(App& app, bool loopback_only) {
  INVIGIL_TRY(files, StaticFiles::load(app.config.web_dir));
  auto server = std::make_unique<Server>(app, std::move(files));
  INVIGIL_CHECK(server->listen(loopback_only));
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace invigil::server
