// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMutex>
#include <QThread>
#include <QWaitCondition>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "eyes.hpp"
#include "invigil/devices/camera.hpp"
#include "invigil/recording/recorder.hpp"
#include "invigil/vision/face_admission.hpp"
#include "invigil/vision/frame_memory.hpp"

namespace invigil::kiosk {

/// Eyes on a real (or drawn) camera: one thread owns camera and engine.
class CameraEyes final : public Eyes {
  Q_OBJECT
 public:
  /// Where sealed segments wait for the network, and how much they may take.
  struct Desk {
    QString dir;
    recording::DiskRules disk;
  };
  using Opener = std::function<Result<std::unique_ptr<devices::CameraSource>>()>;
  /// @param camera  as devices::openCamera  @param models_dir  may be empty
  CameraEyes(QString camera, QString models_dir, Desk desk, QObject* parent = nullptr);
  /// @param open  instead of devices::openCamera(camera), for tests; called by the worker thread
  CameraEyes(QString camera, QString models_dir, Desk desk, Opener open);
  ~CameraEyes() override;

  bool isReady() const override;
  bool hasCamera() const override;
  bool shouldSee() const override;
  bool canVerify() const override;
  QString kind() const override;
  QString detector() const override;
  QString verifier() const override;
  QString verifierHash() const override;
  QJsonObject engine() const override;
  QJsonObject device() const override;
  void off() override;
  void scan() override;
  void watch() override;
  void checkFace(const QByteArrayList& references, const FaceRules& rules) override;
  void guard(const GuardRules& rules) override;
  void record(const SittingRecording& rules) override;
  void remember(const QByteArrayList& references) override;
  void forgetPerson() override;
  void forgetFilms() override;
  QByteArray capture() const override;

 private:
  enum class Mode { Off, Scan, Watch, Face, Guard, Quit };
  struct Order {
    Mode mode = Mode::Off;
    QByteArrayList references;
    FaceRules rules;
    GuardRules guard;
    bool watches = false;  ///< Guard: over the person, not only for the recording
    int number = 0;  ///< changes with every order
  };

  void order(Mode mode, const QByteArrayList& references = {}, const FaceRules& rules = {});
  Order current() const;
  void work();
  void tendMemory();
  void warmUp();
  std::unique_ptr<devices::CameraSource> open(Mode mode);
  bool rightDevice(const devices::CameraSource& camera);
  void follow(const Order& order);
  vision::Reference describe(const QByteArrayList& photos);
  void checkOnce(const Order& order, devices::CameraSource& camera);
  void guardSitting(const Order& order, std::unique_ptr<devices::CameraSource>& camera);
  void followRecording();
  void show(const vision::Frame& frame);
  void readCode(const vision::Frame& frame);

  const QString spec_, models_dir_;
  const Desk desk_;
  const Opener open_camera_;
  mutable QMutex mutex_;
  QWaitCondition changed_;
  Order order_;
  bool has_camera_ = false, ready_ = false;
  bool expected_ = false;      ///< the face check admitted who sits here: there was a camera
  QString kind_;
  devices::DeviceIdentity device_;
  std::optional<devices::DeviceIdentity> held_;  ///< with which this visit's face was checked, or which has watched since
  vision::EngineInfo info_;
  vision::Frame newest_;
  vision::Embedding person_;   ///< of whom the last face check accepted; in memory only
  QByteArrayList remembered_;  ///< photos of who should sit here after a restart, until they are described
  std::unique_ptr<vision::FaceEngine> engine_;   ///< worker thread only, after warmUp()
  vision::FrameMemory memory_;                   ///< worker thread only
  std::atomic<bool> left_{false}, withdrew_{false};  ///< what memory_ does not know yet
  SittingRecording recording_;                   ///< as ordered
  SittingRecording recorded_;                    ///< as it runs; worker thread only, as is
  std::unique_ptr<recording::Recorder> recorder_;
  std::optional<milliseconds> desk_again_;       ///< the disk has taken no folder for it: when to try again
  std::atomic<bool> picture_pending_{false};
  QString last_code_;
  std::unique_ptr<QThread> thread_;
};

}  // namespace invigil::kiosk
