// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { commonMessages } from './messages';
import { ApiError } from './errors';

const kLongestSide = 1280;
const kQuality = 0.9;

/** EXIF orientation 1..8 of a JPEG, 1 when it has none. */
export function orientationOf(bytes: DataView): number {
  if (bytes.byteLength < 4 || bytes.getUint16(0) !== 0xffd8) return 1;
  let at = 2;
  while (at + 10 < bytes.byteLength) {
    const marker = bytes.getUint16(at);
    if (marker === 0xffe1 && bytes.getUint32(at + 4) === 0x45786966) return orientationInTiff(bytes, at + 10);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return 1;
    at += 2 + bytes.getUint16(at + 2);
  }
  return 1;
}

function orientationInTiff(bytes: DataView, tiff: number): number {
  if (tiff + 8 > bytes.byteLength) return 1;
  const little = bytes.getUint16(tiff) === 0x4949;
  const directory = tiff + bytes.getUint32(tiff + 4, little);
  if (directory + 2 > bytes.byteLength) return 1;
  const entries = bytes.getUint16(directory, little);
  for (let n = 0; n < entries; n++) {
    const entry = directory + 2 + n * 12;
    if (entry + 10 > bytes.byteLength) return 1;
    if (bytes.getUint16(entry, little) === 0x0112) return bytes.getUint16(entry + 8, little);
  }
  return 1;
}

function loaded(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.onerror = () => reject(new ApiError(0, 'photo_unreadable', commonMessages.photoUnreadable));
    image.src = url;
  });
}

function jpegOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new ApiError(0, 'photo_unreadable', commonMessages.photoUnreadable))),
      'image/jpeg',
      kQuality,
    ),
  );
}

// Browsers before 2020 (Chrome < 81) draw a picture as it lies in the file; newer ones turn it by themselves.
function turnsByItself(): boolean {
  return 'imageOrientation' in document.documentElement.style;
}

function drawn(source: CanvasImageSource, width: number, height: number, orientation: number): HTMLCanvasElement {
  const scale = Math.min(1, kLongestSide / Math.max(width, height));
  const w = Math.round(width * scale);
  const h = Math.round(height * scale);
  const canvas = document.createElement('canvas');
  const lying = orientation >= 5;
  canvas.width = lying ? h : w;
  canvas.height = lying ? w : h;
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  pen.fillStyle = '#ffffff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const turns: Record<number, [number, number, number, number, number, number]> = {
    2: [-1, 0, 0, 1, w, 0], 3: [-1, 0, 0, -1, w, h], 4: [1, 0, 0, -1, 0, h], 5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, h, 0], 7: [0, -1, -1, 0, h, w], 8: [0, -1, 1, 0, 0, w],
  };
  const turn = turns[orientation];
  if (turn) pen.setTransform(...turn);
  pen.drawImage(source, 0, 0, w, h);
  return canvas;
}

/** A chosen file as an upright JPEG of at most 1280 px. Throws ApiError photo_unreadable. */
export async function jpegFromFile(file: Blob): Promise<Blob> {
  const url = URL.createObjectURL(file);
  try {
    const image = await loaded(url);
    const orientation = turnsByItself() ? 1 : orientationOf(new DataView(await bytesOf(file)));
    return await jpegOf(drawn(image, image.naturalWidth, image.naturalHeight, orientation));
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** The frame a camera shows now. Not mirrored, unlike what the person sees. */
export function jpegFromVideo(video: HTMLVideoElement): Promise<Blob> {
  return jpegOf(drawn(video, video.videoWidth, video.videoHeight, 1));
}

function bytesOf(file: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(new ApiError(0, 'photo_unreadable', commonMessages.photoUnreadable));
    reader.readAsArrayBuffer(file.slice(0, 256 * 1024));
  });
}
