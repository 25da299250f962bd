// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>

#include "invigil/devices/card_photo.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "invigil/devices/simulated_sam.hpp"

namespace {

constexpr const char* kUsage =
    "usage: invigil-simface --identity N --out FILE.jpg [--size WxH] [--yaw DEG] [--pitch DEG] [--roll DEG]\n"
    "                       [--eyes-closed 0..1] [--light GAIN] [--light-side -1..1] [--distance D]\n"
    "       invigil-simface --decode-card-photo\n"
    "Draws one picture of a simulated candidate (no real person) as JPEG. Default size 480x640, a portrait.\n"
    "The second form is the decoder of simulated ID cards: 1024 bytes on stdin, a PNG of 102x126 on stdout.\n";

int decodeCardPhoto() {
  using namespace invigil;
  Bytes photo(devices::kCardPhotoBytes + 1);
  photo.resize(std::fread(photo.data(), 1, photo.size(), stdin));
  const int identity = devices::simulatedIdentity(photo);
  if (identity < 1 || identity > devices::kFaceIdentities) return std::fputs("invigil-simface: not the photo of a simulated card\n", stderr), 1;
  const auto png = devices::encodePng(devices::drawFace({.identity = identity, .distance = 0.85}, 102, 126));
  if (!png || std::fwrite(png->data(), 1, png->size(), stdout) != png->size()) return 1;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace invigil;
  devices::FaceScene scene;
  std::string out;
  int width = 480, height = 640;
  double identity = 1;
  const std::map<std::string, double*> numbers{{"--identity", &identity},
                                               {"--yaw", &scene.yaw},
                                               {"--pitch", &scene.pitch},
                                               {"--roll", &scene.roll},
                                               {"--eyes-closed", &scene.eye_closed},
                                               {"--light", &scene.light},
                                               {"--light-side", &scene.light_side},
                                               {"--distance", &scene.distance}};
  auto usage = [](const char* why) {
    std::fprintf(stderr, "invigil-simface: %s\n%s", why, kUsage);
    return 2;
  };
  if (argc == 2 && std::strcmp(argv[1], "--decode-card-photo") == 0) return decodeCardPhoto();
  for (int i = 1; i < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--help") return std::fputs(kUsage, stdout), 0;
    if (i + 1 >= argc) return usage(("no value for " + name).c_str());
    const std::string value = argv[i + 1];
    if (name == "--out") {
      out = value;
    } else if (name == "--size") {
      if (std::sscanf(value.c_str(), "%dx%d", &width, &height) != 2 || width < 64 || height < 64 || width > 4000 ||
          height > 4000)
        return usage("--size wants WxH, 64 to 4000");
    } else if (auto number = numbers.find(name); number != numbers.end()) {
      const auto read = std::from_chars(value.data(), value.data() + value.size(), *number->second);
      if (read.ec != std::errc{} || read.ptr != value.data() + value.size())
        return usage((name + " wants a number").c_str());
    } else {
      return usage(("unknown option " + name).c_str());
    }
  }
  if (out.empty()) return usage("--out is missing");
  if (identity < 1 || identity > devices::kFaceIdentities) return usage("--identity wants 1 to 8");
  scene.identity = static_cast<int>(identity);
  const auto jpeg = vision::encodeJpeg(devices::drawFace(scene, width, height), 92);
  if (!jpeg) return std::fprintf(stderr, "invigil-simface: %s\n", jpeg.error().detail.c_str()), 1;
  const auto written = writeFileDurably(out, {reinterpret_cast<const char*>(jpeg->data()), jpeg->size()});
  if (!written) return std::fprintf(stderr, "invigil-simface: %s\n", written.error().detail.c_str()), 1;
  return 0;
}
