// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// chrome64 is the oldest browser with import.meta, which Vite's modules need. No inline script is written, so that
// the server's Content-Security-Policy can stay `default-src 'self'`.
export default defineConfig({
  plugins: [vue()],
  build: {
    target: ['chrome64', 'safari12', 'firefox68'],
    cssTarget: ['chrome64'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rollupOptions: {
      input: { booking: here('index.html'), manage: here('m.html'), staff: here('staff/index.html') },
    },
  },
  server: { proxy: { '/api': { target: process.env.INVIGIL_API ?? 'https://localhost:8443', secure: false } } },
});
