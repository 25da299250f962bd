// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/devices/camera.hpp"

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>
#include <vector>

#include "sources.hpp"

namespace invigil::devices {
namespace {

struct VideoDevice {
  int index;
  DeviceIdentity identity;
};

/// "046d:0825" of the USB device that /dev/video<index> belongs to; empty when there is none.
std::string usbId(int index) {
  const std::string folder = "/sys/class/video4linux/video" + std::to_string(index) + "/device/../";
  std::string id;
  for (const char* part : {"idVendor", "idProduct"}) {
    std::ifstream file(folder + part);
    std::string word;
    if (!(file >> word)) return {};
    id += (id.empty() ? "" : ":") + word;
  }
  return id;
}

std::string text(const __u8* field, std::size_t size) {
  const auto* begin = reinterpret_cast<const char*>(field);
  return {begin, strnlen(begin, size)};
}

// A web camera also announces a metadata node that gives no pictures; only the driver can tell them apart.
std::vector<VideoDevice> videoDevices() {
  std::vector<VideoDevice> found;
  for (int index = 0; index < 32; ++index) {
    const std::string path = "/dev/video" + std::to_string(index);
    const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) continue;
    v4l2_capability able{};
    const bool asked = ::ioctl(fd, VIDIOC_QUERYCAP, &able) == 0;
    ::close(fd);
    if (!asked) continue;
    const auto caps = able.capabilities & V4L2_CAP_DEVICE_CAPS ? able.device_caps : able.capabilities;
    if (caps & V4L2_CAP_VIDEO_CAPTURE) found.push_back({index, {text(able.card, sizeof able.card), text(able.driver, sizeof able.driver), text(able.bus_info, sizeof able.bus_info), usbId(index)}});
  }
  return found;
}

class DeviceCamera final : public CameraSource {
 public:
  DeviceCamera(cv::VideoCapture capture, DeviceIdentity identity) : capture_(std::move(capture)), identity_(std::move(identity)) {}
  std::string kind() const override { return "camera"; }
  std::string name() const override { return identity_.name; }
  DeviceIdentity device() const override { return identity_; }
  Result<vision::Frame> grab() override {
    try {
      cv::Mat picture;
      if (capture_.read(picture) && picture.type() == CV_8UC3) return frameOf(picture, clock_.monotonic());
    } catch (const cv::Exception&) {
    }
    return fail(ErrorCode::Unavailable, "camera_lost", "the camera " + identity_.name + " gives no more pictures", "camera.cpp");
  }

 private:
  cv::VideoCapture capture_;
  DeviceIdentity identity_;
  SystemClock clock_;
};

Result<std::unique_ptr<CameraSource>> openDevice(const VideoDevice& device) {
  try {
    // The thresholds were measured at 640x480, the size every web camera has. OpenCV's timeouts among these properties are FFmpeg's: with
    // one that V4L2 does not know it closes the device again.
    cv::VideoCapture capture(device.index, cv::CAP_V4L2, {cv::CAP_PROP_FRAME_WIDTH, 640, cv::CAP_PROP_FRAME_HEIGHT, 480});
    if (!capture.isOpened()) capture.open(device.index, cv::CAP_V4L2);
    cv::Mat first;
    if (capture.isOpened() && capture.read(first) && !first.empty()) {
      capture.set(cv::CAP_PROP_BUFFERSIZE, 1);
      return std::make_unique<DeviceCamera>(std::move(capture), device.identity);
    }
  } catch (const cv::Exception&) {
  }
  return fail(ErrorCode::Unavailable, "no_camera", "/dev/video" + std::to_string(device.index) + " gives no picture",
              "camera.cpp");
}

}  // namespace

vision::Frame frameOf(const cv::Mat& picture, milliseconds at) {
  vision::Frame frame{picture.cols, picture.rows, {}, at};
  frame.bgr.reserve(picture.total() * 3);
  for (int row = 0; row < picture.rows; ++row)
    frame.bgr.insert(frame.bgr.end(), picture.ptr(row), picture.ptr(row) + picture.cols * 3);
  return frame;
}

void limitCameraWaits() { ::setenv("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "1", 0); }

bool anyCameraPresent() { return !videoDevices().empty(); }

Result<std::unique_ptr<CameraSource>> openCamera(const std::string& spec, bool paced) {
  if (spec == "auto") {
    std::string tried;
    for (const auto& device : videoDevices()) {
      auto camera = openDevice(device);
      if (camera) return camera;
      tried += (tried.empty() ? "" : "; ") + camera.error().detail;
    }
    return fail(ErrorCode::Unavailable, "no_camera", tried.empty() ? "no camera is connected" : tried, "camera.cpp");
  }
  if (spec.starts_with("device:")) {
    int index = -1;
    const char* end = spec.data() + spec.size();
    const auto read = std::from_chars(spec.data() + 7, end, index);
    if (read.ec == std::errc{} && read.ptr == end && index >= 0) {
      for (const auto& device : videoDevices())
        if (device.index == index) return openDevice(device);
      return fail(ErrorCode::Unavailable, "no_camera", "/dev/video" + std::to_string(index) + " is no camera",
                  "camera.cpp");
    }
  }
  if (spec.starts_with("file:") && spec.size() > 5) return openFiles(spec.substr(5), paced);
  if (spec.starts_with("simulated:")) return openSimulated(spec.substr(10), paced);
  return fail(ErrorCode::InvalidInput, "bad_camera_spec",
              "'" + spec + "' is not auto, device:N, file:PATH or simulated:IDENTITY", "camera.cpp");
}

}  // namespace invigil::devices
