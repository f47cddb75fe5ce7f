import { contextBridge, ipcRenderer } from 'electron';
import {
  CALL_NAMES,
  type CcflareBridge,
  callChannel,
  PUSH_NAMES,
  pushChannel,
} from '../shared/ipc/channels.ts';

/** Two functions and nothing else: known names only, and Electron's event object never reaches the page. */
const bridge: CcflareBridge = {
  call(name, argument) {
    if (!CALL_NAMES.includes(name)) return Promise.reject(new Error('unknown call'));
    return ipcRenderer.invoke(callChannel(name), argument);
  },
  subscribe(name, listener) {
    if (!PUSH_NAMES.includes(name)) throw new Error('unknown event');
    const receive = (_event: unknown, payload: unknown): void => listener(payload);
    ipcRenderer.on(pushChannel(name), receive);
    return () => {
      ipcRenderer.off(pushChannel(name), receive);
    };
  },
};

contextBridge.exposeInMainWorld('ccflare', bridge);
