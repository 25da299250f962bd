// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { post } from '../../shared/api';
import { ApiError } from '../../shared/errors';
import type { Wire } from '../../shared/types';
import { pictureMessages } from './messages';

export const kPictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const kPictureBytesMax = 5 * 1024 * 1024;
const kByEnding: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' };

/** Stores a picture. Throws ApiError: what is wrong with it, or the server's reason. @return its name. */
export async function storePicture(file: File): Promise<string> {
  const type = file.type || kByEnding[file.name.split('.').pop()?.toLowerCase() ?? ''] || '';
  if (!kPictureTypes.includes(type)) throw new ApiError(0, 'media_not_a_picture', pictureMessages.notAPicture, 'picture');
  if (file.size > kPictureBytesMax) throw new ApiError(0, 'media_too_large', pictureMessages.pictureTooLarge, 'picture');
  return (await post<Wire<'MediaStored'>>('/bank/media', new Blob([file], { type }))).name;
}

/** The element for a stored picture; its description is the file's name until a person writes a better one. */
export function pictureMarkup(name: string, fileName: string): string {
  const alt = fileName.replace(/\.[A-Za-z0-9]+$/, '').replace(/[&<>"]/g, ' ').trim().slice(0, 100);
  return `<img src="media:${name}" alt="${alt}">`;
}
