// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>

#include "invigil/devices/card_line.hpp"

namespace invigil::kiosk {
namespace {
auto bad(const QString& what) { return fail(ErrorCode::InvalidInput, "bad_option", what.toStdString(), "options.cpp"); }
}  // namespace

QString injectedCode() {
  for (const char* name : {"QT_QPA_GENERIC_PLUGINS", "QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML_IMPORT_PATH",
                           "QML2_IMPORT_PATH", "QML_DISK_CACHE_PATH", "QT_QPA_PLATFORMTHEME", "LD_PRELOAD"})
    if (qEnvironmentVariableIsSet(name) && !qEnvironmentVariableIsEmpty(name)) return QString::fromLatin1(name);
  return {};
}

Result<Options> readOptions(const QCoreApplication& app) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      "Invigil kiosk: the screen at one seat of an unattended exam hall.\n\n"
      "First start:  invigil-kiosk --server https://HOST:8443 --ca ca.pem --data DIR --enrol CODE\n"
      "Later starts: invigil-kiosk --server https://HOST:8443 --data DIR\n\n"
      "The key made at enrolment stays in DIR (mode 0600). The kiosk refuses to start while the environment names\n"
      "foreign code (QT_QPA_GENERIC_PLUGINS, QT_PLUGIN_PATH, QML_IMPORT_PATH and the like, LD_PRELOAD); the rehearsal\n"
      "and developers say --allow-plugins, a real hall never does.");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOptions({
      {"server", "Public address of the server.", "url"},
      {"data", "Folder of this kiosk: key, certificate, journal, sealed recordings.", "dir"},
      {"ca", "The server's CA certificate (PEM). Not needed once enrolled.", "file"},
      {"enrol", "One-time code from the administrator's page; makes key and certificate.", "code"},
      {"camera", "auto, device:N, file:PATH or simulated:N.", "camera", "auto"},
      {"models", "Folder with the face models.", "dir"},
      {"id-card", "ID-card reader: /dev/ttyUSB0, /dev/ttyUSB0@57600 or simulated:FILE. None without it.", "reader"},
      {"wlt-decoder", "Absolute path of the program (with its arguments) that decodes the photo of an ID card's chip.", "command"},
      {"recording-gib", "The most that recordings waiting for the network may take on this disk, in GiB.", "n", "4"},
      {"windowed", "A window instead of the full screen."},
      {"size", "Size of the window, e.g. 1280x800.", "WxH", "1920x1080"},
      {"language", "zh or en.", "language", "zh"},
      {"allow-plugins", "Start even though the environment names foreign code. For tests only."},
  });
  // "--windowed 1280x800" reads naturally: the size may follow as a bare word.
  parser.addPositionalArgument("size", "Size of the window after --windowed.", "[WxH]");
  parser.process(app);

  Options options;
  options.server = QUrl(parser.value("server"), QUrl::StrictMode);
  if (options.server.scheme() != "https" || options.server.host().isEmpty())
    return bad("--server must be an https address, for example --server https://localhost:8443");
  options.data_dir = parser.value("data");
  if (options.data_dir.isEmpty()) return bad("--data DIR is needed: the kiosk keeps its key and journal there");
  options.ca_file = parser.value("ca");
  options.enrol_code = parser.value("enrol");
  options.camera = parser.value("camera");
  options.models_dir = parser.value("models");
  options.id_card = parser.value("id-card");
  if (parser.isSet("id-card"))
    if (const auto line = devices::parseCardLine(options.id_card.toStdString()); !line) return bad("--id-card: " + QString::fromStdString(line.error().detail));
  options.wlt_decoder = QProcess::splitCommand(parser.value("wlt-decoder"));
  if (!options.wlt_decoder.isEmpty()) {
    const QFileInfo program(options.wlt_decoder.first());
    if (!program.isAbsolute() || !program.isFile() || !program.isExecutable()) return bad("--wlt-decoder begins with the absolute path of a program that may be run");
  }
  bool is_number = false;
  options.recording_gib = parser.value("recording-gib").toDouble(&is_number);
  if (!is_number || options.recording_gib < 0.1 || options.recording_gib > 10'000) return bad("--recording-gib is a number of GiB, at least 0.1");
  options.language = parser.value("language");
  if (options.language != "zh" && options.language != "en") return bad("--language is zh or en");
  options.windowed = parser.isSet("windowed");
  const QStringList words = parser.positionalArguments();
  const QStringList size = (words.isEmpty() ? parser.value("size") : words.first()).split('x');
  if (size.size() != 2 || size[0].toInt() < 800 || size[1].toInt() < 600 || words.size() > 1)
    return bad("the window size is WIDTHxHEIGHT, at least 800x600");
  options.window = QSize(size[0].toInt(), size[1].toInt());
  return options;
}

}  // namespace invigil::kiosk
