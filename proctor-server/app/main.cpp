// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "accounts/accounts.hpp"
#include "banking/banking.hpp"
#include "http/server.hpp"
#include "jobs/jobs.hpp"
#include "open_app.hpp"
#include "papers/blueprints.hpp"
#ifdef INVIGIL_WITH_VISION
#include "photo_checker.hpp"
#endif

namespace {

using namespace invigil;
using namespace invigil::server;

constexpr const char* kHelp =
    "invigil-server: the server of an unattended exam hall\n\n"
    "  invigil-server init --data DIR            keys, CA, database and the first administrator\n"
    "      --host NAME        a name or address under which the server is reached, for its certificate; once for each.\n"
    "                         Again for other ones: a server that runs shows them within seconds\n"
    "      --new-keys         goes on without keys that are lost: what they have sealed stays closed\n"
    "  invigil-server reset-password --data DIR NAME   a new password for an account\n"
    "  invigil-server serve --data DIR [options]\n"
    "      --port N           HTTPS for people (8443; 0 = any free port)\n"
    "      --kiosk-port N     HTTPS for kiosks with a client certificate (8444)\n"
    "      --web DIR          the built pages\n"
    "      --blueprints DIR   papers of the roles, read at every start\n"
    "      --recordings DIR   folder for the recordings of sittings (recordings, in the data folder)\n"
    "      --recordings-gib N the most that recordings may take, in GiB (0 = what the disk bears)\n"
    "      --models DIR       face models for the check of reference photos\n"
    "      --centre NAME      issuer named in certificates (Invigil)\n"
    "      --host NAME        as with init, at every start\n"
    "      --loopback         listen on 127.0.0.1 only\n"
    "      --demo             phone codes are shown on the page instead of sent\n";

struct Options {
  std::string command, name, blueprints, models;
  Config config;
  bool loopback = false, help = false, new_keys = false;
};

constexpr std::size_t kHostsMax = 60;

Result<Options> parse(int argc, char** argv) {
  const auto usage = [](const std::string& what) { return fail(ErrorCode::InvalidInput, "usage", what + " See --help."); };
  Options options;
  std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help" || word == "-h") options.help = true;
    else if (word == "--demo") options.config.demo = true;
    else if (word == "--loopback") options.loopback = true;
    else if (word == "--new-keys") options.new_keys = true;
    else if (word.starts_with("--")) {
      if (i + 1 >= words.size()) return usage(word + " needs a value.");
      const std::string& value = words[++i];
      if (word == "--data") options.config.data_dir = value;
      else if (word == "--web") options.config.web_dir = value;
      else if (word == "--blueprints") options.blueprints = value;
      else if (word == "--models") options.models = value;
      else if (word == "--centre") options.config.centre = value;
      else if (word == "--host") {
        const auto name = subjectName(value);
        if (!name) return usage(name.error().detail);
        if (options.config.hosts.size() >= kHostsMax) return usage("--host takes " + std::to_string(kHostsMax) + " names at most.");
        options.config.hosts.push_back(*name);
      }
      else if (word == "--recordings") options.config.recordings_dir = value;
      else if (word == "--recordings-gib") {
        if (value.empty() || value.size() > 6 || value.find_first_not_of("0123456789") != std::string::npos)
          return usage(word + " needs a number of GiB.");
        options.config.recordings_bytes_max = std::stoll(value) << 30;
      }
      else if (word == "--port" || word == "--kiosk-port") {
        if (value.empty() || value.size() > 5 || value.find_first_not_of("0123456789") != std::string::npos || std::stoi(value) > 65535)
          return usage(word + " needs a number from 0 to 65535.");
        (word == "--port" ? options.config.public_port : options.config.kiosk_port) = std::stoi(value);
      } else {
        return usage("Unknown option " + word + ".");
      }
    } else if (options.command.empty()) {
      options.command = word;
    } else if (options.name.empty()) {
      options.name = word;
    } else {
      return usage("What is '" + word + "'?");
    }
  }
  if (options.new_keys && options.command != "init") return usage("--new-keys goes with init only.");
  if (!options.config.hosts.empty() && options.command != "init" && options.command != "serve") return usage("--host goes with init and serve.");
  if (!options.help && options.config.data_dir.empty()) return usage("--data DIR is missing.");
  return options;
}

std::string foreign(const App& app) {
  return "'" + app.tls.current()->folder + "/server.pem' is not from this hall's CA, so --host changes nothing. Have its names changed where it comes from; or " +
         "remove server.pem and server.key, to have one from this hall's CA.";
}

Status init(App& app) {
  INVIGIL_TRY(password, firstAdministrator(app));
  if (password.empty()) {
    std::printf("administrator: exists (a new password: invigil-server reset-password --data %s admin)\n", app.config.data_dir.c_str());
  } else {
    std::printf("administrator: admin\npassword: %s\n", password.c_str());
  }
  const auto tls = app.tls.current();
  const auto listed = [](const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) list += " " + name.substr(name.find(':') + 1);
    return list;
  };
  std::printf("certificate: for%s; until %s\n", listed(tls->names).c_str(), formatUtc(tls->ends).substr(0, 10).c_str());
  if (!tls->dropped.empty()) std::printf("no longer for:%s\n", listed(tls->dropped).c_str());
  const bool wished = !app.config.hosts.empty();
  if (!tls->trouble.empty())
    return fail(ErrorCode::Unavailable, "certificate_not_made", (wished ? "--host has changed nothing: " : "the server's certificate is the one from before: ") + tls->trouble);
  if (wished && !tls->own) return fail(ErrorCode::Conflict, "certificate_foreign", foreign(app));
  return {};
}

/// Written by the signal handler, read by the thread that stops the server. A mask would not do: BLAS starts threads of
/// its own before main, and a signal that reaches one of them would end the process.
int stop_pipe[2] = {-1, -1};

void onStopSignal(int) {
  const char byte = 's';
  [[maybe_unused]] const ssize_t put = ::write(stop_pipe[1], &byte, 1);
}

/// Every connection is a descriptor, and the usual soft limit of 1024 is less than a large hall has phones.
void raiseOpenFiles() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlimit most{limit.rlim_max, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &most) == 0) limit = most;
  std::fprintf(stderr, "invigil-server: up to %llu open files and connections\n", static_cast<unsigned long long>(limit.rlim_cur));
}

Status serve(App& app, const Options& options) {
  raiseOpenFiles();
  if (!options.blueprints.empty()) INVIGIL_CHECK(loadBlueprints(app, options.blueprints));
  INVIGIL_CHECK(refreshSearchTexts(app));
  if (!app.config.hosts.empty() && !app.tls.current()->own) std::fprintf(stderr, "invigil-server: %s\n", foreign(app).c_str());
#ifdef INVIGIL_WITH_VISION
  app.photos = makePhotoChecker(options.models);
#endif
  INVIGIL_TRY(server, HttpServer::create(app, options.loopback));
  std::thread watcher([&server] {
    char byte = 0;
    while (::read(stop_pipe[0], &byte, 1) < 0 && errno == EINTR) {
    }
    server->stop();
  });
  JobThread jobs(app);
  app.serving_since = app.clock->now();
  housekeeping(app);
  std::printf("listening https://localhost:%d kiosk-port %d\n", server->publicPort(), server->kioskPort());
  std::fflush(stdout);
  server->run(2, [&app] { housekeeping(app); });
  onStopSignal(SIGTERM);
  watcher.join();
  return {};
}

Status run(const Options& options) {
  if (options.command == "serve") {
    if (::pipe(stop_pipe) != 0) return fail(ErrorCode::Unavailable, "no_pipe", "No file descriptor is left.");
    std::signal(SIGTERM, onStopSignal);
    std::signal(SIGINT, onStopSignal);
  }
  INVIGIL_TRY(app, openApp(options.config, options.new_keys ? LostKeys::Replace : LostKeys::Refuse));
  if (options.command == "init") return init(*app);
  if (options.command == "serve") return serve(*app, options);
  if (options.command == "reset-password") {
    INVIGIL_TRY(password, setNewPassword(*app, options.name, "", "", false));
    std::printf("password: %s\n", password.c_str());
    return {};
  }
  return fail(ErrorCode::InvalidInput, "usage", "Unknown command '" + options.command + "'. See --help.");
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  auto options = parse(argc, argv);
  if (options && options->help) {
    std::fputs(kHelp, stdout);
    return 0;
  }
  Status status = options ? run(*options) : Status(fail(options.error()));
  if (status) return 0;
  std::fprintf(stderr, "invigil-server: %s\n", status.error().detail.empty() ? status.error().reason.c_str() : status.error().detail.c_str());
  return status.error().reason == "usage" ? 2 : 1;
}
