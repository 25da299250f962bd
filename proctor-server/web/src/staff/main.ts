// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import '../shared/base.css';
import './elements';
import './staff.css';
import { createApp } from 'vue';
import { language, setLanguage } from '../shared/language';
import App from './App.vue';
import { useElements } from './elements';
import { recallSession } from './session';

setLanguage(language.value);
const app = createApp(App);
useElements(app);
app.mount('#app');
void recallSession();
