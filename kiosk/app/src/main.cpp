// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QGuiApplication>
#include <QQuickWindow>
#include <cstdio>
#include <cstring>
#include <memory>

#include "camera_eyes.hpp"
#include "enrol.hpp"
#include "https_transport.hpp"
#include "kiosk.hpp"
#include "line_reader.hpp"
#include "renewal.hpp"
#include "window.hpp"

namespace {

int stop(const invigil::Error& error) {
  std::fprintf(stderr, "invigil-kiosk: %s (%s)\n", error.detail.c_str(), error.reason.c_str());
  return 1;
}

bool allowed(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--allow-plugins") == 0) return true;
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace invigil::kiosk;
  invigil::devices::limitCameraWaits();
  if (const QString name = injectedCode(); !name.isEmpty() && !allowed(argc, argv)) {
    std::fprintf(stderr,
                 "invigil-kiosk: the environment sets %s, which loads foreign code into the exam; unset it (a test may "
                 "say --allow-plugins)\n",
                 qPrintable(name));
    return 1;
  }
  QGuiApplication::setApplicationName("invigil-kiosk");
  QGuiApplication::setApplicationVersion(INVIGIL_VERSION);
  // Help, version and what is wrong with the command line can be read without a display too.
  const auto options = readOptions(QCoreApplication(argc, argv));
  if (!options) return stop(options.error());
  const QGuiApplication app(argc, argv);
  const auto identity = becomeKnown(*options);
  if (!identity) return stop(identity.error());

  QUrl door = options->server;
  door.setPort(identity->kiosk_port);
  const invigil::SystemClock clock;
  invigil::recording::DiskRules disk;
  disk.bytes_max = static_cast<std::int64_t>(options->recording_gib * (1 << 30));
  CameraEyes eyes(options->camera, options->models_dir, {options->data_dir + "/recording", disk});
  HttpsTransport transport(door, identity->ca_pem, identity->certificate_pem, identity->key_pem);
  std::unique_ptr<LineReader> reader;
  if (!options->id_card.isEmpty()) reader = std::make_unique<LineReader>(options->id_card, options->wlt_decoder);
  Kiosk kiosk({.transport = transport, .eyes = eyes, .clock = clock, .data_dir = options->data_dir, .language = options->language, .reader = reader.get()});
  Renewal renewal(transport, *kiosk.hall(), clock, options->data_dir, *identity,
                  [&transport](const Identity& next) { transport.identify(next.certificate_pem, next.key_pem); });
  Screen screen(kiosk);
  QQuickWindow* window = screen.window();
  if (!window) return stop({invigil::ErrorCode::Internal, "no_screen", "the user interface did not load", {}});
  if (options->windowed) {
    window->resize(options->window);
    window->show();
  } else {
    window->showFullScreen();
  }
  kiosk.start();
  renewal.start();
  return QGuiApplication::exec();
}
