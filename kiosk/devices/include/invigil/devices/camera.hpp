// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "invigil/base/result.hpp"
#include "invigil/vision/frame.hpp"

namespace invigil::devices {

/// What the system says a camera is. A virtual camera names its own driver ("v4l2 loopback"), which is why admission goes by
/// a list of drivers and, where a site wants it, of USB ids.
struct DeviceIdentity {
  std::string name;
  std::string driver;  ///< "uvcvideo" for USB cameras; empty = no device
  std::string bus;     ///< "usb-0000:00:14.0-1"
  std::string usb_id;  ///< "046d:0825"; empty when it hangs on no USB
};

/// A running source of pictures. One thread at a time; closed by destruction.
class CameraSource {
 public:
  virtual ~CameraSource() = default;
  /// "camera", "file" or "simulated"; only a demonstration accepts the last two.
  virtual std::string kind() const = 0;
  /// For people: the device's name, the path, "simulated candidate 1".
  virtual std::string name() const = 0;
  /// Blocks until the next frame, at most about one second. Errors: Unavailable no_camera, camera_lost, picture_skipped (one picture of
  /// a folder cannot be read, detail names it; its moment is over, and the next grab gives the next picture).
  virtual Result<vision::Frame> grab() = 0;
  /// How often a file or folder had begun anew when the last grab was made; 0 for what has no end: a camera, a drawn candidate.
  /// The first frame of round 1 comes at the moment that is the length of the source; one picture is a round with every grab.
  virtual int rounds() const { return 0; }
  /// A sentence where a film ended well before the length that it names itself, because the file is cut off or damaged; known from round 1
  /// on. Empty: it did not, or names no length.
  virtual std::string brokeOff() const { return {}; }
  virtual DeviceIdentity device() const { return {name(), {}, {}, {}}; }
  /// What the screen asks the person for now (vision::actionName), empty = nothing. Only a drawn candidate hears it.
  virtual void prompt(std::string_view action) { (void)action; }
  /// The colour of the whole screen in front of the person, 0..1 each; a negative red = its usual one.
  virtual void screen(double red, double green, double blue) { (void)red, (void)green, (void)blue; }
};

/// @param spec  "auto"                 the first V4L2 camera that gives a picture
///              "device:0"             /dev/video0
///              "file:PATH"            a video, one picture, or a folder of pictures in name order (f_2 before f_10); looped
///              "simulated:IDENTITY"   a drawn candidate, identity 1..8, 15 frames a second
///              "simulated:IDENTITY,pose=scripted"  the same, turning left, right, up, down in a 20 s loop
///              and, after further commas: "light=0.3", "distance=2", "fps=0" (no waiting, for tests), "seed=7" (how
///              quickly and how far the candidate does what is asked; without one every opening is another visit, a little
///              elsewhere in the picture), "clumsy=0.1" (share of prompts misunderstood),
///              "attack=NAME": print, sheet, bent, cutout, replay, two, virtual (attacks.hpp), "order=a+b+c" (of replay)
/// @param paced  false: files and drawn candidates do not wait for the moment of their next frame; Frame::at tells it all the same
/// Errors: InvalidInput bad_camera_spec; NotFound no_such_file; Unavailable no_camera.
Result<std::unique_ptr<CameraSource>> openCamera(const std::string& spec, bool paced = true);

/// Makes grab() of a device give up after the second that it promises; by itself OpenCV waits ten for a camera that hangs. Sets the
/// environment, where another time that stands there already stays: to be called first in main(), before there are threads.
void limitCameraWaits();

/// True when a V4L2 device that can capture exists; opens none.
bool anyCameraPresent();

}  // namespace invigil::devices
